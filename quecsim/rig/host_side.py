"""What the host does to a rig, and what its UART is like: the inputs of a run, each on record."""

from quecsim.device import Device
from quecsim.device.power import PowerState
from quecsim.rig.config import RigConfig
from quecsim.rig.far_end import FarEnd, device_line_text
from quecsim.rig.flow_signal import FlowSignal
from quecsim.rig.inbound import Inbound
from quecsim.rig.moment import Moment
from quecsim.trace.event import (
    AdapterErrors,
    ClockStopped,
    HostClosed,
    HostFlushed,
    HostOpened,
    HostUnread,
    SendDropped,
)
from quecsim.trace.recorder import Recorder
from quecsim.uart.rate import Rate
from quecsim.uart.sender import Sender

XON_XOFF = b"\x11\x13"


class HostSide:
    """The host's half of `Rig`, which owns the parts and says what follows an input."""

    config: RigConfig
    device: Device
    moment: Moment
    _far: FarEnd
    _hold: FlowSignal
    _inbound: Inbound
    _tx: Sender
    _record: Recorder
    _host_queue_bytes: int

    def _come_in(self, now_ns: int) -> None:
        """Something comes from outside, after all that is due by now."""
        raise NotImplementedError

    def _apply_flow(self, now_ns: int) -> None:
        raise NotImplementedError

    def _follow_device(self) -> None:
        raise NotImplementedError

    def _turn_line(self) -> None:
        raise NotImplementedError

    @property
    def wants_input(self) -> bool:
        """The far UART's queue is short enough to take more from the host."""
        return self._far.tx.queued < self._host_queue_bytes

    @property
    def input_room(self) -> int:
        """How many more bytes the far UART's queue has room for."""
        return self._host_queue_bytes - self._far.tx.queued

    @property
    def host_queued(self) -> int:
        """How many bytes the far UART has still to send."""
        return self._far.tx.queued

    @property
    def is_host_held(self) -> bool:
        """The host has bytes that flow control keeps it from sending."""
        return self._far.is_held

    @property
    def host_flow(self) -> str:
        """The flow control that the host's end has now: none, rtscts or xonxoff."""
        return self._far.port_flow

    @property
    def driver_keeps(self) -> bytes:
        """What the host's driver takes out of what arrives: XON and XOFF, where it obeys them."""
        return XON_XOFF if self._far.port_flow == "xonxoff" else b""

    @property
    def line_byte_ns(self) -> int:
        """How long a byte takes at the device's rate."""
        return self._tx.rate.span_ns(1)

    @property
    def line_rate(self) -> Rate:
        """How fast the device sends and listens now; after AT+IPR once its reply has left."""
        return self._tx.rate

    @property
    def line_text(self) -> str:
        """The device's end of the line in words."""
        return device_line_text(self.device, self._tx.rate)

    @property
    def is_quiet(self) -> bool:
        """Nothing moves on the line and the device waits for the host."""
        return not self._far.tx.queued and not self._tx.queued and self.device.is_idle

    def host_port(self, now_ns: int, *, is_open: bool) -> None:
        """A host opens the port, or the last one closes it."""
        self._come_in(now_ns)
        self._record.add(HostOpened(now_ns) if is_open else HostClosed(now_ns))

    def host_write(self, now_ns: int, data: bytes) -> None:
        """The host hands `data` to its UART."""
        if not self.moment.is_same_write(now_ns):
            self._come_in(now_ns)
        self.moment.come_in(is_write=True)
        self._far.write(now_ns, data)

    def host_line(self, now_ns: int, baud: int, frame: str, flow: str) -> None:
        """The host sets its end of the line; `flow` is none, rtscts or xonxoff. Without a `frame`
        (and `baud` 0) it is as the device's, whatever becomes of that.
        """
        self._come_in(now_ns)
        self._far.set_line(now_ns, baud, frame, flow)
        self._apply_flow(now_ns)

    def host_ready(self, now_ns: int, *, ready: bool) -> None:
        """The host can take bytes from the device, or cannot."""
        self._come_in(now_ns)
        if self._far.set_ready(now_ns, ready=ready):
            self._apply_flow(now_ns)

    def host_rts(self, now_ns: int, *, is_on: bool) -> None:
        """The host switches its RTS by hand: may the device send?"""
        self._come_in(now_ns)
        if self._far.set_rts(now_ns, is_on=is_on):
            self._apply_flow(now_ns)

    def host_dtr(self, now_ns: int, *, is_on: bool) -> None:
        """The host switches its DTR; off, it may end data mode (AT&D)."""
        self._come_in(now_ns)
        if self._far.set_dtr(now_ns, is_on=is_on) and not is_on and self.config.has_wires:
            self.device.drop_dtr(now_ns)
            self._follow_device()

    def host_break(self, now_ns: int, *, is_on: bool) -> None:
        """The host holds its line low, or lets it go: the device reads one NUL, and nothing of what
        the host sends meanwhile. Nothing, where the line is no serial one.
        """
        self._come_in(now_ns)
        if self._inbound.set_break(now_ns, is_on=is_on):
            self._follow_device()

    @property
    def cts(self) -> bool:
        """The host's CTS: the device's RTS, where the two are connected."""
        return self.config.has_wires and self.dsr and self._hold.rts

    @property
    def dsr(self) -> bool:
        """The host's DSR: the device has power."""
        return self.device.power is not PowerState.OFF

    @property
    def dcd(self) -> bool:
        """The host's DCD, as AT&C says: always on, or while data mode stands on a connection."""
        device = self.device
        return self.dsr and (not device.settings.dcd or device.has_carrier)

    def clock_stopped(self, now_ns: int, real_ns: int) -> None:
        """The model's clock has stood still for that long, by the wall's: nobody turned the rig."""
        self._come_in(now_ns)
        self._record.add(ClockStopped(now_ns, real_ns))

    def adapter_errors(self, errors: AdapterErrors) -> None:
        """The real UART at the end of a board's line has counted errors."""
        self._come_in(errors.at_ns)
        self._record.add(errors)

    def host_unread(self, now_ns: int, count: int, read: int) -> None:
        """So many bytes were unread when the host wrote or left, from byte `read` on."""
        self._come_in(now_ns)
        self._record.add(HostUnread(now_ns, count, read))

    def host_flushed(self, now_ns: int, count: int, read: int) -> None:
        """The host throws away so many bytes that have come for it, from byte `read` on."""
        self._come_in(now_ns)
        self._record.add(HostFlushed(now_ns, count, read))

    def host_discard(self, now_ns: int) -> None:
        """The host throws away what is not on the wire yet."""
        self._come_in(now_ns)
        for offset, data in self._far.discard(now_ns):
            self.device.never_sent(now_ns, offset, data)
        self._turn_line()

    def host_missed(self, now_ns: int, count: int) -> None:
        """The host has not read for so long that `count` bytes from the device are gone."""
        self._come_in(now_ns)
        self._record.add(SendDropped(now_ns, count, "backlog"))
