"""The dialogue of a run while it runs: on standard error, or into a file.

It watches, and holds nobody up: where its reader does not keep up, rows are left out, and their
number is told as soon as there is room. A reader who has gone ends the log, and not the run.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.live.apart import ApartWriter
from quecsim.render.dialogue import DialogueText
from quecsim.trace.event import Event

_PATIENCE_S = 2.0
_GONE = (errno.EPIPE, errno.EBADF, errno.EIO)  # EIO: the terminal was hung up


class LiveLog:
    """Rows of `text` into the file `path`, or (None) on standard error.

    `tell` gets the message if that comes to an end early; `width` is asked for the columns of the
    terminal. The file is its owner's alone: the host's bytes may be keys. Raises QuecsimError
    where it cannot be made.
    """

    def __init__(
        self,
        path: str | None,
        text: DialogueText,
        tell: Callable[[str], None],
        width: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._path = path
        self._text = text
        self._tell = tell
        self._width = width
        self._encoding = "utf-8" if path is not None else sys.stderr.encoding
        self._writer: ApartWriter | None = ApartWriter(_opened(path), is_ours=path is not None)
        self._left_out = 0

    def write(self, events: Iterable[Event]) -> None:
        """What has happened."""
        if self._writer is None:
            return
        self._text.width = self._width()
        self._put(self._text.feed(events))
        if self._writer.error is not None:
            self._end()

    def close(self) -> None:
        """The run is over: what waits has some time to be written."""
        if self._writer is not None:
            self._put(self._text.end())
            self._end()

    def _put(self, rows: list[str]) -> None:
        """What was left out is told before anything else is written."""
        writer, left_out = self._writer, self._left_out
        assert writer is not None
        note = [self._text.note(_left_out_text(left_out))] if left_out else []
        if not (rows or note):
            return
        if (not note or writer.has_caught_up) and writer.put(self._bytes([*note, *rows])):
            self._left_out = 0
        else:
            self._left_out += len(rows)

    def _end(self) -> None:
        writer, self._writer = self._writer, None
        assert writer is not None
        is_whole, error = writer.close(_PATIENCE_S), writer.error
        if error is not None and error.errno not in _GONE:
            self._say(f"cannot write {self._path or 'standard error'}: {error.strerror}")
        elif error is None and (self._left_out or not is_whole):
            self._say("its reader does not keep up, and has not got all of it")

    def _say(self, text: str) -> None:
        self._tell(f"log ended: {text}")

    def _bytes(self, rows: list[str]) -> bytes:
        return ("\n".join(rows) + "\n").encode(self._encoding, "backslashreplace")


def _left_out_text(count: int) -> str:
    rows = "ROW" if count == 1 else "ROWS"
    return (
        f"{count} {rows} LEFT OUT: whoever reads this does not keep up, and the run does not wait"
    )


def _opened(path: str | None) -> int:
    """The descriptor of the file, or of standard error."""
    if path is None:
        return sys.stderr.fileno()
    try:
        with create_private(Path(path)) as file:
            return os.dup(file.fileno())
    except OSError as error:
        raise QuecsimError(
            f"cannot write the log {path}: {error.strerror}",
            hint="choose a place for --log where you may write; --log alone is standard error",
        ) from None
