"""A serial port of this machine as the module's side: alone with it, and gone as we came (Linux).

It is ours alone by a lock (flock, as pyserial's and picocom's) and by TIOCEXCL, which refuses
others. What was set before is kept, and set again at the end.
"""

import contextlib
import errno
import fcntl
import os
import stat
import struct
import termios
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.live.ports.deed import ModemLines, Wire
from quecsim.live.ports.holders import is_perhaps_tty, is_usb_of_module, latency, rivals
from quecsim.live.ports.host_termios import HostLineSettings, read_settings
from quecsim.live.ports.termios2 import (
    read_termios,
    restore_termios,
    unsent_bytes,
    write_termios,
)
from quecsim.live.ports.tty_line import lock_port
from quecsim.tap.module_port import NO_LINES, PortGoneError

_READ_BYTES = 4096
_COUNTERS = 0x545D  # TIOCGICOUNT: what struct serial_icounter_struct holds
_COUNTER_NAMES = (
    "cts", "dsr", "ri", "dcd", "rx", "tx", "frame", "overrun", "parity", "break", "dropped",
)  # fmt: skip
_COUNTER_FORM = struct.Struct(f"{len(_COUNTER_NAMES)}i9i")
_TOLD = ("overrun", "dropped", "frame", "parity", "break", "cts", "dsr", "dcd", "ri")
_INT = struct.Struct("i")
_LINES: dict[Wire, int] = {"dtr": termios.TIOCM_DTR, "rts": termios.TIOCM_RTS}
_BREAK_ON, _BREAK_OFF = 0x5427, 0x5428  # TIOCSBRK, TIOCCBRK
_HINT = "give the port as it is in /dev (ls /dev/serial/by-id), or a pyserial URL (rfc2217://...)"


