"""A pipe whose reader may be slow, or asleep: whoever writes into it never waits.

What the pipe does not take waits here, up to a bound, and goes on with the next write; the end
gives the reader some time. So a reader who stops reading can neither stop a run, nor keep it from
hearing its signals.
"""

import errno
import os
import select
import stat
from io import RawIOBase
from typing import Any, BinaryIO, cast

_SURE_BYTES = 512  # POSIX's least PIPE_BUF: a pipe that is writable takes so much without waiting
_MOST_WAITING_BYTES = 64 << 20
_PATIENCE_MS = 2000


class SlowReader(RawIOBase):
    """A stream into the pipe `descriptor`, which it closes. Raises OSError: nobody reads, or not
    nearly as fast as there is something to read.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = bytearray()
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any, /) -> int:
        """Take all of it."""
        self._waiting += data
        size = len(data)
        if len(self._waiting) > _MOST_WAITING_BYTES:
            self._send(0)
            if len(self._waiting) > _MOST_WAITING_BYTES:
                self._waiting.clear()
                raise _too_slow()
        return size

    def flush(self) -> None:
        """Pass on what the reader has room for."""
        if not self.closed:
            self._send(0)

    def close(self) -> None:
        """Pass on the rest, as long as the reader takes any of it."""
        if self.closed:
            return
        try:
            self._send(_PATIENCE_MS)
            is_late = bool(self._waiting)
        finally:
            self._waiting.clear()
            os.close(self._descriptor)
            super().close()
        if is_late:
            raise _too_slow()

    def _send(self, patience_ms: int) -> None:
        while self._waiting and self._poll.poll(patience_ms):
            sent = os.write(self._descriptor, self._waiting[:_SURE_BYTES])
            del self._waiting[:sent]


def waiting_for_nobody(file: BinaryIO) -> BinaryIO:
    """`file`, or in place of a pipe, which has a reader who may be slow, a `SlowReader`."""
    if not stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
        return file
    descriptor = os.dup(file.fileno())
    file.close()
    return cast("BinaryIO", SlowReader(descriptor))


def _too_slow() -> OSError:
    return OSError(errno.EAGAIN, "its reader does not keep up")
