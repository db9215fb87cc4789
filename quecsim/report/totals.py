"""Sums over the whole run: bytes by place, flash work, the time the host was held back."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from quecsim.report.model import Counters, FlashUse
from quecsim.trace.event import (
    CommandLine,
    Eaten,
    FlashBusy,
    Forwarded,
    HostBytes,
    HostHeld,
    Lost,
    Noise,
    Stalled,
    Stored,
    Unseen,
)

_OWN = ("sent", "stored", "lost", "eaten")


class ByteTotals:
    """Every byte of the host's stream, by place; `now_ns` is the time of the newest event."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.sent = 0
        self.stored = 0
        self.eaten = 0
        self.inserted = 0
        self.forwarded = 0
        self.lost: Counter[str] = Counter()
        self.handlers: dict[type, Callable[[Any], None]] = {
            HostBytes: self._on_host_bytes,
            CommandLine: self._on_command_line,
            Stored: self._on_stored,
            Forwarded: self._on_forwarded,
            Eaten: self._on_eaten,
            Lost: self._on_lost,
            Noise: self._on_noise,
            Unseen: self._on_unseen,
        }

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

    def _on_host_bytes(self, event: HostBytes) -> None:
        self.sent = event.offset + len(event.data)

    def _on_command_line(self, event: CommandLine) -> None:
        self.eaten += event.count

    def _on_stored(self, event: Stored) -> None:
        self.stored += event.count

    def _on_forwarded(self, event: Forwarded) -> None:
        self.forwarded += event.count

    def _on_eaten(self, event: Eaten) -> None:
        self.now_ns = max(self.now_ns, event.last_ns)
        self.eaten += event.count

    def _on_lost(self, event: Lost) -> None:
        self.lost[event.cause] += event.count

    def _on_unseen(self, event: Unseen) -> None:
        if event.count:
            self.lost["unseen"] += event.count

    def _on_noise(self, event: Noise) -> None:
        if event.what == "inserted":
            self.inserted += event.count


class FlashTotals:
    """What kept the device busy."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._busy_ns = self._longest_ns = self._stalls = self._stall_ns = 0
        self.handlers: dict[type, Callable[[Any], None]] = {
            FlashBusy: self.work,
            Stalled: self.stall,
        }

    def work(self, event: FlashBusy) -> None:
        """The flash worked."""
        duration_ns = event.until_ns - event.at_ns
        self._kinds.update(kind for kind, *_ in event.ops)
        self._busy_ns += duration_ns
        self._longest_ns = max(self._longest_ns, duration_ns)

    def stall(self, event: Stalled) -> None:
        """The scenario, or a fault, added a stall."""
        self._stalls += 1
        self._stall_ns += event.until_ns - event.at_ns

    def flash(self) -> FlashUse:
        """For the report."""
        return FlashUse(
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
        self.handlers: dict[type, Callable[[Any], None]] = {HostHeld: self.note}

    def note(self, event: HostHeld) -> None:
        """The host stops, or goes on."""
        self._total_ns = self.at(event.at_ns)
        self._since_ns = event.at_ns if event.held else None

    def at(self, now_ns: int) -> int:
        """The sum up to `now_ns`."""
        open_ns = 0 if self._since_ns is None else now_ns - self._since_ns
        return self._total_ns + open_ns
