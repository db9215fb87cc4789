"""The secrets of TLS connections, in the form of SSLKEYLOGFILE: Wireshark reads along with them."""

import os
from collections.abc import Callable
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.files import create_private

_Tell = Callable[[str], None]


class KeylogFile:
    """Makes the file at `path`, its owner's alone. Raises QuecsimError where that cannot be."""

    def __init__(self, path: str | Path) -> None:
        self._path = path
        self._has_ended = False
        try:
            create_private(path).close()
        except OSError as error:
            raise QuecsimError(
                f"cannot write the keys of TLS to {path}: {error.strerror}",
                hint="choose a place for --keylog where you may write",
            ) from None

    def writer(self, tell: _Tell) -> Callable[[bytes], None]:
        """Takes lines; each is there at once. `tell` gets the message if that ends early."""

        def write(line: bytes) -> None:
            if not self._has_ended:
                self._write(line.rstrip(b"\n") + b"\n", tell)

        return write

    def _write(self, line: bytes, tell: _Tell) -> None:
        """Opened for a line, because there is one for a handshake, and nobody to close it."""
        try:
            with open(self._path, "ab", opener=_private) as file:
                file.write(line)
        except OSError as error:
            self._has_ended = True
            tell(f"no more keys of TLS: cannot write {self._path}: {error.strerror}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK, 0o600)
