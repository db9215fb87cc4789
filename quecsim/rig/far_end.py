"""The far end of the wire: the host's UART, what it is set to, and whether it obeys.

It paces what the host hands over, stops when the device asks for it and the host has flow control
on, and notices when the two ends of the line are set differently.

Bytes are sent with the settings that they were written with. A host that changes its port has let
them go first (tcdrain), as far as it knows: what is still here by then is what a pty took at once.
"""

from collections import deque
from dataclasses import dataclass, replace

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
from quecsim.uart.rate import BYTES_UNBOUNDED, Rate, UartRate, uart_rate
from quecsim.uart.transmitter import Transmitter

_HOST_FLOW_TEXT = {"none": "off", "rtscts": "RTS/CTS", "xonxoff": "XON/XOFF"}
_BOARDS_OWN = "the board's own"


@dataclass(frozen=True, slots=True)
class _Settings:
    """The host's port, from byte `since` of its stream on. Without a `line` it is as the device."""

    since: int
    line: tuple[int, str] | None
    flow: str


class FarEnd:
    """The host's UART. `flow` (none, rtscts or xonxoff) is that of the bytes that are sent now,
    `port_flow` that of the port; `written` counts the host's bytes.
    """

    def __init__(
        self, config: RigConfig, device: Device, device_rate: Rate, record: Recorder
    ) -> None:
        self.flow = self.port_flow = "none" if config.host_flow == "auto" else config.host_flow
        self.written = 0
        self._config = config
        self._device = device
        self._record = record
        self._line: tuple[int, str] | None = None
        self._is_ready = True
        self._has_rts = True
        self._has_dtr = True
        self._later: deque[_Settings] = deque()  # of bytes behind those that are sent now
        self._told: dict[str, tuple[str, str]] = {}  # the mismatch for each sender
        self._device_rate = device_rate
        self.tx = Transmitter(self._rate(None), lag_bytes=config.lag_bytes)
        self.rx_rate = self.tx.rate

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
        """The bytes that the host sends are not what the device listens for."""
        return self._differs(self.tx.rate)

    @property
    def is_misheard(self) -> bool:
        """The bytes that the device sends are not what the host listens for."""
        return self._differs(self.rx_rate)

    @property
    def is_matched(self) -> bool:
        """The two ends are plainly set alike, and nothing else has been told."""
        rate = self._device_rate
        return not self._told and self.tx.rate is rate and self.rx_rate is rate

    def _differs(self, rate: Rate) -> bool:
        """It is not the device's, and the device is not about to follow the host."""
        device_rate = self._device_rate  # one object, most of the time
        return rate is not device_rate and rate != device_rate and not self._can_find(rate)

    def _can_find(self, rate: Rate) -> bool:
        """The device looks for the host's rate, and can have it."""
        device = self._device
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
        """The host sets its end of the line; without a `frame` (and `baud` 0) as the device's is,
        whatever becomes of that.
        """
        self._record.add(HostLine(now_ns, baud, frame, flow))
        assert (baud > 0) == bool(frame), (baud, frame)
        if self._config.host_flow == "auto":
            self.port_flow = flow
        settings = _Settings(self.written, (baud, frame) if frame else None, self.port_flow)
        self.rx_rate = self._rate(settings.line)
        if not self.tx.queued:
            self._use(now_ns, settings)
            return
        if self._later and self._later[-1].since == self.written:
            self._later.pop()
        self._later.append(settings)

    @property
    def alike_bytes(self) -> int:
        """How many of the next bytes were written with the settings that hold now."""
        return self._later[0].since - self._passed if self._later else BYTES_UNBOUNDED

    def turn(self) -> int | None:
        """The bytes are through that were written with the settings so far: then the next settings
        hold. Returns when that was, None where it is not so.
        """
        if not self._later or self.alike_bytes > 0:
            return None
        at_ns = self.tx.end_ns
        while self._later and self.alike_bytes <= 0:
            settings = self._later.popleft()
        self._use(at_ns, settings)
        return at_ns

    @property
    def _passed(self) -> int:
        return self.written - self.tx.queued

    def _use(self, now_ns: int, settings: _Settings) -> None:
        self._line = settings.line
        self.tx.set_rate(now_ns, self._rate(self._line))
        if self.tx.queued:
            self.check_mismatch(now_ns)
        if settings.flow != self.flow:
            self.flow = settings.flow
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
        gone = self.tx.cut(now_ns)
        if self._later and self.tx.queued:  # a byte that has begun
            self._later = deque([replace(self._later[-1], since=self.written)])
        return gone

    def follow(self, now_ns: int, device_rate: Rate) -> None:
        """The device's rate is this from now on; a host without settings of its own follows."""
        self._device_rate = device_rate
        self.tx.set_rate(now_ns, self._rate(self._line))
        self.rx_rate = self._rate(self._later[-1].line if self._later else self._line)
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
        told = _BOARDS_OWN if config.is_real_line else _HOST_FLOW_TEXT[self.flow] + wires
        self._device.receiver.flow_texts.host = told
        if self.flow != "xonxoff":  # there an XOFF holds until the XON
            self.hold(now_ns, rts=rts or not self.obeys_rts)
        if is_lossless:
            ready = self._is_ready
        else:
            is_ready = self._is_ready or self.port_flow != "rtscts"
            ready = config.has_wires and self._has_rts and is_ready
        self._device.set_cts(now_ns, ready=ready)

    def _rate(self, line: tuple[int, str] | None) -> Rate:
        if self._config.is_any_rate or not isinstance(self._device_rate, UartRate):
            return self._device_rate
        device = self._device
        baud, frame = line or (device.line_baud, device.settings.frame)
        return uart_rate(self._config.host_baud or baud, frame)

    def check_mismatch(self, now_ns: int, sender: str = "host") -> None:
        """Bytes of the `sender` are on their way: tell once if the ends do not match.

        That the device's bytes do not arrive right either goes without saying.
        """
        rate = self.tx.rate if sender == "host" else self.rx_rate
        if not self._differs(rate):
            self._told.pop(sender, None)
            return
        is_deaf = self._device.is_finding_rate  # it makes nothing of bytes at a rate it cannot find
        pair = (str(rate), device_line_text(self._device, self._device_rate))
        if pair not in (self._told.get(sender), self._told.get("host")):
            self._told[sender] = pair
            self._record.add(LineMismatch(now_ns, *pair, self._config.garbles or is_deaf, sender))


def device_line_text(device: Device, rate: Rate) -> str:
    """The device's end of the line in words."""
    if isinstance(rate, UartRate) and device.is_finding_rate:
        return f"any rate up to {max(device.profile.uart.bauds)}"
    return str(rate)


def line_rate(port: PortKind, device: Device) -> Rate:
    """The rate at which the device sends and listens."""
    return port.rate(device.profile, device.line_baud, device.settings.frame)