class TtyPort:
    """A `ModulePort`. Raises QuecsimError where `path` is no serial port, or somebody has it."""

    wants_write = False

    def __init__(self, path: str) -> None:
        self.name = path
        self.descriptor = _open(path)
        try:
            _make_ours(self.descriptor, path)
            self._before = read_termios(self.descriptor)
            self.found = read_settings(self.descriptor)
        except (OSError, termios.error) as error:
            os.close(self.descriptor)
            raise QuecsimError(f"{path} is no serial port", hint=_HINT) from error
        except BaseException:
            os.close(self.descriptor)
            raise
        self.hangs_up = self._before.hangs_up
        self.has_rate = not is_usb_of_module(path)
        self._lines = self._modem_lines()
        self.has_modem_lines = self._lines is not None
        self._counted = self._counters()

    @property
    def traits(self) -> list[str]:
        """See `ModulePort`."""
        told = []
        held_ms, timer = latency(self.name)
        if held_ms > 1:
            told.append(
                f"{self.name} holds bytes back for up to {held_ms} ms: write 1 into {timer}"
            )
        if not self.has_rate:
            told.append(
                f"{self.name} is the module's own USB: no line paces it, and no rate counts"
            )
        return told

    def read(self) -> bytes:
        """See `ModulePort`."""
        try:
            data = os.read(self.descriptor, _READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PortGoneError(_why(error)) from None
        if not data:  # with VMIN 1 that is a hang-up, and never silence
            raise PortGoneError("it was hung up: unplugged, or the module has restarted")
        return data

    def write(self, data: bytes | bytearray) -> int:
        """See `ModulePort`."""
        try:
            return os.write(self.descriptor, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise PortGoneError(_why(error)) from None

    def flush(self) -> None:
        """See `ModulePort`."""

    def unsent_bytes(self) -> int:
        """See `ModulePort`."""
        return unsent_bytes(self.descriptor)

    def discard_unsent(self) -> None:
        """See `ModulePort`."""
        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(self.descriptor, termios.TCOFLUSH)

    def set_line(self, line: HostLineSettings) -> str:
        """See `ModulePort`."""
        try:
            write_termios(self.descriptor, self._before.raw(line))
            made = read_settings(self.descriptor)
        except (OSError, termios.error) as error:
            if isinstance(error, OSError) and error.errno == errno.EINVAL:
                return f"{line.baud} baud"
            raise PortGoneError(_why(error)) from None
        is_at_it = not line.baud or abs(made.baud - line.baud) * 50 <= line.baud  # 2 %: UARTs round
        return "" if is_at_it else f"{line.baud} baud (it has {made.baud})"

    def switch(self, wire: Wire, *, is_on: bool) -> None:
        """See `ModulePort`."""
        with contextlib.suppress(OSError):  # one without that wire
            if wire == "break":
                fcntl.ioctl(self.descriptor, _BREAK_ON if is_on else _BREAK_OFF)
            elif self.has_modem_lines:
                how = termios.TIOCMBIS if is_on else termios.TIOCMBIC
                fcntl.ioctl(self.descriptor, how, _INT.pack(_LINES[wire]))

    def lines(self) -> ModemLines:
        """See `ModulePort`."""
        bits = self._modem_lines() if self.has_modem_lines else None
        if bits is None:
            return NO_LINES
        return ModemLines(
            cts=bool(bits & termios.TIOCM_CTS),
            dsr=bool(bits & termios.TIOCM_DSR),
            dcd=bool(bits & termios.TIOCM_CAR),
            ri=bool(bits & termios.TIOCM_RNG),
            idle=not self.unsent_bytes(),
        )

    def line_errors(self) -> dict[str, int]:
        """See `ModulePort`."""
        now = self._counters()
        return {key: now[key] - self._counted[key] for key in _TOLD if key in now}

    def close(self) -> None:
        """See `ModulePort`. What the driver has not sent is thrown away: closing would wait for it.
        Where it counts none, as a pseudo terminal does, nothing waits, and what it holds goes on.
        """
        if self.unsent_bytes():
            self.discard_unsent()
        if self._lines is not None:
            with contextlib.suppress(OSError):
                fcntl.ioctl(self.descriptor, termios.TIOCMSET, _INT.pack(self._lines))
        restore_termios(self.descriptor, self._before)
        with contextlib.suppress(OSError):
            fcntl.ioctl(self.descriptor, termios.TIOCNXCL)
        with contextlib.suppress(OSError):
            os.close(self.descriptor)

    def _modem_lines(self) -> int | None:
        """The lines as they are; None for a port without any, as a pseudo terminal is."""
        with contextlib.suppress(OSError):
            answer = fcntl.ioctl(self.descriptor, termios.TIOCMGET, bytes(_INT.size))
            return int(_INT.unpack(answer)[0])
        return None

    def _counters(self) -> dict[str, int]:
        with contextlib.suppress(OSError):
            answer = fcntl.ioctl(self.descriptor, _COUNTERS, bytes(_COUNTER_FORM.size))
            return dict(zip(_COUNTER_NAMES, _COUNTER_FORM.unpack(answer), strict=False))
        return {}


def _open(path: str) -> int:
    """The port, whose like is looked at first: some devices do something when they are opened."""
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            raise QuecsimError(f"{path} is a folder, and no serial port", hint=_HINT)
        if not (stat.S_ISCHR(status.st_mode) and is_perhaps_tty(status.st_rdev)):
            raise QuecsimError(f"{path} is no serial port", hint=_HINT)
        return os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:
        raise QuecsimError(f"{path!r} cannot be a port", hint=_HINT) from None
    except OSError as error:
        raise _cannot_open(path, error) from None


def _make_ours(descriptor: int, path: str) -> None:
    """Nobody else has it, or gets it. Raises QuecsimError, or OSError: it is no terminal."""
    if not os.isatty(descriptor):
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
    if others := rivals(path):
        raise _in_use(path, others)
    try:
        lock_port(descriptor)
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise _in_use(path, rivals(path)) from None
        raise


def _in_use(path: str, others: list[str]) -> QuecsimError:
    if not others:
        return QuecsimError(
            f"{path} is in use by another program",
            hint="close it and try again; `sudo fuser -v` with the port names it",
        )
    hint = "close it and try again"
    if any(each.startswith("ModemManager") for each in others):
        hint = "stop it while you look: sudo systemctl stop ModemManager"
    return QuecsimError(f"{path} is in use by {', '.join(others)}", hint=hint)


def _cannot_open(path: str, error: OSError) -> QuecsimError:
    if error.errno == errno.ENOENT:
        return QuecsimError(f"no such port: {path}", hint=_HINT)
    if error.errno == errno.EACCES:
        hint = "join the group that owns it (often `dialout`), or run as a user who may"
        return QuecsimError(f"no permission to open {path}", hint=hint)
    if error.errno == errno.EBUSY:
        return _in_use(path, rivals(path))
    return QuecsimError(f"cannot open {path}: {error.strerror}", hint=_HINT)


def _why(error: OSError | termios.error) -> str:
    number = error.args[0] if error.args else 0
    if number in (errno.EIO, errno.ENXIO, errno.ENODEV):
        return "it was hung up: unplugged, or the module has restarted"
    return os.strerror(number) if isinstance(number, int) and number else str(error)
