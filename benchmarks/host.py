"""A host without a library: one descriptor, read and written. The same for every peer."""

import os
import termios
import time
import tty
from types import TracebackType
from typing import Self

_WRITE_BYTES = 65536


class BareHost:
    """Opens a port raw at `baud`. A context manager."""

    def __init__(self, path: str, baud: int = 115_200) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._descriptor)
        self.set_baud(baud)

    def set_baud(self, baud: int) -> None:
        """Our side of the line."""
        attributes = termios.tcgetattr(self._descriptor)
        attributes[4] = attributes[5] = getattr(termios, f"B{baud}")
        termios.tcsetattr(self._descriptor, termios.TCSANOW, attributes)

    def ask(self, command: bytes, until: bytes = b"OK\r\n") -> bytes:
        """Send a command line; returns the reply, which ends with `until`."""
        os.write(self._descriptor, command + b"\r")
        return self._read_until(until)

    def upload(self, data: bytes, name: str = "bench.bin") -> tuple[float, bytes]:
        """One AT+QFUPL: seconds from the first byte of `data` to the final OK, and that reply."""
        self.ask(b'AT+QFUPL="%s",%d,60' % (name.encode(), len(data)), b"CONNECT\r\n")
        view, done = memoryview(data), 0
        begin_ns = time.perf_counter_ns()
        while done < len(data):
            done += os.write(self._descriptor, view[done : done + _WRITE_BYTES])
        reply = self._read_until(b"OK\r\n")
        return (time.perf_counter_ns() - begin_ns) / 1e9, reply

    def _read_until(self, until: bytes) -> bytes:
        reply = os.read(self._descriptor, 65536)
        while not reply.endswith(until):
            reply += os.read(self._descriptor, 65536)
            if b"ERROR" in reply:
                raise RuntimeError(f"the device says {reply!r}")
        return reply

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)
