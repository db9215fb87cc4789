"""A rig as a serial port in virtual time: waiting costs nothing, and every run is the same.

The methods are those of a pyserial port that a host program uses, with pyserial's meaning; time
passes only in `read`, `write` (when flow control holds the line) and `sleep`.
"""

from quecsim.rig import Rig
from quecsim.units import S

_WRITE_BYTES = 4096


class WriteTimeoutError(OSError):
    """The line was held back for longer than `write_timeout`."""


class VirtualPort:
    """The host's end of `rig`. Times given in seconds, as pyserial has it; None waits for ever.

    "For ever" ends when nothing in the model will ever move again without the host.
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
        self.now_ns = 0
        self._received = bytearray()
        flow = "rtscts" if rtscts else "xonxoff" if xonxoff else "none"
        rig.host_line(self.now_ns, baudrate, "8N1", flow)

    @property
    def in_waiting(self) -> int:
        """Bytes that a read would return at once."""
        self._advance(self.now_ns)
        return len(self._received)

    def read(self, size: int = 1, /) -> bytes:
        """Up to `size` bytes; fewer when `timeout` passes."""
        end_ns = self._end_ns(self.timeout)
        while len(self._received) < size and self.now_ns < end_ns:
            before_ns = self.now_ns
            self.now_ns = self.rig.run_to_output(self._next_stop_ns(end_ns))
            self._collect()
            if self.now_ns == before_ns and self._is_dead(end_ns):
                break
        data = bytes(self._received[:size])
        del self._received[: len(data)]
        return data

    def write(self, data: bytes, /) -> int:
        """Hand `data` to the UART; waits while its queue is full. Raises WriteTimeoutError."""
        end_ns = self._end_ns(self.write_timeout)
        for start in range(0, len(data), _WRITE_BYTES):
            self._advance(self.now_ns)
            if not self.rig.wants_input:
                self._wait_for_room(end_ns)
            self.rig.host_write(self.now_ns, data[start : start + _WRITE_BYTES])
        self._advance(self.now_ns)
        return len(data)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._advance(self.now_ns + round(seconds * S))

    def reset_input_buffer(self) -> None:
        """Forget what has arrived."""
        self._advance(self.now_ns)
        self._received.clear()

    def reset_output_buffer(self) -> None:
        """Forget what is not yet on the wire: here, nothing ever waits in a driver."""

    def close(self) -> None:
        """Nothing to give back."""

    def _wait_for_room(self, end_ns: int) -> None:
        at_ns = self.rig.run_to_room(end_ns)
        self._collect()
        if not self.rig.wants_input:
            raise WriteTimeoutError("the device holds the line back")
        self.now_ns = at_ns

    def _next_stop_ns(self, end_ns: int) -> int:
        """An endless read stops where the model has nothing more to do."""
        if end_ns < _NEVER_NS:
            return end_ns
        due_ns = self.rig.deadline_ns()
        return self.now_ns if due_ns is None else max(due_ns, self.now_ns)

    def _is_dead(self, end_ns: int) -> bool:
        return end_ns == _NEVER_NS and self.rig.deadline_ns() is None

    def _end_ns(self, seconds: float | None) -> int:
        return _NEVER_NS if seconds is None else self.now_ns + round(seconds * S)

    def _advance(self, now_ns: int) -> None:
        self.rig.advance(now_ns)
        self.now_ns = now_ns
        self._collect()

    def _collect(self) -> None:
        for run in self.rig.take_output():
            self._received += run.data


_NEVER_NS = 1 << 62
