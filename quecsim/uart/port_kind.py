"""The kinds of port that a device has, and everything in which they differ.

Chosen once, by `port_kind`, when a run is put together; from then on code asks what the port does
(`is_lossless`, `is_serial`, `ring_bytes`), and never which one it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from quecsim.profiles.schema import Profile, Uart, Usb
from quecsim.uart.rate import PacketRate, Rate, UnlimitedRate, uart_rate
from quecsim.units import us


@dataclass(frozen=True, slots=True)
class PortKind:
    """One kind of port.

    `name` is its word in scenarios and its part of a profile, `title` that for people, `urc_name`
    that of AT+QURCCFG. `is_serial`: it has a baud rate, a frame, modem lines, and obeys AT+IFC.
    `is_lossless`: whoever has no room makes the other end wait, as USB's NAK does, in either
    direction and whatever AT+IFC says; so nothing is lost, and nothing that waits is thrown away.
    `rate` is how fast it is, for (profile, baud, frame).
    """

    name: str
    title: str
    urc_name: str
    is_serial: bool
    is_lossless: bool
    rate: Callable[[Profile, int, str], Rate]

    def part(self, profile: Profile) -> Uart | Usb | None:
        """The device's own values for this port; None: it has no such port."""
        part: Uart | Usb | None = getattr(profile, self.name)
        return part

    def ring_bytes(self, profile: Profile) -> int:
        """What the device's receive ring holds behind this port, which it must have."""
        part = self.part(profile)
        assert part is not None, f"{profile.name} has no {self.title} port"
        return part.rx_ring_bytes


def _uart_rate(_profile: Profile, baud: int, frame: str) -> Rate:
    return uart_rate(baud, frame)


def _usb_rate(profile: Profile, _baud: int, _frame: str) -> Rate:
    assert profile.usb is not None
    return PacketRate(profile.usb.packet_bytes, us(profile.usb.packet_us))


def _no_time(_profile: Profile, _baud: int, _frame: str) -> Rate:
    return UnlimitedRate()


UART = PortKind("uart", "UART", "uart1", is_serial=True, is_lossless=False, rate=_uart_rate)
USB = PortKind("usb", "USB", "usbat", is_serial=False, is_lossless=True, rate=_usb_rate)
_KINDS = {kind.name: kind for kind in (UART, USB)}
PORTS = tuple(_KINDS)
"""The names of all."""


def port_kind(name: str, *, is_unlimited: bool = False) -> PortKind:
    """The port of that name; an unlimited one takes no time, and so must lose nothing."""
    kind = _KINDS[name]
    return replace(kind, is_lossless=True, rate=_no_time) if is_unlimited else kind
