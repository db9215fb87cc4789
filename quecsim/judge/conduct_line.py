"""The line itself: were both ends set alike, and could the device speak at all?"""

from collections.abc import Callable, Iterable
from typing import Any

from quecsim.judge.conduct_rules import Breach, breach
from quecsim.trace import event as ev
from quecsim.uart.port_kind import port_kind
from quecsim.units import S

_MOST_BREACHES = 100
_RTS_CTS = 2  # the value of AT+IFC
_NO_WIRES = "it waits for its CTS (AT+IFC=2), and RTS and CTS are not connected"


class LineWatch:
    """`is_lossless`: a port on which nothing is lost, so whoever has no room makes others wait."""

    def __init__(self) -> None:
        self.is_lossless = False
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Start: self._on_start,
            ev.HostBytes: self._on_host_bytes,
            ev.CommandLine: self._on_command_line,
            ev.Result: self._on_result,
            ev.LineMismatch: self._on_mismatch,
            ev.DeviceLine: self._on_device_line,
            ev.Power: self._on_power,
        }
        self._found: list[Breach] = []
        self._sent = 0
        self._is_asked = False  # a command line was read, and not answered
        self._answered_ns = -1
        self._has_wires = True
        self._silent_ns: int | None = None  # since when it waits for a CTS that nobody drives
        self._silences: list[tuple[int, int]] = []  # those before

    def breaches(self) -> list[Breach]:
        """What was wrong about the line, in order of time."""
        return list(self._found)

    def was_silent(self, at_ns: int) -> bool:
        """The device could say nothing then, for want of wires."""
        if self._silent_ns is not None and at_ns >= self._silent_ns:
            return True
        return any(since_ns <= at_ns < until_ns for since_ns, until_ns in self._silences)

    @property
    def silence(self) -> str:
        """Why it has been silent, if it is, and since when."""
        if self._silent_ns is None:
            return ""
        return f"the device has said nothing since {self._silent_ns / S:.3f} s: {_NO_WIRES}"

    def _on_start(self, event: ev.Start) -> None:
        config = event.config
        kind = port_kind(event.port, is_unlimited=bool(config.get("is_unlimited")))
        self.is_lossless = kind.is_lossless
        self._has_wires = bool(config.get("has_wires", True)) or kind.is_lossless
        self._follow(event.at_ns, config.get("ifc"))

    def _on_host_bytes(self, event: ev.HostBytes) -> None:
        self._sent = event.offset + len(event.data)

    def _on_command_line(self, _event: ev.CommandLine) -> None:
        self._is_asked = True

    def _on_result(self, event: ev.Result) -> None:
        self._is_asked, self._answered_ns = False, event.at_ns

    def _on_mismatch(self, event: ev.LineMismatch) -> None:
        if event.sender == "host":
            offset = max(0, self._sent - 1)
            what = f"the host sent at {event.host}, the device listened at {event.device}"
        elif self._is_asked or self._answered_ns == event.at_ns:
            offset = None
            what = f"the device answered at {event.device}, the host listened at {event.host}"
        else:  # it may set its port as late as with its first byte
            return
        effect = "the bytes were garbled" if event.garbled else "a real line garbles that"
        self._add(breach("line-mismatch", event.at_ns, f"{what}: {effect}", offset=offset))

    def _on_device_line(self, event: ev.DeviceLine) -> None:
        was_silent = self._silent_ns is not None
        self._follow(event.at_ns, event.ifc)
        if self._silent_ns is not None and not was_silent:
            what = f"the host has silenced the device: {_NO_WIRES}"
            self._add(breach("flow-without-wires", event.at_ns, what))

    def _on_power(self, event: ev.Power) -> None:
        if event.state in ("off", "booting"):
            self._is_asked = False

    def _follow(self, at_ns: int, ifc: Iterable[int] | None) -> None:
        """The device's flow control is `ifc` from now on, if that is known."""
        if ifc is None or self._has_wires:
            return
        if next(iter(ifc)) == _RTS_CTS:
            self._silent_ns = at_ns if self._silent_ns is None else self._silent_ns
        elif self._silent_ns is not None:
            self._silences = [*self._silences[-_MOST_BREACHES:], (self._silent_ns, at_ns)]
            self._silent_ns = None

    def _add(self, found: Breach) -> None:
        if len(self._found) < _MOST_BREACHES:
            self._found.append(found)


def line_breaches(events: Iterable[ev.Event]) -> list[Breach]:
    """What was wrong about the line in a run: without that, nothing else says anything of it."""
    watch = LineWatch()
    for event in events:
        if (handle := watch.handlers.get(type(event))) is not None:
            handle(event)
    return watch.breaches()
