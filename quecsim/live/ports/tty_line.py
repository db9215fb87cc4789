"""A real serial port of this machine: opened for us alone, set up raw, and left as it was found."""

import contextlib
import errno
import fcntl
import os
import stat
import struct
import sys
import termios

from quecsim.errors import QuecsimError
from quecsim.live.ports.holders import rivals
from quecsim.live.ports.host_termios import frame_flags, read_settings
from quecsim.live.ports.termios2 import read_termios, restore_termios, unsent_bytes

_IFLAG, _OFLAG, _CFLAG, _LFLAG, _ISPEED, _OSPEED, _CC = range(7)
_LINUX = sys.platform == "linux"
_TCGETS2, _TCSETSW2, _BOTHER = 0x802C542A, 0x402C542C, 0o010000  # Linux: any rate, as a number
_TERMIOS2 = struct.Struct("4IB19B2I")
_TIOCGEXCL = 0x80045440
_TIOCGSERIAL, _TIOCSSERIAL = 0x541E, 0x541F
_SERIAL_INTS, _FLAGS_PLACE, _LOW_LATENCY = 32, 4, 0x2000
_MARKS = termios.PARMRK | termios.INPCK
_NO_LINES = (errno.ENOTTY, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EIO)
_MOST_OFF = 0.02  # of a rate: more, and a UART at the other end misreads

_HINTS = {
    errno.ENOENT: "is the adapter plugged in? `ls /dev/serial/by-id` lists those that are",
    errno.ENXIO: "is the adapter plugged in?",
    errno.ENODEV: "is the adapter plugged in?",
    errno.EACCES: "you need the right to open it: often the group dialout (or uucp), and a new "
    "login after that",
    errno.EBUSY: "another program has it open (a terminal, ModemManager): end that first",
}


