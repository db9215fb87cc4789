"""What a board's real line shows: what its adapter lost by itself, and how soon the board stops."""

from collections.abc import Callable
from typing import Any

from quecsim.report.model import Advice, RealLine
from quecsim.report.origin import origin_of
from quecsim.trace import event as ev

_UART = "UART at "


class RealLineTotals:
    """Sums over the run; `told` is None where the line was none of wires."""

    def __init__(self) -> None:
        self._is_there = False
        self._first_ns = 0  # of the first error
        self._overruns = self._framing = self._parity = self._damaged = 0
        self._stops = self._most_after = self._least_room = self._lost_after = 0
        self._stop: _Stop | None = None
        self._stop_ns = 0
        self._ring_bytes = 0
        self._line = ""  # the device's end
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Start: self._on_start,
            ev.DeviceLine: self._on_device_line,
            ev.AdapterErrors: self._on_errors,
            ev.Rts: self._on_rts,
            ev.RingLevel: self._on_level,
            ev.Lost: self._on_lost,
        }

    @property
    def told(self) -> RealLine | None:
        """What is known by now."""
        if not self._is_there:
            return None
        return RealLine(
            overruns=self._overruns,
            framing=self._framing,
            parity=self._parity,
            damaged=self._damaged,
            stops=self._stops,
            most_after=self._most_after,
            least_room=self._least_room,
            lost_after=self._lost_after,
        )

    def advice(self) -> list[Advice]:
        """What to do about it."""
        told = []
        if self._overruns:
            times = "once" if self._overruns == 1 else f"{self._overruns} times"
            seen = (
                f"the adapter lost bytes of the board's {times} (overrun), and the device never "
                "had them"
            )
            advice = (
                "do not judge the board by this run; use another adapter or USB port, a lower "
                "rate, or RTS/CTS"
            )
            told.append(_advice("adapter-overrun", seen, advice, self._first_ns))
        if errors := max(self._framing + self._parity, self._damaged):
            word = "byte" if errors == 1 else "bytes"
            seen = f"{errors} {word} came damaged over the board's line (framing or parity)"
            advice = (
                f"set the board to {self._line or 'what the device has'}, or look at the wires, "
                "and at the ground between the two"
            )
            told.append(_advice("adapter-errors", seen, advice, self._first_ns))
        if self._lost_after:
            seen = f"the device took RTS away, and up to {self._most_after} bytes came after that"
            advice = (
                "join the adapter's RTS with the board's CTS, and let the board's UART stop for "
                "it in hardware"
            )
            told.append(_advice("went-on", seen, advice, self._stop_ns))
        return told

    def _on_start(self, event: ev.Start) -> None:
        self._is_there = bool(event.config.get("is_real_line"))
        self._line = origin_of(event).line.removeprefix(_UART)
        self._ring_bytes = int(event.settings.get("ring_bytes", 0))

    def _on_device_line(self, event: ev.DeviceLine) -> None:
        self._line = f"{event.baud} {event.frame}"

    def _on_errors(self, event: ev.AdapterErrors) -> None:
        self._first_ns = self._first_ns or event.at_ns
        self._overruns += event.overruns
        self._framing += event.framing
        self._parity += event.parity
        self._damaged += event.damaged

    def _on_rts(self, event: ev.Rts) -> None:
        if not self._is_there:
            return
        if event.on:
            self._stop = None
            return
        room = self._ring_bytes - event.level
        self._least_room = min(self._least_room, room) if self._stops else room
        self._stops += 1
        self._stop = _Stop(event.level)

    def _on_level(self, event: ev.RingLevel) -> None:
        if self._stop is not None:
            self._stop.peak = max(self._stop.peak, event.level)
            self._most_after = max(self._most_after, self._stop.after)

    def _on_lost(self, event: ev.Lost) -> None:
        if self._stop is not None and event.cause == "ring":
            self._stop_ns = self._stop_ns or event.at_ns
            self._stop.lost += event.count
            self._stop.peak = max(self._stop.peak, event.ring_bytes)
            self._lost_after += event.count
            self._most_after = max(self._most_after, self._stop.after)


def _advice(kind: str, seen: str, advice: str, at_ns: int) -> Advice:
    return Advice(kind=kind, seen=seen, advice=advice, at_ns=at_ns)


class _Stop:
    """While RTS is off: the ring's level then, its highest since, and what it had no room for."""

    def __init__(self, level: int) -> None:
        self.level = self.peak = level
        self.lost = 0

    @property
    def after(self) -> int:
        return self.peak - self.level + self.lost
