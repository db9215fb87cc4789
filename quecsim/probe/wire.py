"""The port of a probe: bytes out and in with their times, every wait bounded, all of it logged.

Times are nanoseconds of the monotonic clock since the wire was made. On a real port a time is when
the bytes were read here, up to a few milliseconds after they were on the line.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import serial

from quecsim.host.at_client import PortError
from quecsim.host.port import POLL_S, Port, Reopenable
from quecsim.probe.log import Log, NoLog
from quecsim.probe.reply import Piece

NS_PER_S = 1_000_000_000
_SLICE_S = 0.005
_REOPEN_POLL_S = 0.5


class Wire:
    """What is said on `port`, and when."""

    def __init__(self, port: Port, log: Log | None = None) -> None:
        self.port = port
        self.log: Log = log if log is not None else NoLog()
        self._origin_ns = time.monotonic_ns()

    def now_ns(self) -> int:
        """The time, in ns since this wire was made."""
        return time.monotonic_ns() - self._origin_ns

    def write(self, data: bytes, *, drain: bool = False) -> int:
        """Hand all of `data` to the port; the time at which that was begun.

        `drain`: wait until it is on the line, as far as the port knows. Raises PortError.
        """
        sent_ns = self.now_ns()
        with _port_errors():
            self.port.write(data)
        self.log.hear(sent_ns, "host", data)
        if drain:
            self.drain()
        return sent_ns

    def drain(self) -> None:
        """Wait until all that was written is on the line, as far as the port knows."""
        flush = getattr(self.port, "flush", None)
        if flush is not None:
            with _port_errors():
                flush()

    def pieces(
        self, seconds: float, enough: Callable[[bytes], bool] = lambda _raw: False
    ) -> list[Piece]:
        """What comes within `seconds`, or until what has come is `enough`."""
        end_ns = self.now_ns() + round(seconds * NS_PER_S)
        found: list[Piece] = []
        raw = b""
        while (left_ns := end_ns - self.now_ns()) > 0:
            piece = self._next(left_ns / NS_PER_S)
            if piece is None:
                continue
            found.append(piece)
            raw += piece[1]
            if enough(raw):
                return found
        return found

    def waiting(self) -> bytes:
        """What has come already; never waits."""
        with _port_errors():
            count = self.port.in_waiting
            data = self.port.read(count) if count else b""
        return self._heard(data)

    def is_there(self) -> bool:
        """Whether the port still takes a look."""
        try:
            self.waiting()
        except PortError:
            return False
        return True

    def reopen(self, seconds: float) -> bool:
        """Open a port again that went away, as one on USB does when its module restarts.

        Tries for `seconds`; whether it is there again.
        """
        end_ns = self.now_ns() + round(seconds * NS_PER_S)
        while isinstance(self.port, Reopenable) and self.now_ns() < end_ns:
            with suppress(Exception):  # a port that went away fails in as many ways as systems have
                self.port.close()
                self.port.open()
                return True
            time.sleep(_REOPEN_POLL_S)
        return False

    def _next(self, left_s: float) -> Piece | None:
        """One look: the next bytes, or None after a part of `left_s`."""
        if left_s < POLL_S:  # a read would overstay
            time.sleep(min(_SLICE_S, left_s))
            data = self.waiting()
        else:
            with _port_errors():
                data = self.port.read(1)
                time.sleep(0)  # in virtual time looks after a long wait are coarse; this ends it
                if data and (more := self.port.in_waiting):
                    data += self.port.read(more)
            self._heard(data)
        return (self.now_ns(), data) if data else None

    def _heard(self, data: bytes) -> bytes:
        if data:
            self.log.hear(self.now_ns(), "device", data)
        return data


@contextmanager
def _port_errors() -> Iterator[None]:
    """pyserial's errors as PortError.

    Most are OSErrors, but not all: a port that went away is closed, and a terminal's own calls fail
    in their own way.
    """
    try:
        yield
    except serial.SerialTimeoutException as error:
        raise PortError("the port takes no more bytes: flow control holds them back") from error
    except Exception as error:
        raise PortError(f"the port went away: {error}") from error
