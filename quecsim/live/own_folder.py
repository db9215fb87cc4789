"""Folders that only we can look into, for locks and sockets (touches the file system)."""

import os
import tempfile
from pathlib import Path

from quecsim.errors import QuecsimError


def temporary_folder() -> Path:
    """Our folder below the system's temporary one. Raises QuecsimError if it is somebody else's."""
    return own_folder(Path(tempfile.gettempdir()) / f"quecsim-{os.getuid()}")


def own_folder(folder: Path) -> Path:
    """`folder`, made if it is not there, with nobody else let in. Raises QuecsimError."""
    hint = "set TMPDIR to a folder of your own"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            raise QuecsimError(f"{folder} belongs to somebody else", hint=hint)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise QuecsimError(
            f"cannot make the folder {folder}: {error.strerror}", hint=hint
        ) from None
    return folder
