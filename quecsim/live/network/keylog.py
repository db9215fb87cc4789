"""The secrets of TLS connections, in the form of SSLKEYLOGFILE: Wireshark reads along with them."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from quecsim.errors import QuecsimError
from quecsim.files import create_private


class KeylogFile:
    """Writes lines to `path`, its owner's alone; `tell` gets the message if that ends early.

    Raises QuecsimError where the file cannot be made.
    """

    def __init__(self, path: str | Path, tell: Callable[[str], None]) -> None:
        self._path = path
        self._tell = tell
        try:
            self._file: BinaryIO | None = create_private(path)
        except OSError as error:
            raise QuecsimError(
                f"cannot write the keys of TLS to {path}: {error.strerror}",
                hint="choose a place where you may write",
            ) from None

    def write(self, line: bytes) -> None:
        """Append a line, at once."""
        if self._file is None:
            return
        try:
            self._file.write(line.rstrip(b"\n") + b"\n")
            self._file.flush()
        except OSError as error:
            self.close()
            self._tell(f"no more keys of TLS: cannot write {self._path}: {error.strerror}")

    def close(self) -> None:
        """The file is complete."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):  # what could not be written cannot be written now
                file.close()
