"""A stream that nobody waits for: a thread of its own writes, and the run goes on.

A terminal that stands still (Ctrl-S), a pager, a slow disk or a network file system may hold the
thread as long as they like. What is not written yet waits here, up to a bound; beyond that it is
refused.
"""

import contextlib
import os
import select
import signal
import threading
from collections import deque

_PIECE_BYTES = 16 << 10


class ApartWriter:
    """Writes into `descriptor`, at most `most_bytes` behind; `is_ours`: it is closed at the end.

    `error` is what has ended it, if anything has: then everything is refused.
    """

    def __init__(self, descriptor: int, *, is_ours: bool, most_bytes: int = 1 << 20) -> None:
        self.error: OSError | None = None
        self._descriptor = descriptor
        self._is_ours = is_ours
        self._most_bytes = most_bytes
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0  # also those that are being written
        self._is_over = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="quecsim log", daemon=True)
        self._thread.start()

    @property
    def has_caught_up(self) -> bool:
        """Less than half of the bound waits."""
        return self._waiting_bytes * 2 < self._most_bytes

    def put(self, data: bytes) -> bool:
        """Write `data` when it is its turn; False: there is no room for it."""
        with self._news:
            if self.error is not None or self._waiting_bytes + len(data) > self._most_bytes:
                return False
            self._waiting.append(data)
            self._waiting_bytes += len(data)
            self._news.notify()
        return True

    def close(self, patience_s: float) -> bool:
        """Give what waits so much time; whether all of it was written."""
        with self._news:
            self._is_over = True
            self._news.notify()
        self._thread.join(patience_s)
        return not self._waiting_bytes and self.error is None

    def _run(self) -> None:
        with contextlib.suppress(ValueError):  # signals are for the thread that runs the device
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            while data := self._next():
                self._write(data)
        except OSError as error:
            self._end(error)
        if self._is_ours:
            try:
                os.close(self._descriptor)
            except OSError as error:  # some file systems find out only now
                self._end(error)

    def _next(self) -> bytes:
        """What waits, or some of it; empty: there is nothing, and it is over."""
        with self._news:
            while not self._waiting and not self._is_over:
                self._news.wait()
            taken = bytearray()
            while self._waiting and len(taken) < _PIECE_BYTES:
                taken += self._waiting.popleft()
            return bytes(taken)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._descriptor, view[:_PIECE_BYTES]) :]
            except BlockingIOError:  # somebody else has made it so, whose it is too
                select.select([], [self._descriptor], [])
        with self._news:
            self._waiting_bytes -= len(data)

    def _end(self, error: OSError) -> None:
        with self._news:
            self.error = error
            self._waiting.clear()
            self._waiting_bytes = 0
