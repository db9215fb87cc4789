"""A capture's file: read again and again from its start, in lines of bounded length.

A pipe can be read only once, so what comes out of it is kept in a file of our own for that time.
"""

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from quecsim.captures.opened import Tally
from quecsim.errors import QuecsimError
from quecsim.files import is_file, open_file

MOST_BYTES = 1 << 40
"""No capture is larger: 1 TiB."""
HEAD_BYTES = 1 << 16
"""What a format is recognized by."""
LINE_BYTES = 1 << 16
"""No line of a text is longer; what is, comes in pieces of that size."""

UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading may raise, also of what is packed."""

_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


class CaptureFile:
    """The file at `path`; `-` is standard input. Raises QuecsimError: it cannot be read, is empty,
    or is text in UTF-16. What gzip has packed is read as what was packed.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path("/dev/stdin" if str(path) == "-" else path)
        self.name = "standard input" if str(path) == "-" else self.path.name
        self._kept: IO[bytes] | None = None
        self._place = self.path
        try:
            if not is_file(self.path):
                self._keep()
            with open_file(self._place, MOST_BYTES) as file:
                self._is_packed = file.read(2) == _GZIP
            with self.stream() as file:
                self.head = _read(file, HEAD_BYTES)
                self.is_whole_in_head = not file.read(1)
        except UNREADABLE as error:
            raise self.unreadable(error) from None
        self._refuse_strangers()

    def close(self) -> None:
        """Nothing of it is needed any more."""
        if self._kept is not None:
            self._kept.close()

    def stream(self) -> BinaryIO:
        """From the start; whoever asks for two has two. Raises OSError."""
        file = open_file(self._place, MOST_BYTES)
        return cast("BinaryIO", _Packed(file)) if self._is_packed else file

    def lines(self) -> Iterator[bytes]:
        """All lines, with their ends. Raises QuecsimError where it cannot be read any further."""
        try:
            with self.stream() as file:
                first = file.readline(LINE_BYTES).removeprefix(_BOM)
                yield first
                while line := file.readline(LINE_BYTES):
                    yield line
        except UNREADABLE as error:
            raise self.unreadable(error) from None

    def whole_lines(self, tally: Tally) -> Iterator[bytes]:
        """All lines of a table: a last one that has no end was cut, and is left out."""
        for line in self.lines():
            if line.endswith(b"\n") or len(line) == LINE_BYTES:
                yield line
            else:
                tally.torn = True

    def head_lines(self) -> list[str]:
        """The first lines as text without their ends; one that the head cuts is left out."""
        text = self.head.removeprefix(_BOM).decode(errors="replace")
        lines = text.replace("\r\n", "\n").split("\n")
        return lines if self.is_whole_in_head or len(lines) == 1 else lines[:-1]

    def unreadable(self, error: BaseException) -> QuecsimError:
        """The message for an error of the system's."""
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = "FILE is the capture, as its program has exported it"
        return QuecsimError(f"cannot be read: {reason}", hint=hint, where=str(self.path))

    def _keep(self) -> None:
        kept = tempfile.NamedTemporaryFile(prefix="quecsim-")  # noqa: SIM115 - until `close`
        try:
            with open_file(self.path, MOST_BYTES) as pipe:
                shutil.copyfileobj(pipe, kept)
            kept.flush()
        except BaseException:
            kept.close()
            raise
        self._kept, self._place = kept, Path(kept.name)

    def _refuse_strangers(self) -> None:
        if not self.head:
            hint = "export the capture again; it holds nothing"
            raise QuecsimError("the file is empty", hint=hint, where=str(self.path))
        if self.head.startswith(_UTF_16):
            hint = "save it as UTF-8"
            raise QuecsimError("the file is text in UTF-16", hint=hint, where=str(self.path))


class _Packed(gzip.GzipFile):
    """What gzip has packed; closing it closes what is below."""

    def __init__(self, below: BinaryIO) -> None:
        super().__init__("", "rb", fileobj=below)
        self._below = below

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._below.close()


def _read(file: BinaryIO, count: int) -> bytes:
    """So many bytes, or all that there are."""
    pieces = []
    while count and (piece := file.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
