"""Opening a serial port so that nothing can hang on it, and what a host asks of a port.

    open_port(path, ...)    a pyserial port (device path or pyserial URL), exclusive where possible
    Port                    the few things the host uses: any pyserial port has them

Modem lines are never touched: on a pseudo terminal their ioctls fail with ENOTTY. RTS/CTS is left
to the driver, which is told by CRTSCTS.
"""

import errno
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

import serial

from quecsim.errors import QuecsimError

POLL_S = 0.05
"""The read time-out of every port of ours: the grain in which silence is counted."""

BITS_PER_BYTE = 12
"""The longest frame: start, 8 data, parity, 2 stop."""

DRIVER_BUFFER_BYTES = 16_384
"""What the kernel may hold between our write and the wire: a pty's limit, the largest we know."""


class Port(Protocol):
    """The part of a pyserial port that the host uses."""

    timeout: float | None
    baudrate: int

    @property
    def in_waiting(self) -> int:
        """Bytes that a read would return at once."""

    def read(self, size: int = 1, /) -> bytes:
        """Up to `size` bytes; fewer, or none, when `timeout` seconds pass."""

    def write(self, data: bytes, /) -> int | None:
        """Hand over all of `data`, or raise serial.SerialTimeoutException."""

    def reset_output_buffer(self) -> None:
        """Forget what was written and is not yet on the wire."""

    def close(self) -> None:
        """Give the port back."""


@runtime_checkable
class Reopenable(Protocol):
    """A port that can be opened again under its name: any real one."""

    def open(self) -> None:
        """Open it. Raises OSError while it is not there."""


def line_seconds(count_bytes: int, baud: int) -> float:
    """How long `count_bytes` may take on the wire at `baud`, in seconds, rounded up freely."""
    return count_bytes * BITS_PER_BYTE / max(baud, 1)


def open_port(path: str, *, baud: int, rtscts: bool, timeout_s: float) -> Port:
    """Open `path` at `baud`, raw, 8N1; a write that is held back longer than `timeout_s` fails.

    The time that the driver's own buffer needs on the wire is added to `timeout_s`. Raises
    QuecsimError, which says what to do, when there is no such port, or it is busy, or not a port.
    """
    held_back_s = timeout_s + line_seconds(DRIVER_BUFFER_BYTES, baud)
    try:
        port = serial.serial_for_url(
            path,
            baudrate=baud,
            timeout=POLL_S,
            # pyserial's RFC 2217 client refuses a write time-out; its socket has one of its own
            write_timeout=None if path.lower().startswith("rfc2217:") else held_back_s,
            rtscts=rtscts,
            exclusive=True,
        )
    except (OSError, ValueError) as error:
        raise _cannot_open(path, baud, error) from error
    return cast(Port, port)


def _cannot_open(path: str, baud: int, error: OSError | ValueError) -> QuecsimError:
    """The user's mistake behind pyserial's error, with what to do about it."""
    number = getattr(error, "errno", None)
    if number == errno.ENOENT or (number is None and "://" not in path and not Path(path).exists()):
        return QuecsimError(f"no such port: {path}", hint=_ports_here())
    if number == errno.EACCES:
        hint = "join the group that owns it (often `dialout`), or run as a user who may"
        return QuecsimError(f"no permission to open {path}", hint=hint)
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in str(error):
        from quecsim.live.ports.holders import rivals

        who = ", ".join(rivals(path)) or "another program"
        return QuecsimError(f"{path} is in use by {who}", hint="close it and try again")
    if "baud" in str(error).lower():
        return QuecsimError(f"{path} cannot do {baud} baud", hint="try --baud 115200")
    hint = "give a serial port, a pseudo terminal, or a URL such as rfc2217://host:port"
    return QuecsimError(f"cannot open {path} as a serial port: {error}", hint=hint)


def _ports_here() -> str:
    """A hint that names the serial ports of this machine."""
    from serial.tools.list_ports import comports

    names = ", ".join(sorted(port.device for port in comports()))
    found = f"ports on this machine: {names}" if names else "no serial port found on this machine"
    return f"{found}; `quecsim run ec200u` makes one"
