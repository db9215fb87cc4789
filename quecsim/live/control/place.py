"""Where control sockets are: in a folder that only their owner can look into.

$XDG_RUNTIME_DIR/quecsim, or where there is none quecsim-<uid> in the temporary folder. A name that
the user chooses is a symbolic link to the socket there (`live.ports.link`). What a killed simulator
left is removed.
"""

import contextlib
import os
import secrets
import socket
import struct
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.live.own_folder import own_folder, temporary_folder
from quecsim.live.ports.link import PortLink

_ENDING = ".sock"
_LONGEST_PATH_BYTES = 100  # the kernels' limits are 104 and 108, with a NUL
_BACKLOG = 16
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: struct ucred of unix(7)


def socket_folder() -> Path:
    """The folder of our sockets, made if need be. Raises QuecsimError where it cannot be ours."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and Path(runtime).is_dir() and os.access(runtime, os.W_OK):
        return own_folder(Path(runtime) / "quecsim")
    return temporary_folder()


class SocketPlace:
    """A listening socket, `path`, and perhaps a `link` to it, until `remove`. `option` names that
    in messages; sockets with another `ending` are not those of simulators.
    """

    def __init__(
        self,
        device: str,
        link: str | Path | None,
        option: str = "--ctl",
        ending: str = _ENDING,
    ) -> None:
        folder = socket_folder()
        label = "".join(c for c in device if c.isalnum() or c in "-_")[:20]
        self.path = folder / f"{label}-{os.getpid()}-{secrets.token_hex(3)}{ending}"
        self.link = Path(link).absolute() if link is not None else None
        self._name = PortLink(link, self.path, option) if link is not None else None
        remove_stale(folder, ending)
        self.listener = _listen(self.path)
        try:
            if self._name is not None:
                self._name.create()
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Close the socket; its names are gone."""
        self.listener.close()
        with contextlib.suppress(OSError):
            self.path.unlink()
        if self._name is not None:
            self._name.remove()


def running() -> list[Path]:
    """The sockets of all simulators of ours that run, oldest first."""
    folder = socket_folder()
    remove_stale(folder)
    dated: list[tuple[int, Path]] = []
    for path in folder.glob(f"*{_ENDING}"):
        with contextlib.suppress(OSError):  # it has just ended
            dated.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(dated)]


def remove_stale(folder: Path, ending: str = _ENDING) -> None:
    """Remove the sockets in it that nobody listens to any more.

    Simulators that run are not disturbed: only those are tried whose process is not to be seen.
    """
    for path in folder.glob(f"*{ending}"):
        if not _has_process(path) and is_dead(path):
            with contextlib.suppress(OSError):
                path.unlink()


def _has_process(path: Path) -> bool:
    """Whether the process that its name tells of is there, as far as can be seen from here."""
    number = path.stem.split("-")[-2:-1]
    if not number or not number[0].isdecimal():
        return False
    try:
        os.kill(int(number[0]), 0)
    except PermissionError:
        return True  # somebody else's
    except (ProcessLookupError, OverflowError):
        return False
    return True


def is_dead(path: Path) -> bool:
    """Whether there is a socket that refuses, or a link to none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return True
        except OSError:  # alive, with others before us
            return False
    return False


def is_ours(client: socket.socket) -> bool:
    """Whether the process at the other end is its owner's, as far as the system tells."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the folder has let it in
    data = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid: int = _CREDENTIALS.unpack(data)[1]
    return uid == os.getuid()


def _listen(path: Path) -> socket.socket:
    """Listen before the name is there: one that refuses is dead, and never just too young."""
    if len(os.fsencode(path)) > _LONGEST_PATH_BYTES:
        raise QuecsimError(
            f"the path of the control socket is too long: {path}",
            hint="set XDG_RUNTIME_DIR or TMPDIR to a folder with a shorter path",
        )
    unready = path.with_suffix(".new")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(unready))
        unready.chmod(0o600)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
        unready.rename(path)
    except OSError as error:
        listener.close()
        with contextlib.suppress(OSError):
            unready.unlink()
        raise QuecsimError(f"cannot make the control socket {path}: {error.strerror}") from None
    return listener
