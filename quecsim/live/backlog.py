"""What the device has said and the host has not read: it waits here, behind the kernel's buffer.

A host with flow control takes RTS away when it does not read, and a lossless port (USB, or an
unlimited line) answers NAK: then the device waits, and nothing is lost. On a paced line without
flow control the device goes on; a megabyte of it is kept, and the rest dropped and counted.
"""

from collections.abc import Iterable

from quecsim.live.ports.port import Port
from quecsim.rig import Rig
from quecsim.rig.host_reading import HostReading
from quecsim.uart.run import ByteRun

_MOST_BYTES = 1 << 20
_FULL_BYTES = 8192  # more than this, and the host is not ready for more
_LOW_BYTES = 1024
_WRITE_BYTES = 65536


class Backlog:
    """Bytes on their way to the host. `len` is how many the kernel has not taken yet. `reading` is
    the rig's one, where several hosts take turns.
    """

    def __init__(self, rig: Rig, port: Port, reading: HostReading | None = None) -> None:
        self._rig = rig
        self._port = port
        self._is_lossless = rig.config.port_kind.is_lossless
        self._waiting = bytearray()
        self._reading = reading or HostReading(rig)
        self._is_full = False

    def __len__(self) -> int:
        return len(self._waiting)

    def send(self, now_ns: int, runs: Iterable[ByteRun]) -> None:
        """Hand over what can be handed over."""
        waiting = self._waiting
        kept = self._rig.driver_keeps
        for run in runs:
            waiting += self._reading.arrived(run, kept)
        if waiting:
            piece = waiting if len(waiting) <= _WRITE_BYTES else waiting[:_WRITE_BYTES]
            del waiting[: self._port.write(piece)]
        if waiting or self._is_full:
            self._bound(now_ns)

    def note_unread(self, now_ns: int, *, is_last: bool = False) -> None:
        """The host writes now, or has left (`is_last`): how far has it read by then?

        The kernel counts no more than the next 4095 bytes: in doubt it has read more.
        """
        count = len(self._waiting) + self._port.unread_bytes()
        self._reading.note(now_ns, count, is_last)

    def take_line(self, now_ns: int) -> None:
        """From now on it is this host that reads, or does not."""
        self._rig.host_ready(now_ns, ready=not self._is_full)

    def flush(self, now_ns: int) -> None:
        """The host throws away what waits for it."""
        self._reading.flush(now_ns, len(self._waiting))
        self._waiting.clear()
        self._bound(now_ns)

    def _bound(self, now_ns: int) -> None:
        waiting = self._waiting
        surplus = 0 if self._is_lossless else len(waiting) - _MOST_BYTES
        if surplus > 0:
            del waiting[-surplus:]
            self._rig.host_missed(now_ns, surplus)
        if self._is_full != (len(waiting) > (_LOW_BYTES if self._is_full else _FULL_BYTES)):
            self._is_full = not self._is_full
            self._rig.host_ready(now_ns, ready=not self._is_full)
