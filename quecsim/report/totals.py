"""Sums over the whole run: bytes by place, flash work, the time the host was held back."""

from collections import Counter

from quecsim.report.model import Counters, Flash
from quecsim.trace.event import FlashBusy, HostHeld, Stall

_OWN = ("sent", "stored", "lost", "eaten")


class ByteTotals:
    """Every byte of the host's stream, by place."""

    def __init__(self) -> None:
        self.sent = 0
        self.stored = 0
        self.eaten = 0
        self.inserted = 0
        self.forwarded = 0
        self.lost: Counter[str] = Counter()

    def counters(self, ledger: dict[str, int] | None) -> Counters:
        """The counts; `ledger` are the device's own (`Rig.counters`), which must be the same."""
        total = self.lost.total()
        gone = self.stored + self.forwarded + self.eaten + total
        in_flight = self.sent + self.inserted - gone
        mine = {"sent": self.sent, "stored": self.stored, "lost": total, "eaten": self.eaten}
        agrees = ledger is None or all(ledger[name] == mine[name] for name in _OWN)
        return Counters(
            **mine,
            in_flight=in_flight,
            lost_by_cause=dict(sorted(self.lost.items())),
            holds=in_flight >= 0 and agrees,
            inserted=self.inserted,
            forwarded=self.forwarded,
        )


class FlashTotals:
    """What kept the device busy."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._busy_ns = self._longest_ns = self._stalls = self._stall_ns = 0

    def work(self, event: FlashBusy) -> None:
        """The flash worked."""
        duration_ns = event.until_ns - event.at_ns
        self._kinds.update(kind for kind, *_ in event.ops)
        self._busy_ns += duration_ns
        self._longest_ns = max(self._longest_ns, duration_ns)

    def stall(self, event: Stall) -> None:
        """The scenario added a stall."""
        self._stalls += 1
        self._stall_ns += event.until_ns - event.at_ns

    def flash(self) -> Flash:
        """For the report."""
        return Flash(
            erases=self._kinds["erase"],
            programs=self._kinds["program"],
            busy_ns=self._busy_ns,
            longest_ns=self._longest_ns,
            stalls=self._stalls,
            stall_ns=self._stall_ns,
        )


class HeldTime:
    """How long flow control has held the host back."""

    def __init__(self) -> None:
        self._total_ns = 0
        self._since_ns: int | None = None

    def note(self, event: HostHeld) -> None:
        """The host stops, or goes on."""
        self._total_ns = self.at(event.at_ns)
        self._since_ns = event.at_ns if event.held else None

    def at(self, now_ns: int) -> int:
        """The sum up to `now_ns`."""
        open_ns = 0 if self._since_ns is None else now_ns - self._since_ns
        return self._total_ns + open_ns
