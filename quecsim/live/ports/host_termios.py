"""What the host has set on its side of a pty: baud rate, frame, flow control.

Read from the controlling side, which shows the terminal side's settings (Linux and macOS).
"""

import contextlib
import fcntl
import struct
import sys
import termios
from dataclasses import dataclass, replace

_BAUDS = {
    getattr(termios, name): int(name[1:])
    for name in dir(termios)
    if name[0] == "B" and name[1:].isdigit()
}
_BITS = {termios.CS5: 5, termios.CS6: 6, termios.CS7: 7, termios.CS8: 8}
_MARK_OR_SPACE = 0o10000000000  # CMSPAR, which the termios module does not name
_TCGETS2 = 0x802C542A  # Linux: the settings with the baud rate as a number
_TERMIOS2 = struct.Struct("4IB19B2I")
_BLANK = bytes(_TERMIOS2.size)
_IFLAG, _CFLAG, _OSPEED = 0, 2, 5


@dataclass(frozen=True, slots=True)
class HostLineSettings:
    """The host's end of the line. `flow` is none, rtscts or xonxoff."""

    baud: int
    frame: str
    flow: str

    def on_a_pty(self, device_frame: str) -> "HostLineSettings":
        """The same with the data bits and parity of `device_frame`.

        A Linux pty shows 8 data bits and no parity whatever the host asks for: they say nothing,
        so the host gets the benefit of the doubt. Baud rate and stop bits are its own.
        """
        return replace(self, frame=device_frame[:2] + self.frame[2:])


def snapshot(descriptor: int) -> object:
    """Something that differs as soon as the host changes a setting; far cheaper than reading it."""
    if sys.platform == "linux":
        return fcntl.ioctl(descriptor, _TCGETS2, _BLANK)
    return termios.tcgetattr(descriptor)


def read_settings(descriptor: int) -> HostLineSettings:
    """The settings of the terminal behind `descriptor`."""
    attributes = termios.tcgetattr(descriptor)
    iflag, cflag, speed = attributes[_IFLAG], attributes[_CFLAG], attributes[_OSPEED]
    baud = _BAUDS.get(speed) or _custom_baud(descriptor)
    return HostLineSettings(baud, _frame(cflag), _flow(iflag, cflag))


def frame_flags(frame: str) -> int:
    """The bits of a terminal's cflag for `frame`, such as 8N1."""
    flags = next(flag for flag, bits in _BITS.items() if bits == int(frame[0]))
    flags |= {
        "N": 0,
        "E": termios.PARENB,
        "O": termios.PARENB | termios.PARODD,
        "S": termios.PARENB | _MARK_OR_SPACE,
        "M": termios.PARENB | termios.PARODD | _MARK_OR_SPACE,
    }[frame[1]]
    return flags | (termios.CSTOPB if frame[2] == "2" else 0)


def _frame(cflag: int) -> str:
    data_bits, stop_bits = _BITS[cflag & termios.CSIZE], 2 if cflag & termios.CSTOPB else 1
    return f"{data_bits}{_parity(cflag)}{stop_bits}"


def _parity(cflag: int) -> str:
    if not cflag & termios.PARENB:
        return "N"
    is_odd, is_sticky = bool(cflag & termios.PARODD), bool(cflag & _MARK_OR_SPACE)
    return {(0, 0): "E", (1, 0): "O", (0, 1): "S", (1, 1): "M"}[is_odd, is_sticky]


def _flow(iflag: int, cflag: int) -> str:
    if cflag & termios.CRTSCTS:
        return "rtscts"
    return "xonxoff" if iflag & termios.IXON else "none"


def _custom_baud(descriptor: int) -> int:
    """A rate that has no B constant; 0 (hang up) where the system cannot say."""
    with contextlib.suppress(OSError):
        answer = fcntl.ioctl(descriptor, _TCGETS2, _BLANK)
        return int(_TERMIOS2.unpack(answer)[-1])
    return 0
