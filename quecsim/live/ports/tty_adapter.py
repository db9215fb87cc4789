"""A UART adapter of this machine, as an `Adapter`."""

import contextlib
import errno
import fcntl
import os
import struct
import sys
import termios
from pathlib import Path

from quecsim.live.ports.adapter import BoardLines, ErrorCounts
from quecsim.live.ports.line_marks import Item, MarkReader
from quecsim.live.ports.termios2 import unsent_bytes
from quecsim.live.ports.tty_line import TtyLine

_READ_BYTES = 4096
_TIOCGICOUNT = 0x545D
_COUNTERS = struct.Struct("20i")  # cts dsr rng dcd rx tx frame overrun parity brk buf_overrun ...
_FRAME, _OVERRUN, _PARITY, _BUFFER = 6, 7, 8, 10
_KEPT_MS = 4  # of the line's time, that may wait in the driver: more of it could not be stopped
_LEAST_KEPT_BYTES = 64  # a USB packet
_BITS = 10
_LATENCY = "/sys/bus/usb-serial/devices/{}/latency_timer"


class TtyAdapter:
    """See `quecsim.live.ports.adapter.Adapter`."""

    empties_ms = 2

    def __init__(self, path: str) -> None:
        self.name = path
        self.gone = ""
        self._line = TtyLine(path)
        self._descriptor = self._line.descriptor
        self._marks = MarkReader()
        self._has_lines = self._inputs() is not None
        self._complaints: list[str] = []
        self._driven: tuple[bool, bool] | None = None
        self._kept_bytes = _LEAST_KEPT_BYTES
        self._is_prompt = self._line.lower_latency()
        self._first: ErrorCounts | None = None
        self._line.flush()
        self._first = self._counted()

    @property
    def readers(self) -> list[int]:
        """See `Adapter`."""
        return [] if self.gone else [self._descriptor]

    @property
    def writers(self) -> list[int]:
        """None: it is a matter of time when there is room, and no descriptor tells."""
        return []

    def read(self, most: int) -> list[Item]:
        """See `Adapter`."""
        items: list[Item] = []
        count = 0
        while count < most and not self.gone:
            try:
                data = os.read(self._descriptor, min(_READ_BYTES, most - count))
            except BlockingIOError:
                break
            except OSError as error:
                self._lose(error)
                break
            if not data:
                self._lose(OSError(errno.EIO, "it was hung up"))
                break
            count += len(data)
            items += self._marks.feed(data) if self._line.marks_errors else [data]
        return items

    def write(self, data: bytes | bytearray) -> int:
        """See `Adapter`."""
        room = self._kept_bytes - self._waiting()
        if room <= 0 or self.gone:
            return len(data) if self.gone else 0
        try:
            return os.write(self._descriptor, data[:room])
        except BlockingIOError:
            return 0
        except OSError as error:
            self._lose(error)
            return len(data)

    def unread_bytes(self) -> int:
        """See `Adapter`."""
        return 0

    def is_drained(self) -> bool:
        """See `Adapter`."""
        return not self._waiting()

    def set_line(self, baud: int, frame: str) -> None:
        """See `Adapter`."""
        self._kept_bytes = max(_LEAST_KEPT_BYTES, baud * _KEPT_MS // (_BITS * 1000))
        if wrong := self._line.set(baud, frame):
            self._complaints.append(wrong)

    def take_complaints(self) -> list[str]:
        """See `Adapter`."""
        told, self._complaints = self._complaints, []
        return told

    def take_lines(self) -> list[BoardLines]:
        """See `Adapter`. Only how they are: of a pulse between two looks nothing is left."""
        inputs = self._inputs() if self._has_lines and not self.gone else None
        if inputs is None:
            return []
        rts, dtr = inputs & termios.TIOCM_CTS, inputs & termios.TIOCM_DSR
        return [BoardLines(rts=bool(rts), dtr=bool(dtr))]

    def drive(self, *, rts: bool, dtr: bool) -> None:
        """See `Adapter`."""
        if not self._has_lines or self.gone or self._driven == (rts, dtr):
            return
        self._driven = rts, dtr
        on = termios.TIOCM_RTS * rts | termios.TIOCM_DTR * dtr
        off = termios.TIOCM_RTS * (not rts) | termios.TIOCM_DTR * (not dtr)
        for order, bits in ((termios.TIOCMBIS, on), (termios.TIOCMBIC, off)):
            if bits:
                try:
                    fcntl.ioctl(self._descriptor, order, struct.pack("I", bits))
                except OSError as error:
                    self._lose(error)
                    return

    def errors(self) -> ErrorCounts | None:
        """See `Adapter`."""
        if self._first is None or self.gone or (now := self._counted()) is None:
            return None
        return now.since(self._first)

    def traits(self) -> list[str]:
        """See `Adapter`."""
        told = []
        if not self._has_lines:
            told.append(f"{self.name} has no modem lines: RTS, CTS, DTR and DSR are not there")
        if self._first is None:
            told.append(f"{self.name} does not count errors: bytes that it loses are not told")
        timer = Path(_LATENCY.format(Path(self.name).resolve().name))
        with contextlib.suppress(OSError, ValueError):
            held_ms = int(timer.read_text())
            if held_ms > 1:
                told.append(
                    f"{self.name} holds bytes back for up to {held_ms} ms: write 1 into {timer}"
                )
        return told

    def close(self) -> None:
        """See `Adapter`."""
        self._line.close()

    def _waiting(self) -> int:
        """How many bytes the driver has still to send."""
        return 0 if self.gone else unsent_bytes(self._descriptor)

    def _inputs(self) -> int | None:
        try:
            answer = fcntl.ioctl(self._descriptor, termios.TIOCMGET, bytes(4))
        except OSError:
            return None
        return int(struct.unpack("I", answer)[0])

    def _counted(self) -> ErrorCounts | None:
        if sys.platform != "linux":
            return None
        try:
            counts = _COUNTERS.unpack(
                fcntl.ioctl(self._descriptor, _TIOCGICOUNT, bytes(_COUNTERS.size))
            )
        except OSError:
            return None
        return ErrorCounts(counts[_OVERRUN] + counts[_BUFFER], counts[_FRAME], counts[_PARITY])

    def _lose(self, error: OSError) -> None:
        if not self.gone:
            self.gone = f"{self.name} has gone: {error.strerror or error}"
