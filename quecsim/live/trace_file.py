"""The record on disk: complete up to the last batch at any moment, and never the run's end.

Each batch reaches the file at once, so that a killed run leaves a readable trace. A disk that
takes no more ends the trace with one message; the run goes on.
"""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from quecsim.errors import QuecsimError
from quecsim.trace.event import Event
from quecsim.trace.jsonl import TraceWriter


class TraceFile:
    """Writes events to `path`; `tell` gets the message if that comes to an end early.

    Raises QuecsimError where the file cannot be made.
    """

    def __init__(self, path: str | Path, tell: Callable[[str], None]) -> None:
        self._path = path
        self._tell = tell
        self._stream: BinaryIO | None = _create(path)
        self._writer = TraceWriter(self._stream)
        self._flush()

    def write(self, events: Iterable[Event]) -> None:
        """Append `events`."""
        if self._stream is not None:
            try:
                self._writer.write(events)
            except OSError as error:
                self._end(error)
            self._flush()

    def close(self) -> None:
        """The record is complete."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _flush(self) -> None:
        if self._stream is not None:
            try:
                self._stream.flush()
            except OSError as error:
                self._end(error)

    def _end(self, error: OSError) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):  # what could not be written cannot be written now
                stream.close()
        self._tell(f"trace ended: cannot write {self._path}: {error.strerror}")


def _create(path: str | Path) -> BinaryIO:
    try:
        return Path(path).open("wb")
    except OSError as error:
        raise QuecsimError(
            f"cannot write the trace {path}: {error.strerror}",
            hint="choose a place for --trace where you may write",
        ) from None
