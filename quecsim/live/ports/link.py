"""A stable name for a port or a socket: a symbolic link that goes away with its simulator.

Whose a name is: a link is ours to replace or remove if a quecsim of this user has made this very
link, and no longer runs. Anything else under the name is refused, whatever it points to. Each link
has a note in a folder that only we can look into: which link it is, and a lock that the kernel
drops with its process. Steps are taken on descriptors of folders, and what is to be removed is
first taken aside and looked at, so that nobody can put something else in its place meanwhile.
"""

import contextlib
import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

from quecsim.errors import QuecsimError
from quecsim.live.own_folder import open_own_folder

_ENDING = ".link"
_MOST_NOTE_BYTES = 1 << 16


class PortLink:
    """`path` points to `target` from `create` until `remove`; `option` names it in messages."""

    def __init__(self, path: str | Path, target: str | Path, option: str = "--link") -> None:
        self._path = Path(path).absolute()
        self._target = os.fsencode(target)
        self._option = option
        self._folder = -1
        self._lock = -1
        self._note = ""
        self._mark = b""

    def create(self) -> None:
        """Make the link. Raises QuecsimError where the name is taken."""
        try:
            self._folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            with _notes() as notes:
                _forget_gone(notes)
                self._take_lock(notes)
                self._make_room()
                os.symlink(self._target, self._name, dir_fd=self._folder)
                self._mark = _mark(self._folder, self._name)
                os.ftruncate(self._lock, 0)
                os.pwrite(self._lock, os.fsencode(self._path) + b"\0" + self._mark, 0)
        except FileExistsError:
            raise self._refused("somebody has just made it") from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it cannot be a file's name"
            raise QuecsimError(
                f"cannot make the link {self._path}: {reason}",
                hint=f"choose a place for {self._option} where you may write",
            ) from None

    def remove(self) -> None:
        """Remove the link if it is still ours."""
        with contextlib.suppress(OSError, QuecsimError):
            if self._mark and _mark(self._folder, self._name) == self._mark:
                _take_away(self._folder, self._name, self._mark)
        with contextlib.suppress(OSError, QuecsimError):
            if self._lock >= 0:
                with _notes() as notes:
                    os.unlink(self._note, dir_fd=notes)
        for descriptor in (self._lock, self._folder):
            if descriptor >= 0:
                os.close(descriptor)
        self._lock = self._folder = -1
        self._mark = b""

    @property
    def _name(self) -> bytes:
        return os.fsencode(self._path.name)

    def _take_lock(self, notes: int) -> None:
        """The name in its folder is ours to have, by whatever path somebody else comes to it."""
        status = os.fstat(self._folder)
        key = f"{status.st_dev} {status.st_ino} ".encode() + self._name
        note = sha256(key).hexdigest()[:24] + _ENDING
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        lock = os.open(note, flags, 0o600, dir_fd=notes)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise self._refused("another running quecsim uses it") from None
        self._lock, self._note = lock, note

    def _make_room(self) -> None:
        """Take away what a killed simulator has left. Raises QuecsimError: it is no such thing."""
        mark = _mark(self._folder, self._name)
        if not mark:
            return
        if mark == _NO_LINK:
            raise self._refused("it is not a link")
        _, left = _read_note(self._lock)
        if mark != left or not _take_away(self._folder, self._name, mark):
            raise self._refused(f"it points to {os.fsdecode(_target(mark))}, and is not quecsim's")

    def _refused(self, why: str) -> QuecsimError:
        return QuecsimError(
            f"{self._option} {self._path} is taken: {why}",
            hint="choose another name, or remove it first",
        )


_NO_LINK = b"no link"


def _mark(folder: int, name: bytes) -> bytes:
    """Which link this is, the same for no other one; `_NO_LINK`, or empty where nothing is."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISLNK(status.st_mode):
            return _NO_LINK
        told = f"{status.st_dev} {status.st_ino} {status.st_uid} {status.st_mtime_ns} ".encode()
        return told + os.readlink(name, dir_fd=folder)
    except FileNotFoundError:
        return b""


def _target(mark: bytes) -> bytes:
    return mark.split(b" ", 4)[-1]


def _take_away(folder: int, name: bytes, mark: bytes) -> bool:
    """Remove the link of that mark; what is another one, after all, gets its name back."""
    aside = f".quecsim-{secrets.token_hex(8)}".encode()
    os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=folder)
    if _mark(folder, aside) == mark:
        os.unlink(aside, dir_fd=folder)
        return True
    with contextlib.suppress(FileExistsError):  # then it stays aside, and nothing is lost
        try:
            os.link(aside, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        except PermissionError:  # folders have one name
            os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)
        else:
            os.unlink(aside, dir_fd=folder)
    return False


@contextmanager
def _notes() -> Iterator[int]:
    """The folder of our notes; one process at a time is in it."""
    folder = open_own_folder(Path(gettempdir()) / f"quecsim-{os.getuid()}")
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def _read_note(note: int) -> tuple[bytes, bytes]:
    """(path, mark) of the link that it is about; empty where it says nothing."""
    path, _, mark = os.pread(note, _MOST_NOTE_BYTES, 0).partition(b"\0")
    return path, mark


def _forget_gone(notes: int) -> None:
    """Remove the notes of killed simulators whose links somebody has removed."""
    for name in os.listdir(notes):
        if name.endswith(_ENDING):
            with contextlib.suppress(OSError):
                note = os.open(name, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=notes)
                try:
                    fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if _is_gone(note):
                        os.unlink(name, dir_fd=notes)
                finally:
                    os.close(note)


def _is_gone(note: int) -> bool:
    told, mark = _read_note(note)
    if not mark:
        return True
    path = Path(os.fsdecode(told))
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        return error.errno in (errno.ENOENT, errno.ENOTDIR)
    try:
        return _mark(folder, os.fsencode(path.name)) != mark
    finally:
        os.close(folder)
