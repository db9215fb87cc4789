"""The far end of the wire: the host's UART, what it is set to, and whether it obeys.

It paces what the host hands over, stops when the device asks for it and the host has flow control
on, and notices when the two ends of the line are set differently.
"""

from quecsim.device import Device
from quecsim.rig.config import RigConfig
from quecsim.trace.event import (
    HostBytes,
    HostDiscard,
    HostDtr,
    HostHeld,
    HostLine,
    HostReady,
    HostRts,
    LineMismatch,
)
from quecsim.trace.recorder import Recorder
from quecsim.uart.port_kind import PortKind
from quecsim.uart.rate import Rate, UartRate, uart_rate
from quecsim.uart.transmitter import Transmitter

_HOST_FLOW_TEXT = {"none": "off", "rtscts": "RTS/CTS", "xonxoff": "XON/XOFF"}


class FarEnd:
    """The host's UART. `flow` is none, rtscts or xonxoff; `written` counts the host's bytes."""

    def __init__(
        self, config: RigConfig, device: Device, device_rate: Rate, record: Recorder
    ) -> None:
        self.flow = "none" if config.host_flow == "auto" else config.host_flow
        self.written = 0
        self._config = config
        self._device = device
        self._record = record
        self._line: tuple[int, str] | None = None
        self._is_ready = True
        self._has_rts = True
        self._has_dtr = True
        self._mismatch: tuple[str, str] | None = None  # as it was told last
        self._told_sender = ""
        self._device_rate = device_rate
        self.tx = Transmitter(self._rate(), lag_bytes=config.lag_bytes)

    @property
    def obeys_rts(self) -> bool:
        """The device's RTS reaches a host that has RTS/CTS on."""
        return self.flow == "rtscts" and self._config.has_wires

    @property
    def is_held(self) -> bool:
        """It has bytes to send and may not."""
        return self.tx.is_held and self.tx.queued > 0

    @property
    def is_mismatched(self) -> bool:
        """The two ends are set differently, and the device is not about to follow the host."""
        rate, device_rate = self.tx.rate, self._device_rate  # one object, most of the time
        return rate is not device_rate and rate != device_rate and not self._is_being_found

    @property
    def is_matched(self) -> bool:
        """The two ends are plainly set alike, and nothing else has been told."""
        return self._mismatch is None and self.tx.rate is self._device_rate

    @property
    def _is_being_found(self) -> bool:
        """The device looks for the host's rate, and can have it."""
        device, rate = self._device, self.tx.rate
        if not isinstance(rate, UartRate) or not device.is_finding_rate:
            return False
        return rate.baud in device.profile.uart.bauds

    def write(self, now_ns: int, data: bytes) -> None:
        """The host hands `data` over."""
        self._record.add_bytes(HostBytes(now_ns, self.written, data))
        self.tx.put(now_ns, data, self.written)
        self.written += len(data)
        if not self.is_matched:
            self.check_mismatch(now_ns)

    def set_line(self, now_ns: int, baud: int, frame: str, flow: str) -> None:
        """The host sets its end of the line."""
        self._record.add(HostLine(now_ns, baud, frame, flow))
        assert baud > 0, baud
        self._line = (baud, frame)
        self.follow(now_ns, self._device_rate)
        if self._config.host_flow == "auto" and flow != self.flow:
            self.flow = flow
            self.hold(now_ns, rts=True)  # an XOFF is forgotten

    def set_ready(self, now_ns: int, *, ready: bool) -> bool:
        """The host can take bytes, or cannot; True if that is new."""
        if ready == self._is_ready:
            return False
        self._record.add(HostReady(now_ns, ready))
        self._is_ready = ready
        return True

    def set_rts(self, now_ns: int, *, is_on: bool) -> bool:
        """The host switches its RTS by hand; True if that is new."""
        if is_on == self._has_rts:
            return False
        self._record.add(HostRts(now_ns, is_on))
        self._has_rts = is_on
        return True

    def set_dtr(self, now_ns: int, *, is_on: bool) -> bool:
        """The host switches its DTR; True if that is new."""
        if is_on == self._has_dtr:
            return False
        self._record.add(HostDtr(now_ns, is_on))
        self._has_dtr = is_on
        return True

    def discard(self, now_ns: int) -> list[tuple[int, bytes]]:
        """The host throws away what is not on the wire yet: (offset, bytes) of it."""
        self._record.add(HostDiscard(now_ns))
        return self.tx.cut(now_ns)

    def follow(self, now_ns: int, device_rate: Rate) -> None:
        """The device's rate is this from now on; a host without settings of its own follows."""
        self._device_rate = device_rate
        self.tx.set_rate(now_ns, self._rate())
        if self.tx.queued:
            self.check_mismatch(now_ns)

    def hold(self, now_ns: int, *, rts: bool) -> None:
        """Go on sending while the device's `rts` is on, and stop while it is off."""
        was_held = self.tx.is_held
        if rts:
            self.tx.release(now_ns)
        else:
            self.tx.hold(now_ns)
        if was_held == rts:
            self._record.add(HostHeld(now_ns, not rts))

    def hear(self, now_ns: int, *, rts: bool) -> None:
        """An XON (`rts`) or XOFF arrives."""
        if self.flow == "xonxoff":
            self.hold(now_ns, rts=rts)

    def apply_flow(self, now_ns: int, *, rts: bool, is_lossless: bool) -> None:
        """Both ends act by the host's flow control; `rts` is what the device asks for."""
        config = self._config
        wires = "" if config.has_wires or self.flow != "rtscts" else " without wires"
        self._device.receiver.flow_texts.host = _HOST_FLOW_TEXT[self.flow] + wires
        if self.flow != "xonxoff":  # there an XOFF holds until the XON
            self.hold(now_ns, rts=rts or not self.obeys_rts)
        if is_lossless:
            ready = self._is_ready
        else:
            is_ready = self._is_ready or self.flow != "rtscts"
            ready = config.has_wires and self._has_rts and is_ready
        self._device.set_cts(now_ns, ready=ready)

    def _rate(self) -> Rate:
        if self._config.is_any_rate or not isinstance(self._device_rate, UartRate):
            return self._device_rate
        device = self._device
        baud, frame = self._line or (device.line_baud, device.settings.frame)
        return uart_rate(self._config.host_baud or baud, frame)

    def check_mismatch(self, now_ns: int, sender: str = "host") -> None:
        """Bytes of the `sender` are on their way: tell once if the ends do not match.

        That the device's bytes do not arrive right either goes without saying.
        """
        if not self.is_mismatched:
            self._mismatch = None
            return
        is_deaf = self._device.is_finding_rate  # it makes nothing of bytes at a rate it cannot find
        pair = (str(self.tx.rate), device_line_text(self._device, self._device_rate))
        if pair != self._mismatch or (sender == "host" != self._told_sender):
            self._mismatch, self._told_sender = pair, sender
            self._record.add(LineMismatch(now_ns, *pair, self._config.garbles or is_deaf, sender))


def device_line_text(device: Device, rate: Rate) -> str:
    """The device's end of the line in words."""
    if isinstance(rate, UartRate) and device.is_finding_rate:
        return f"any rate up to {max(device.profile.uart.bauds)}"
    return str(rate)


def line_rate(port: PortKind, device: Device) -> Rate:
    """The rate at which the device sends and listens."""
    return port.rate(device.profile, device.line_baud, device.settings.frame)