class TtyLine:
    """`descriptor` reads and writes without waiting. Raises QuecsimError for what is no serial
    port, or somebody else's, or not there.

    `marks_errors`: breaks and damaged bytes are marked in what is read (`line_marks`).
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor = _opened(path)
        try:
            _lock(self.descriptor, path)
            self._found = termios.tcgetattr(self.descriptor)
            self._found_rate = read_termios(self.descriptor) if _LINUX else None
            self._found_flags = self._serial_flags()
        except BaseException:
            os.close(self.descriptor)
            raise
        self.marks_errors = False

    def set(self, baud: int, frame: str) -> str:
        """Raw, without flow control of the driver's, at that rate; what was written goes first.
        Returns what is wrong with the rate, in words, where the UART has it not.
        """
        try:
            self._set(baud, frame)
            self.marks_errors = bool(termios.tcgetattr(self.descriptor)[_IFLAG] & termios.PARMRK)
            now = read_settings(self.descriptor)
        except (OSError, termios.error):
            return f"{self.path} cannot be set to {baud} {frame}"
        if abs(now.baud - baud) > baud * _MOST_OFF:
            return f"{self.path} was set to {baud} baud and runs at {now.baud}"
        return ""

    def flush(self) -> None:
        """What came before us, or was not sent, is thrown away."""
        with contextlib.suppress(termios.error):
            termios.tcflush(self.descriptor, termios.TCIOFLUSH)

    def lower_latency(self) -> bool:
        """Ask the driver to pass bytes on at once (FTDI: a latency timer of 1 ms in place of 16);
        True where it has such a setting.
        """
        if self._found_flags is None:
            return False
        return self._set_serial_flags(self._found_flags | _LOW_LATENCY)

    def close(self) -> None:
        """All settings are as they were found."""
        try:
            if self._found_flags is not None:
                self._set_serial_flags(self._found_flags)
            with contextlib.suppress(termios.error):  # it is gone
                if unsent_bytes(self.descriptor):  # closing would wait for them
                    termios.tcflush(self.descriptor, termios.TCOFLUSH)
                termios.tcsetattr(self.descriptor, termios.TCSANOW, self._found)
            if self._found_rate is not None:  # one without a name is not among those settings
                restore_termios(self.descriptor, self._found_rate)
            with contextlib.suppress(OSError):
                fcntl.ioctl(self.descriptor, termios.TIOCNXCL)
        finally:
            os.close(self.descriptor)

    def _set(self, baud: int, frame: str) -> None:
        attributes = termios.tcgetattr(self.descriptor)
        attributes[_IFLAG] = _MARKS
        attributes[_OFLAG] = attributes[_LFLAG] = 0
        attributes[_CFLAG] = termios.CREAD | termios.CLOCAL | termios.HUPCL | frame_flags(frame)
        attributes[_CC][termios.VMIN] = 1
        attributes[_CC][termios.VTIME] = 0
        code = getattr(termios, f"B{baud}", None)
        attributes[_ISPEED] = attributes[_OSPEED] = code or termios.B38400
        termios.tcsetattr(self.descriptor, termios.TCSADRAIN, attributes)
        if code is None:
            self._set_custom(baud)

    def _set_custom(self, baud: int) -> None:
        if not _LINUX:
            raise OSError(errno.EINVAL, "no such rate")
        answer = fcntl.ioctl(self.descriptor, _TCGETS2, bytes(_TERMIOS2.size))
        values = list(_TERMIOS2.unpack(answer))
        values[_CFLAG] = values[_CFLAG] & ~0o010017 | _BOTHER
        values[-2] = values[-1] = baud
        fcntl.ioctl(self.descriptor, _TCSETSW2, _TERMIOS2.pack(*values))

    def _serial_flags(self) -> int | None:
        if not _LINUX:
            return None
        try:
            answer = fcntl.ioctl(self.descriptor, _TIOCGSERIAL, bytes(4 * _SERIAL_INTS))
        except OSError:
            return None
        return int(struct.unpack(f"{_SERIAL_INTS}i", answer)[_FLAGS_PLACE])

    def _set_serial_flags(self, flags: int) -> bool:
        try:
            answer = fcntl.ioctl(self.descriptor, _TIOCGSERIAL, bytes(4 * _SERIAL_INTS))
            values = list(struct.unpack(f"{_SERIAL_INTS}i", answer))
            if values[_FLAGS_PLACE] != flags:
                values[_FLAGS_PLACE] = flags
                packed = struct.pack(f"{_SERIAL_INTS}i", *values)
                fcntl.ioctl(self.descriptor, _TIOCSSERIAL, packed)
        except OSError:
            return False
        return True


def _opened(path: str) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _cannot_open(path, error) from None
    if not os.isatty(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        os.close(descriptor)
        what = "a folder" if is_folder else "no serial port"
        raise QuecsimError(f"{path} is {what}", hint=_HINTS[errno.ENOENT])
    return descriptor


def lock_port(descriptor: int) -> None:
    """The port is for us alone: by the lock that other programs look at, and by the kernel's own,
    which root is not held by. Raises OSError; its number is EBUSY where somebody else has it so.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _busy() from None
    if _LINUX and any(fcntl.ioctl(descriptor, _TIOCGEXCL, bytes(4))):
        raise _busy()
    fcntl.ioctl(descriptor, termios.TIOCEXCL)


def _lock(descriptor: int, path: str) -> None:
    try:
        lock_port(descriptor)
    except OSError as error:
        raise _cannot_open(path, error) from None


def _busy() -> OSError:
    return OSError(errno.EBUSY, os.strerror(errno.EBUSY))


def _cannot_open(path: str, error: OSError) -> QuecsimError:
    hint = _HINTS.get(error.errno or 0, "give the path of a serial port, such as /dev/ttyUSB0")
    if error.errno == errno.EBUSY and (others := rivals(path)):
        hint = f"{', '.join(others)} has it open: end that first"
    return QuecsimError(f"cannot open {path}: {error.strerror}", hint=hint)
