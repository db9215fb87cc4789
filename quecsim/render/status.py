"""How a device stands, from the events so far: what the live line and the full screen show of it.

Feed it all events of a run, in their order. It keeps sums and the last of each kind, never events.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from quecsim.render.ring import ring_bytes
from quecsim.trace import event as ev
from quecsim.trace.event import Event

# By AT+IFC: (what stops the device, what the device stops the host with).
_FLOWS = {
    (0, 0): "",
    (1, 1): "XON/XOFF",
    (2, 2): "RTS/CTS",
    (0, 2): "RTS only",
    (2, 0): "CTS only",
}
_STARTS_ANEW = frozenset({"off", "booting", "dead"})
_HOST_FLOWS = {"none": "", "rtscts": "RTS/CTS", "xonxoff": "XON/XOFF"}


@dataclass(slots=True)
class Transfer:
    """Data mode that is open: of which file (or connection), how many bytes it takes (0: until the
    host ends it), and how many of them were stored, or passed on.
    """

    number: int
    command: str
    name: str
    size: int
    taken: int = 0
    is_file: bool = True


@dataclass(frozen=True, slots=True)
class Busy:
    """The processor and its flash are taken from `at_ns` to `until_ns`, and why."""

    at_ns: int
    until_ns: int
    why: str


class Status:
    """A device as it stands. All counts are bytes of the whole run.

    `peak` is the highest level of the ring since `settle` was called last: a ring that was full and
    is empty again between two looks shows all the same.
    """

    def __init__(self) -> None:
        self.now_ns = 0
        self.title = self.power = self.frame = ""
        self.is_serial = True
        self.baud = 0
        self.ifc = (0, 0)
        self.host_line: ev.HostLine | None = None
        self.mismatch: ev.LineMismatch | None = None
        self.capacity = self.level = self.peak = self.most = 0
        self.may_send = True
        self.is_held = False
        self.busy: Busy | None = None
        self.transfer: Transfer | None = None
        self.received = self.sent = self.stored = self.forwarded = 0
        self.lost: Counter[str] = Counter()
        self.losses = 0
        self.last_loss: ev.Lost | None = None
        self.command = self.result = ""
        self._number = 0
        self.has_ended = False
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Start: self._on_start,
            ev.Power: self._on_power,
            ev.HostBytes: self._on_host_bytes,
            ev.HostLine: self._on_host_line,
            ev.DeviceLine: self._on_device_line,
            ev.LineMismatch: self._on_mismatch,
            ev.Sent: self._on_sent,
            ev.CommandLine: self._on_command_line,
            ev.Result: self._on_result,
            ev.DataBegin: self._on_data_begin,
            ev.DataEnd: self._on_data_end,
            ev.Stored: self._on_stored,
            ev.Forwarded: self._on_forwarded,
            ev.RingLevel: self._on_ring_level,
            ev.Rts: self._on_rts,
            ev.HostHeld: self._on_host_held,
            ev.FlashBusy: self._on_flash_busy,
            ev.Stalled: self._on_stalled,
            ev.Lost: self._on_lost,
            ev.End: self._on_end,
        }

    def feed(self, events: Iterable[Event]) -> None:
        """So much more has happened."""
        handlers = self.handlers
        for event in events:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
                self.now_ns = max(self.now_ns, event.at_ns)

    def settle(self) -> bool:
        """`peak` was shown: from here on it is the level. True where that is another number."""
        before, self.peak = self.peak, self.level
        return before != self.peak

    def busy_at(self, now_ns: int) -> Busy | None:
        """What the processor is at, at that time; None: nothing holds it."""
        busy = self.busy
        return busy if busy is not None and now_ns < busy.until_ns else None

    @property
    def lost_bytes(self) -> int:
        """All bytes that are lost."""
        return self.lost.total()

    @property
    def flow(self) -> str:
        """The device's flow control in words; empty without one."""
        return _FLOWS.get(self.ifc, f"IFC {self.ifc[0]},{self.ifc[1]}") if self.is_serial else ""

    @property
    def host_flow(self) -> str:
        """That of the host; empty without one, or where nobody has seen its port yet."""
        return _HOST_FLOWS.get(self.host_line.flow, "") if self.host_line is not None else ""

    @property
    def line(self) -> str:
        """The device's end of the line: `115200 8N1`; the kind of port, where it has no rate."""
        if not self.is_serial:
            return "USB"
        return f"{self.baud or 'auto'} {self.frame}".strip()

    def _on_start(self, event: ev.Start) -> None:
        profile = event.profile
        self.title = event.device if profile is None else profile.title
        self.is_serial = event.port == "uart"
        self.capacity = ring_bytes(event)
        if profile is not None and (uart := profile.uart) is not None:
            self.baud, self.frame, self.ifc = uart.baud, uart.frame, uart.ifc_default
        self._on_asked_line(event.config)

    def _on_asked_line(self, config: dict[str, Any]) -> None:
        """What the scenario has set beside the profile; a record may be anybody's."""
        ipr, ifc = config.get("ipr"), config.get("ifc")
        if isinstance(ipr, int):
            self.baud = ipr
        if isinstance(ifc, list | tuple) and len(ifc) == len(self.ifc):
            self.ifc = (ifc[0], ifc[1])

    def _on_power(self, event: ev.Power) -> None:
        self.power = event.state
        if event.state != "on":
            self.level = 0
        if event.state in _STARTS_ANEW:
            self.busy = self.transfer = None

    def _on_host_bytes(self, event: ev.HostBytes) -> None:
        self.received += len(event.data)

    def _on_host_line(self, event: ev.HostLine) -> None:
        self.host_line = event
        self.mismatch = None

    def _on_device_line(self, event: ev.DeviceLine) -> None:
        self.baud, self.frame, self.ifc = event.baud, event.frame, event.ifc
        self.mismatch = None

    def _on_mismatch(self, event: ev.LineMismatch) -> None:
        self.mismatch = event

    def _on_sent(self, event: ev.Sent) -> None:
        self.sent += len(event.data)

    def _on_command_line(self, event: ev.CommandLine) -> None:
        self.command, self.result = f"AT{event.text}", ""
        self._number = event.number

    def _on_result(self, event: ev.Result) -> None:
        if event.number == self._number:
            self.result = event.text

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        self.transfer = Transfer(event.transfer, event.command, event.name, event.size)

    def _on_data_end(self, _event: ev.DataEnd) -> None:
        self.transfer = None

    def _on_stored(self, event: ev.Stored) -> None:
        self.stored += event.count
        self._take(event.transfer, event.count, is_file=True)

    def _on_forwarded(self, event: ev.Forwarded) -> None:
        self.forwarded += event.count
        self._take(event.transfer, event.count, is_file=False)

    def _take(self, transfer: int, count: int, *, is_file: bool) -> None:
        if self.transfer is not None and self.transfer.number == transfer:
            self.transfer.taken += count
            self.transfer.is_file = is_file

    def _on_ring_level(self, event: ev.RingLevel) -> None:
        self.level = event.level
        self.peak = max(self.peak, event.level)
        self.most = max(self.most, event.level)

    def _on_rts(self, event: ev.Rts) -> None:
        self.may_send = event.on

    def _on_host_held(self, event: ev.HostHeld) -> None:
        self.is_held = event.held

    def _on_flash_busy(self, event: ev.FlashBusy) -> None:
        self.busy = Busy(event.at_ns, event.until_ns, event.why)

    def _on_stalled(self, event: ev.Stalled) -> None:
        self.busy = Busy(event.at_ns, event.until_ns, "a stall")

    def _on_lost(self, event: ev.Lost) -> None:
        self.lost[event.cause] += event.count
        self.losses += 1
        self.last_loss = event

    def _on_end(self, _event: ev.End) -> None:
        self.has_ended = True
