"""A bare rig as a serial port in virtual time: the few methods of pyserial that our own host uses.

For a port that behaves as pyserial's in every respect, with a device behind it that can be looked
into, see `quecsim.open_virtual` and `quecsim.pyserial`.
"""

from quecsim.rig import Rig
from quecsim.units import S
from quecsim.virtual.host_end import HostEnd, WriteTimeoutError

__all__ = ["VirtualPort", "WriteTimeoutError"]


class VirtualPort:
    """The host's end of `rig`. Times given in seconds, as pyserial has it; None waits for ever.

    A wait for what will never come raises HostHungError.
    """

    def __init__(
        self,
        rig: Rig,
        *,
        baudrate: int = 115_200,
        timeout: float | None = 0.05,
        write_timeout: float | None = None,
        rtscts: bool = False,
        xonxoff: bool = False,
    ) -> None:
        self.rig = rig
        self.timeout = timeout
        self.write_timeout = write_timeout
        self.baudrate = baudrate
        self._end = HostEnd(rig)
        self._end.open(self)
        flow = "rtscts" if rtscts else "xonxoff" if xonxoff else "none"
        self._end.set_line(baudrate, "8N1", flow)

    @property
    def now_ns(self) -> int:
        """Model time."""
        return self._end.now_ns

    @property
    def in_waiting(self) -> int:
        """Bytes that a read would return at once."""
        return self._end.in_waiting

    def read(self, size: int = 1, /) -> bytes:
        """Up to `size` bytes; fewer when `timeout` passes."""
        return self._end.read(size, _in_ns(self.timeout))

    def write(self, data: bytes, /) -> int:
        """Hand `data` to the UART; waits while its queue is full. Raises WriteTimeoutError."""
        return self._end.write(data, _in_ns(self.write_timeout))

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._end.clock.sleep(round(seconds * S))
        self._end.settle()

    def reset_input_buffer(self) -> None:
        """Forget what has arrived."""
        self._end.discard_input()

    def reset_output_buffer(self) -> None:
        """Forget what is not yet on the wire."""
        self._end.discard_output()

    def close(self) -> None:
        """Nothing to give back."""


def _in_ns(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * S)
