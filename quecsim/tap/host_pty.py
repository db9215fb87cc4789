"""A pseudo terminal as the host's side of a tap (Linux).

Nobody but the host has its terminal side open, so that it shows when he comes and goes. Packet mode
tells when he throws away what he has not read, or what he has written. It is raw before the first
host sees it, with the rate of the module's port.

A host who is not there hears nothing, as on a serial port; what he left unread is gone when he
closes it.
"""

import contextlib
import errno
import fcntl
import os
import select
import struct
import termios
import tty

from quecsim.errors import QuecsimError
from quecsim.live.ports.deed import Purge
from quecsim.live.ports.host_termios import HostLineSettings, read_settings, snapshot
from quecsim.live.ports.termios2 import read_termios, write_termios
from quecsim.tap.host import Did, Presence

_READ_FLUSHED, _WRITE_FLUSHED = termios.TIOCPKT_FLUSHREAD, termios.TIOCPKT_FLUSHWRITE

_READ = select.EPOLLIN | select.EPOLLPRI


class HostPty:
    """A `TapHost`. It begins with the rate and flow control of `line`, and with HUPCL, as a serial
    port does, where it `hangs_up`.
    """

    shows_frame = False

    def __init__(self, line: HostLineSettings, *, hangs_up: bool = True) -> None:
        self.descriptor, terminal = _new_pty()
        try:
            self.path = os.ttyname(terminal)
            tty.setraw(terminal, termios.TCSANOW)
            made = read_termios(terminal).raw(line)
            write_termios(terminal, made.hanging_up(does=hangs_up))
            os.set_blocking(self.descriptor, False)
            fcntl.ioctl(self.descriptor, termios.TIOCPKT, struct.pack("i", 1))
        finally:
            os.close(terminal)
        self.is_open = False
        self._poll = select.poll()
        self._poll.register(self.descriptor, 0)
        self._snapshot = snapshot(self.descriptor)
        self.settings = read_settings(self.descriptor)

    def wants(self, *, read: bool, write: bool) -> int:
        """See `TapHost`. Where the host has nothing that is wanted, or has gone, only changes
        count: a hang-up would wake us all the time.
        """
        mask = (_READ if read else 0) | (select.EPOLLOUT if write else 0)
        return mask if read and self.is_open else mask | select.EPOLLET

    def take(self, most: int) -> list[Did]:
        """See `TapHost`. Settings come before the bytes that are read with them."""
        did: list[Did] = []
        if not self.is_open and not self._is_hung_up:
            did.append(self._come())
        data, purges, has_left = self._read(most)
        if data and not self.is_open:  # opened and written to since the last look, perhaps closed
            did.append(self._come())
        did += purges
        if (settings := self._new_settings()) is not None:
            did.append(settings)
        if data:
            did.append(data)
        if has_left and self.is_open:
            self.is_open = False
            did.append(Presence(is_open=False, hangs_up=read_termios(self.descriptor).hangs_up))
            self._forget_unread()
        return did

    def write(self, data: bytes | bytearray) -> int:
        """See `TapHost`."""
        try:
            return os.write(self.descriptor, data)
        except BlockingIOError:
            return 0
        except OSError:  # nobody has the terminal side open
            return 0

    def close(self) -> None:
        """See `TapHost`."""
        os.close(self.descriptor)

    @property
    def _is_hung_up(self) -> bool:
        return any(events & select.POLLHUP for _, events in self._poll.poll(0))

    def _come(self) -> Presence:
        self.is_open = True
        return Presence(is_open=True)

    def _read(self, most: int) -> tuple[bytes, list[Did], bool]:
        """(bytes, what was thrown away before them, the host has closed it)."""
        purges: list[Did] = []
        while most:
            try:
                packet = os.read(self.descriptor, most + 1)
            except BlockingIOError:
                return b"", purges, False
            except OSError as error:
                if error.errno == errno.EIO:
                    return b"", purges, True
                raise
            kind = packet[0] if packet else 0
            if kind == termios.TIOCPKT_DATA:
                return packet[1:], purges, False
            if kind & (_READ_FLUSHED | _WRITE_FLUSHED):
                unsent = bool(kind & _WRITE_FLUSHED)
                purges.append(Purge(received=bool(kind & _READ_FLUSHED), unsent=unsent))
        return b"", purges, False

    def _new_settings(self) -> HostLineSettings | None:
        """What the host has set since the last look. Rate 0 means "hang up", and is no rate."""
        now = snapshot(self.descriptor)
        if now == self._snapshot:
            return None
        self._snapshot = now
        settings = read_settings(self.descriptor)
        if not settings.baud or settings == self.settings:
            return None
        self.settings = settings
        return settings

    def _forget_unread(self) -> None:
        """What waits for the host that has gone is not for the next one."""
        with contextlib.suppress(OSError, termios.error):
            terminal = os.open(self.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                termios.tcflush(terminal, termios.TCIFLUSH)
            finally:
                os.close(terminal)
            os.read(self.descriptor, 1)  # that we did so: a packet without data


def _new_pty() -> tuple[int, int]:
    try:
        return os.openpty()
    except OSError as error:
        hint = "raise the limit of open files (`ulimit -n`), or of /proc/sys/kernel/pty/max"
        raise QuecsimError(f"no port can be made: {error.strerror}", hint=hint) from None
