"""Which other programs have a port open, as far as /proc lets us see; and what drives it."""

import contextlib
import os
from pathlib import Path

_PROC = Path("/proc")
_DEVICES = Path("/sys/dev/char")
_USB_SERIAL = Path("/sys/bus/usb-serial/devices")
_TTYS = Path("/sys/class/tty")
# Drivers of ports behind which there is no line: the module itself is at the other end of the USB.
_OWN_USB = frozenset(
    ("option", "option1", "qcserial", "cdc_acm", "sierra", "GobiSerial", "usb_wwan")
)


def holders(path: str, proc: Path = _PROC) -> list[str]:
    """Programs with the port `path` open, but for this one: `ModemManager (process 812)`."""
    target, own = os.path.realpath(path), str(os.getpid())
    found = []
    for folder in sorted(proc.iterdir(), key=lambda each: each.name):
        if folder.name.isdecimal() and folder.name != own and _has_open(folder, target):
            found.append(f"{_name(folder)} (process {folder.name})")
    return found


def is_pty(path: str) -> bool:
    """It is a pseudo terminal: whoever has made it has it open, too, and uses nothing up."""
    return os.path.realpath(path).startswith("/dev/pts/")


def rivals(path: str, proc: Path = _PROC) -> list[str]:
    """The same, of those that take bytes away: nobody is known of a pseudo terminal."""
    return [] if is_pty(path) else holders(path, proc)


def driver(path: str, ttys: Path = _TTYS) -> str:
    """The name of the driver of a port, empty where there is none to be seen."""
    link = ttys / Path(os.path.realpath(path)).name / "device" / "driver"
    return Path(os.path.realpath(link)).name if link.exists() else ""


def is_usb_of_module(path: str, ttys: Path = _TTYS) -> bool:
    """The port is the module's own USB: its baud rate is that of no line."""
    return driver(path, ttys) in _OWN_USB


def latency(path: str, ports: Path = _USB_SERIAL) -> tuple[int, Path]:
    """For how many milliseconds its adapter may hold bytes back, and where that is set; 0: it does
    not, as far as its driver says.
    """
    timer = ports / Path(os.path.realpath(path)).name / "latency_timer"
    with contextlib.suppress(OSError, ValueError):
        return int(timer.read_text()), timer
    return 0, timer


def is_perhaps_tty(number: int, devices: Path = _DEVICES) -> bool:
    """The character device with that number (`st_rdev`) is a terminal, as far as the system says:
    it says nothing of pseudo terminals.
    """
    kind = devices / f"{os.major(number)}:{os.minor(number)}" / "subsystem"
    return not kind.exists() or Path(os.path.realpath(kind)).name == "tty"


def _has_open(folder: Path, target: str) -> bool:
    with contextlib.suppress(OSError):  # it has ended, or is somebody else's
        for entry in (folder / "fd").iterdir():
            with contextlib.suppress(OSError):
                if str(entry.readlink()) == target:
                    return True
    return False


def _name(folder: Path) -> str:
    with contextlib.suppress(OSError):
        return (folder / "comm").read_text(errors="replace").strip() or "a program"
    return "a program"
