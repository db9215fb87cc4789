"""All settings of a terminal at once, any baud rate included (Linux)."""

import contextlib
import fcntl
import struct
import termios
from dataclasses import dataclass, replace

from quecsim.live.ports.host_termios import HostLineSettings, frame_flags

_GET, _SET = 0x802C542A, 0x402C542B
_FORM = struct.Struct("4IB19B2I")
_INT = struct.Struct("i")
_BLANK = bytes(_FORM.size)
_RATE = 0o10017
_ANY_RATE = 0o10000


@dataclass(frozen=True, slots=True)
class Termios2:
    """The kernel's `struct termios2`; rates in baud."""

    iflag: int
    oflag: int
    cflag: int
    lflag: int
    discipline: int
    characters: tuple[int, ...]
    in_baud: int
    out_baud: int

    @property
    def hangs_up(self) -> bool:
        """DTR and RTS go off when the last one closes it."""
        return bool(self.cflag & termios.HUPCL)

    def raw(self, line: HostLineSettings) -> "Termios2":
        """The same terminal, raw, with that rate, frame and flow control. A rate of 0 is none:
        the one that it has stays.
        """
        keeps = self.cflag & (termios.HUPCL | _RATE)
        cflag = keeps | termios.CREAD | termios.CLOCAL | frame_flags(line.frame)
        cflag |= termios.CRTSCTS if line.flow == "rtscts" else 0
        characters = list(self.characters)
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
        made = replace(
            self,
            iflag=termios.IXON | termios.IXOFF if line.flow == "xonxoff" else 0,
            oflag=0,
            cflag=cflag,
            lflag=0,
            characters=tuple(characters),
        )
        return made if not line.baud else made.at(line.baud)

    def hanging_up(self, *, does: bool) -> "Termios2":
        """The same, with `hangs_up` so."""
        return replace(self, cflag=self.cflag & ~termios.HUPCL | (termios.HUPCL if does else 0))

    def at(self, baud: int) -> "Termios2":
        """The same at another rate, both ways."""
        code = getattr(termios, f"B{baud}", _ANY_RATE)
        cflag = self.cflag & ~(_RATE | _RATE << 16) | code
        return replace(self, cflag=cflag, in_baud=baud, out_baud=baud)


def read_termios(descriptor: int) -> Termios2:
    """The settings as they are. Raises OSError where it is no terminal."""
    iflag, oflag, cflag, lflag, discipline, *rest = _FORM.unpack(
        fcntl.ioctl(descriptor, _GET, _BLANK)
    )
    return Termios2(iflag, oflag, cflag, lflag, discipline, tuple(rest[:-2]), rest[-2], rest[-1])


def write_termios(descriptor: int, wanted: Termios2) -> None:
    """Set them, at once. Raises OSError."""
    one = wanted
    packed = _FORM.pack(one.iflag, one.oflag, one.cflag, one.lflag, one.discipline,
                        *one.characters, one.in_baud, one.out_baud)  # fmt: skip
    fcntl.ioctl(descriptor, _SET, packed)


def restore_termios(descriptor: int, found: Termios2) -> None:
    """Set them again; a terminal that has vanished has none."""
    with contextlib.suppress(OSError):
        write_termios(descriptor, found)


def unsent_bytes(descriptor: int) -> int:
    """How many bytes the driver has still to send; 0 where it does not count them, as a pseudo
    terminal does not, or where it has gone.
    """
    with contextlib.suppress(OSError):
        answer = fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(_INT.size))
        return int(_INT.unpack(answer)[0])
    return 0
