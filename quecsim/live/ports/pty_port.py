"""A pseudo terminal whose far side is the host's serial port."""

import errno
import fcntl
import os
import struct
import termios
import tty

from quecsim.errors import QuecsimError
from quecsim.live.ports.host_termios import HostLineSettings, read_settings, snapshot

_READ_BYTES = 65536
_MOST_PIECES = 16  # more than a kernel's buffer holds
_LONG_READ_BYTES = 1024  # after such a read there is likely more: Linux gives at most 4096 at once


class PtyPort:
    """Our end of a pty. Reads and writes never block.

    The terminal side stays open here too, so hosts can come and go without a hang-up, and it is
    raw before the first host sees it: several hosts never ask for raw mode themselves.
    """

    def __init__(self, baud: int) -> None:
        self.descriptor, self._terminal = _new_pty()
        os.set_blocking(self.descriptor, False)
        tty.setraw(self._terminal, termios.TCSANOW)
        self._set_baud(baud)
        self.path = os.ttyname(self._terminal)
        self._written_bytes = 0
        self._snapshot = snapshot(self.descriptor)
        self._settings = read_settings(self.descriptor)

    def settings(self) -> HostLineSettings:
        """What the host has set: the same object until something changes.

        Rate 0 means "hang up" and is no rate: what was set before it stands.
        """
        now = snapshot(self.descriptor)
        if now != self._snapshot:
            self._snapshot = now
            settings = read_settings(self.descriptor)
            if settings.baud:
                self._settings = settings
        return self._settings

    def read(self, enough: int = 1) -> bytes:
        """What the host has written since the last call; empty where there is nothing.

        One system call brings a few kilobytes only: it goes on until it has `enough`.
        """
        data = self._read()
        if len(data) < _LONG_READ_BYTES or len(data) >= enough:
            return data
        pieces, count = [data], len(data)
        while count < enough and (data := self._read()):
            pieces.append(data)
            count += len(data)
        return b"".join(pieces)

    def read_all(self) -> bytes:
        """Everything that the host has written since the last call: what the kernel holds."""
        pieces = []
        while data := self._read():
            pieces.append(data)
            if len(pieces) >= _MOST_PIECES:  # it writes as fast as we read
                break
        return b"".join(pieces)

    def write(self, data: bytes | bytearray) -> int:
        """Give bytes to the host; returns how many it had room for."""
        try:
            count = os.write(self.descriptor, data)
        except BlockingIOError:
            return 0
        self._written_bytes += count
        return count

    def is_untouched(self) -> bool:
        """The host was given bytes, and all of them still wait for it: it has read none."""
        return 0 < self._written_bytes <= self.unread_bytes()

    def unread_bytes(self) -> int:
        """How many bytes the host could read at once: of those it was given and has not read."""
        answer = fcntl.ioctl(self._terminal, termios.FIONREAD, bytes(4))
        return int(struct.unpack("i", answer)[0])

    def close(self) -> None:
        """The port is gone."""
        os.close(self._terminal)
        os.close(self.descriptor)

    def _read(self) -> bytes:
        try:
            return os.read(self.descriptor, _READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno == errno.EIO:  # nobody has the terminal side open
                return b""
            raise

    def _set_baud(self, baud: int) -> None:
        """Start at the device's rate, so that a host that never sets one matches."""
        code = getattr(termios, f"B{baud}", None)
        if code is not None:
            attributes = termios.tcgetattr(self._terminal)
            attributes[4] = attributes[5] = code
            termios.tcsetattr(self._terminal, termios.TCSANOW, attributes)


def _new_pty() -> tuple[int, int]:
    try:
        return os.openpty()
    except OSError as error:
        hint = "raise the limit of open files (`ulimit -n`), two for each device"
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            hint = "the system has no pseudo terminal left (on Linux: /proc/sys/kernel/pty/max)"
        raise QuecsimError(f"no port can be made: {error.strerror}", hint=hint) from None
