"""The user's files: read up to a bound and never waited for, made for nobody else's eyes.

Whatever is wrong with a file is an OSError whose `strerror` is fit to be told. A file that has no
end, or that somebody must first write into, is wrong: only regular files are read, /dev/null, and
pipes that the shell has opened for us (`<(...)`, /dev/stdin).
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 1 << 26
"""No upload, package, image or case is larger: 64 MiB."""

_OPENED_FOR_US = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")
_KINDS = (
    (stat.S_ISFIFO, "it is a pipe, and no file"),
    (stat.S_ISCHR, "it is a device, and no file"),
    (stat.S_ISBLK, "it is a device, and no file"),
    (stat.S_ISSOCK, "it is a socket, and no file"),
)


def read_file(path: str | Path, most_bytes: int = MOST_BYTES) -> bytes:
    """All of the file. Raises OSError, also where it has more than `most_bytes`."""
    with open_file(path, most_bytes) as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise too_large(path, most_bytes)
    return data


def open_file(path: str | Path, most_bytes: int = MOST_BYTES) -> BinaryIO:
    """Open a file that has an end, to read it. Raises OSError, also where it is known to have more
    than `most_bytes`.
    """
    descriptor = _open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would wait for its other end
    try:
        status = os.fstat(descriptor)
        mode = status.st_mode
        if stat.S_ISDIR(mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        is_pipe = stat.S_ISFIFO(mode) and _is_opened_for_us(path)
        if not (stat.S_ISREG(mode) or is_pipe or str(path) == os.devnull):
            raise OSError(errno.EINVAL, _kind(mode), str(path))
        if status.st_size > most_bytes:
            raise too_large(path, most_bytes)
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def create_private(path: str | Path, *, is_new: bool = False) -> BinaryIO:
    """Make the file, or empty one that is there (not `is_new`), to write into it. Raises OSError.

    A file that is made is its owner's alone to read: what a device holds may be keys. A pipe that
    nobody reads is an error; one that is read is opened so that it never waits (`O_NONBLOCK`).
    """
    how = os.O_EXCL if is_new else os.O_TRUNC
    try:
        descriptor = _open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | how, 0o600)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(error.errno, "it is a pipe that nobody reads", str(path)) from None
        raise
    return os.fdopen(descriptor, "wb")


@contextmanager
def create_whole(path: str | Path) -> Iterator[BinaryIO]:
    """Make the file, or another one in place of one that is there, whole or not at all: it is
    written beside it, and gets its name at the end. Raises OSError.

    It is its owner's alone to read. What is no regular file (a device, a pipe) is written into.
    """
    try:
        place = os.path.realpath(path)
    except ValueError:
        raise _no_name(path) from None
    if Path(place).is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if os.path.lexists(place) and not is_file(place):
        with create_private(path) as file:
            yield file
        return
    descriptor, beside = _make_beside(Path(place))
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _make_beside(place: Path) -> tuple[int, Path]:
    """A new file in the folder of `place`, with the mode of what is there."""
    import tempfile

    try:
        descriptor, beside = tempfile.mkstemp(prefix=".quecsim-", dir=place.parent)
    except FileNotFoundError as error:
        raise OSError(error.errno, f"there is no folder {place.parent}", str(place)) from None
    if is_file(place):
        os.fchmod(descriptor, stat.S_IMODE(place.stat().st_mode))
    return descriptor, Path(beside)


def is_file(path: str | Path) -> bool:
    """Whether a regular file has that name; one that cannot be a name is none."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # pathlib passes on what it does not expect, a long name too
        return False


def too_large(path: str | Path, most_bytes: int) -> OSError:
    """The error of a file with more than `most_bytes`."""
    most = f"{most_bytes >> 20} MiB" if most_bytes >= 1 << 20 else f"{most_bytes} bytes"
    return OSError(errno.EFBIG, f"it has more than {most}", str(path))


def _open(path: str | Path, flags: int, mode: int = 0o777) -> int:
    try:
        return os.open(path, flags | os.O_CLOEXEC | os.O_NOCTTY, mode)
    except ValueError:  # a NUL, or what no file name can be encoded from
        raise _no_name(path) from None


def _no_name(path: str | Path) -> OSError:
    return OSError(errno.EINVAL, "its name cannot be one of a file", repr(path))


def _is_opened_for_us(path: str | Path) -> bool:
    return str(path).startswith(_OPENED_FOR_US)


def _kind(mode: int) -> str:
    return next((what for is_it, what in _KINDS if is_it(mode)), "it is no regular file")
