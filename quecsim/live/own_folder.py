"""Folders that only we can look into, for locks and sockets (touches the file system)."""

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from quecsim.errors import QuecsimError

_HINT = "set TMPDIR to a folder of your own"
_IS_NO_FOLDER = (errno.ENOTDIR, errno.ELOOP)  # the systems differ in what they say of a link


def temporary_folder() -> Path:
    """Our folder below the system's temporary one. Raises QuecsimError if it is somebody else's."""
    return own_folder(Path(tempfile.gettempdir()) / f"quecsim-{os.getuid()}")


def own_folder(folder: Path) -> Path:
    """`folder`, made if it is not there, with nobody else let in. Raises QuecsimError."""
    os.close(open_own_folder(folder))
    return folder


def open_own_folder(folder: Path) -> int:
    """The same as a descriptor: what is looked at is what is then used, whatever bears the name
    meanwhile.
    """
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(folder, flags)
    except OSError as error:
        if error.errno in _IS_NO_FOLDER:
            raise _not_ours(folder) from None
        raise _cannot_make(folder, error) from None
    try:
        _let_nobody_in(folder, descriptor)
    except OSError as error:
        os.close(descriptor)
        raise _cannot_make(folder, error) from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _let_nobody_in(folder: Path, descriptor: int) -> None:
    status = os.fstat(descriptor)
    if status.st_uid != os.getuid():
        raise _not_ours(folder)
    if status.st_mode & 0o077:
        os.fchmod(descriptor, 0o700)
    around = os.stat("..", dir_fd=descriptor).st_mode
    if around & stat.S_IWOTH and not around & stat.S_ISVTX:
        raise QuecsimError(
            f"anybody may put another folder in place of {folder}: {folder.parent} is writable for"
            " all and has no sticky bit",
            hint=_HINT,
        )


def _not_ours(folder: Path) -> QuecsimError:
    return QuecsimError(f"{folder} belongs to somebody else", hint=_HINT)


def _cannot_make(folder: Path, error: OSError) -> QuecsimError:
    return QuecsimError(f"cannot make the folder {folder}: {error.strerror}", hint=_HINT)
