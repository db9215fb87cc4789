"""How far the host has read what came for it: noted when it writes, and when it leaves.

Whoever stands between the rig and the host's program counts what waits there: a kernel, or the
host's end in virtual time. The place in the device's stream follows from that. In doubt the host
has read more: noise, XON and XOFF are in no stream, and count as if they were all still unread.
"""

from quecsim.rig.rig import Rig
from quecsim.uart.run import ByteRun


class HostReading:
    """Sees all that reaches the host, and notes what it has not read."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._given = 0  # bytes of the device's stream that have reached the host
        self._others = 0  # bytes that have reached it besides
        self._known: int | None = None  # how far it has read, as on record; None: all

    def arrived(self, run: ByteRun, kept: bytes) -> bytes:
        """`run` reaches the host, whose driver keeps some bytes; returns the others."""
        if run.offset >= 0:
            self._given = run.offset + len(run.data)
        else:
            self._others += len(run.data)
        return run.data.translate(None, kept) if kept else run.data

    def flush(self, now_ns: int, count: int) -> None:
        """`count` bytes wait for the host, which throws them away: they count as read."""
        if count:
            self._rig.host_flushed(now_ns, count, self._given - max(0, count - self._others))

    def note(self, now_ns: int, count: int, is_last: bool = False) -> None:
        """`count` bytes wait for the host, which writes now, or leaves (`is_last`).

        It goes on record where it changes, and at the end.
        """
        read = self._given - max(0, count - self._others)
        known = read if count else None
        if known != self._known or (is_last and count):
            self._known = known
            self._rig.host_unread(now_ns, count, read)
