"""A stable name for a port: a symbolic link that goes away with its simulator.

A link that a killed simulator left behind is replaced; anything else under that name is refused.
Who owns a name is told by a lock that the kernel drops with its process.
"""

import contextlib
import fcntl
import os
from hashlib import sha256
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.live.own_folder import temporary_folder


class PortLink:
    """`path` points to `target` from `create` until `remove`."""

    def __init__(self, path: str | Path, target: str) -> None:
        self._path = Path(path).absolute()
        self._target = target
        self._lock = -1

    def create(self) -> None:
        """Make the link. Raises QuecsimError where the name is taken."""
        self._check_free()
        self._take_lock()
        try:
            temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            temporary.unlink(missing_ok=True)
            temporary.symlink_to(self._target)
            temporary.replace(self._path)
        except OSError as error:
            raise QuecsimError(
                f"cannot make the link {self._path}: {error.strerror}",
                hint="choose a place for --link where you may write",
            ) from None

    def remove(self) -> None:
        """Remove the link if it is still ours."""
        with contextlib.suppress(OSError):
            if self._path.readlink() == Path(self._target):
                self._path.unlink()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _check_free(self) -> None:
        if not self._path.is_symlink():
            if self._path.exists():
                raise self._refused("it is not a link")
            return
        target = str(self._path.readlink())
        if Path(target).exists() and not target.startswith(("/dev/pts/", "/dev/ttys")):
            raise self._refused(f"it points to {target}, which is no pseudo terminal")

    def _refused(self, why: str) -> QuecsimError:
        return QuecsimError(
            f"--link {self._path} is taken: {why}", hint="choose another name, or remove it first"
        )

    def _take_lock(self) -> None:
        folder = temporary_folder()
        name = sha256(str(self._path).encode()).hexdigest()[:24]
        self._lock = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            self._lock = -1
            raise self._refused("another running quecsim uses it") from None
