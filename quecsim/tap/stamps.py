"""When a byte was over, as far as somebody knows who reads a port in pieces.

A piece of n bytes that is read at t has its last byte at t, or before. Its first one was over n - 1
byte times earlier, at least, as the line takes that long; and not before the port was last known to
be empty. The later of the two is what the record says.

What the host says has the time at which it was read from the host: that is when the host wrote it,
as far as a pseudo terminal shows. Where the module's side took it only later, it is that time.
"""

from quecsim.units import S


def byte_ns(baud: int, frame: str) -> int:
    """The time of a byte on the line, rounded down; 0 where there is no rate, or no frame."""
    if baud <= 0 or len(frame) < 3:
        return 0
    return _frame_bits(frame) * S // baud


def _frame_bits(frame: str) -> int:
    """Start bit, data bits, parity and stop bits of `8N1`."""
    return 1 + int(frame[0]) + (frame[1] != "N") + int(frame[2])


class Stamps:
    """The times of one record, in nanoseconds from its beginning: they never go back."""

    def __init__(self) -> None:
        self.byte_ns = 0  # on the module's line; 0: it has no rate (USB)
        self._empty_ns = 0
        self._last_ns = 0

    def was_empty(self, now_ns: int) -> None:
        """At that time the module's port had nothing to read."""
        self._empty_ns = max(self._empty_ns, now_ns)

    def first_of(self, read_ns: int, count: int) -> int:
        """When the first of `count` bytes of the module's was over, that were read at `read_ns`."""
        began_ns = read_ns - (count - 1) * self.byte_ns if self.byte_ns else read_ns
        return self.at(max(began_ns, self._empty_ns))

    def at(self, now_ns: int) -> int:
        """The time of anything else."""
        self._last_ns = max(self._last_ns, now_ns)
        return self._last_ns
