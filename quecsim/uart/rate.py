"""How long bytes take on a line: a UART's baud rate and frame, USB packets, or no time at all.

A rate answers two questions with integers, both counted from the origin of an unbroken run of
bytes, so that no rounding error ever adds up: when byte n has arrived, and how many bytes have
arrived after a time.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from quecsim.errors import QuecsimError
from quecsim.units import S

BYTES_UNBOUNDED = 1 << 62


class Rate(Protocol):
    """The timing of a line."""

    def span_ns(self, count: int) -> int:
        """Time from the origin until `count` bytes have arrived whole."""

    def arrived(self, elapsed_ns: int) -> int:
        """How many bytes have arrived whole `elapsed_ns` after the origin."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A UART character frame, such as 8N1."""

    data_bits: int
    parity: str
    stop_bits: int

    @property
    def bits(self) -> int:
        """Bits on the wire: start, data, parity if any, stop."""
        return 1 + self.data_bits + (self.parity != "N") + self.stop_bits

    def __str__(self) -> str:
        return f"{self.data_bits}{self.parity}{self.stop_bits}"


@lru_cache(maxsize=64)
def parse_frame(text: str) -> Frame:
    """`8N1` -> Frame. Raises QuecsimError for anything that no UART speaks."""
    good = len(text) == 3 and text[0] in "5678" and text[1] in "NEOMS" and text[2] in "12"
    if not good:
        raise QuecsimError(
            f"{text!r} is not a UART frame",
            hint="write data bits, parity (N, E, O, M or S) and stop bits, for instance 8N1",
        )
    return Frame(int(text[0]), text[1], int(text[2]))


@dataclass(frozen=True, slots=True)
class UartRate:
    """Asynchronous serial: every byte takes the same whole number of bits."""

    baud: int
    frame: Frame
    _byte_units: int = field(init=False, repr=False, compare=False)  # ns of a byte times the baud

    def __post_init__(self) -> None:
        object.__setattr__(self, "_byte_units", self.frame.bits * S)

    def span_ns(self, count: int) -> int:
        """See `Rate`."""
        return count * self._byte_units // self.baud

    def arrived(self, elapsed_ns: int) -> int:
        """See `Rate`."""
        # span_ns(n) <= elapsed  <=>  n * bits * S < (elapsed + 1) * baud
        return ((elapsed_ns + 1) * self.baud - 1) // self._byte_units

    def __str__(self) -> str:
        return f"{self.baud} {self.frame}"


@lru_cache(maxsize=64)
def uart_rate(baud: int, frame: str) -> UartRate:
    """`115200, "8N1"` -> UartRate. Raises QuecsimError for a frame that no UART speaks."""
    return UartRate(baud, parse_frame(frame))


@dataclass(frozen=True, slots=True)
class PacketRate:
    """USB bulk transfers: whole packets, one after the other."""

    packet_bytes: int
    packet_ns: int

    def span_ns(self, count: int) -> int:
        """See `Rate`."""
        return -(-count // self.packet_bytes) * self.packet_ns

    def arrived(self, elapsed_ns: int) -> int:
        """See `Rate`."""
        return elapsed_ns // self.packet_ns * self.packet_bytes

    def __str__(self) -> str:
        return "USB"


@dataclass(frozen=True, slots=True)
class UnlimitedRate:
    """No time at all: for measuring everything but the line."""

    def span_ns(self, count: int) -> int:  # noqa: ARG002 - the protocol's signature
        """See `Rate`."""
        return 0

    def arrived(self, elapsed_ns: int) -> int:  # noqa: ARG002 - the protocol's signature
        """See `Rate`."""
        return BYTES_UNBOUNDED

    def __str__(self) -> str:
        return "unlimited"
