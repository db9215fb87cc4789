"""The record on disk: complete up to the last batch at any moment, and never the run's end.

Each batch reaches the file at once, so that a killed run leaves a readable trace; where it is
packed, that would cost too much, and the last 64 KB may be missing. A disk that takes no more, or
a reader who does not keep up, ends the trace with one message; the run goes on. The file is its
owner's alone: the host's bytes may be keys.
"""

import contextlib
import gzip
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, cast

from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.live.slow_reader import waiting_for_nobody
from quecsim.trace.event import Event
from quecsim.trace.jsonl import STANDARD, TraceWriter
from quecsim.trace.redact import DIGEST, FULL, Redactor

_PACKED_BATCH_BYTES = 1 << 16
_PACK_LEVEL = 6
_MOST_SPARED_EVENTS = 50_000


class TraceFile:
    """Writes events to `path`; `tell` gets the message if that comes to an end early.

    A path that ends in `.gz` is packed; `-` is standard output. `payload` is `full`, or `digest`:
    what the host uploads is left out (`quecsim.trace.redact`). Raises QuecsimError where the file
    cannot be made.
    """

    def __init__(
        self, path: str | Path, tell: Callable[[str], None], *, payload: str = FULL
    ) -> None:
        self._path = path
        self._tell = tell
        self._redactor = Redactor() if payload == DIGEST else None
        self._is_packed = Path(path).suffix == ".gz"
        self._stream: BinaryIO | None = _create(path)
        self._unflushed_bytes = 0
        self._writer = TraceWriter(self._stream, payload=DIGEST if self._redactor else "")
        self._flush()

    def write(self, events: Iterable[Event]) -> None:
        """Append `events`."""
        if self._stream is not None:
            try:
                events = self._redactor.feed(events) if self._redactor else events
                self._unflushed_bytes += self._writer.write(events)
            except OSError as error:
                self._end(error)
            if not self._is_packed or self._unflushed_bytes >= _PACKED_BATCH_BYTES:
                self._flush()

    def close(self) -> None:
        """The record is complete."""
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                if self._redactor is not None:
                    self._writer.write(self._redactor.end())
                stream.close()
            except OSError as error:
                self._say(error)

    def _flush(self) -> None:
        if self._stream is not None:
            self._unflushed_bytes = 0
            try:
                self._stream.flush()
            except OSError as error:
                self._end(error)

    def _end(self, error: OSError) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):  # what could not be written cannot be written now
                stream.close()
        self._say(error)

    def _say(self, error: OSError) -> None:
        self._tell(f"trace ended: cannot write {self._path}: {error.strerror}")


class _Packed(gzip.GzipFile):
    """A packed stream that closes what is below it."""

    def __init__(self, below: BinaryIO) -> None:
        super().__init__("", "wb", _PACK_LEVEL, below)
        self._below = below

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._below.close()


class SparedTraceFile:
    """The record of a run that perhaps nobody will want: it becomes a file where it is kept, or
    where there is more of it than should stay in memory.
    """

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._path = path
        self._tell = tell
        self._events: list[Event] = []
        self._file: TraceFile | None = None

    def write(self, events: Iterable[Event]) -> None:
        """Append `events`."""
        self._events += events
        if len(self._events) > _MOST_SPARED_EVENTS:
            self._write_out()

    def keep(self) -> None:
        """The record is complete, and wanted."""
        self._write_out().close()

    def drop(self) -> None:
        """It is not wanted."""
        self._events.clear()
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def _write_out(self) -> TraceFile:
        if self._file is None:
            self._file = TraceFile(self._path, self._tell)
        self._file.write(self._events)
        self._events.clear()
        return self._file


def _opened(path: str | Path) -> BinaryIO:
    """The file, private; or a pipe, whose reader is never waited for."""
    if str(path) == STANDARD:
        file: BinaryIO = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    else:
        file = create_private(path)
    return waiting_for_nobody(file)


def _create(path: str | Path) -> BinaryIO:
    try:
        stream = _opened(path)
        if Path(path).suffix == ".gz":
            return cast("BinaryIO", _Packed(stream))
        return stream
    except OSError as error:
        raise QuecsimError(
            f"cannot write the trace {path}: {error.strerror}",
            hint="choose a place for --trace where you may write",
        ) from None
