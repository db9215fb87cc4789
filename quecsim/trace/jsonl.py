"""The record as a file: JSON lines, a header first, then one event a line, oldest first.

    {"quecsim_trace":1,"version":"0.1.0"}
    {"type":"Start","at_ns":0,"device":"ec200u",...}

`quecsim_trace` is the number of this format; bytes are base64. A file whose writer was killed is
still good: a torn last line is left out, and the header says how many bytes that were.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec

from quecsim import __version__
from quecsim.errors import QuecsimError
from quecsim.trace.event import Event

FORMAT = 1
_HINT = "a trace is what `quecsim run --trace FILE` writes"


class TraceHeader(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line: the format's number and the version of quecsim that wrote the file.

    `torn_bytes` is no part of the file: reading sets it to the length of a torn last line.
    """

    quecsim_trace: int
    version: str = ""
    torn_bytes: int = 0


class TraceWriter:
    """Writes events to a binary stream as they come; keeps none of them."""

    def __init__(self, stream: BinaryIO, version: str = __version__) -> None:
        self._stream = stream
        self._encoder = msgspec.json.Encoder()
        header = TraceHeader(FORMAT, version)
        stream.write(self._encoder.encode(header) + b"\n")

    def write(self, events: Iterable[Event]) -> None:
        """Append `events`; whole lines reach the stream in one piece."""
        lines = self._encoder.encode_lines(events)
        if lines:
            self._stream.write(lines)


def read_trace(path: str | Path) -> tuple[TraceHeader, list[Event]]:
    """The header and all events of a trace file.

    Raises `QuecsimError`: no such file, no trace, another format, or a line that is no event.
    """
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except OSError as error:
        raise QuecsimError(
            f"the trace cannot be read: {error.strerror}", hint=_HINT, where=str(path)
        ) from None
    header = _header(lines[0], path)
    return _events(header, lines[1:], path)


def _header(line: bytes, path: str | Path) -> TraceHeader:
    try:
        header = msgspec.json.decode(line, type=TraceHeader)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise QuecsimError("this file is no quecsim trace", hint=_HINT, where=str(path)) from None
    if header.quecsim_trace != FORMAT:
        raise QuecsimError(
            f"the trace has format {header.quecsim_trace}, and this quecsim reads format {FORMAT}",
            hint=f"it was written by quecsim {header.version or '(unknown)'}: use that one",
            where=str(path),
        )
    return header


def _events(
    header: TraceHeader, lines: list[bytes], path: str | Path
) -> tuple[TraceHeader, list[Event]]:
    decoder = msgspec.json.Decoder(Event)
    last = max((number for number, line in enumerate(lines) if line), default=-1)
    events: list[Event] = []
    for number, line in enumerate(lines[: last + 1]):
        try:
            events.append(decoder.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if number == last:
                return msgspec.structs.replace(header, torn_bytes=len(line)), events
            raise QuecsimError(
                f"this line is no event: {error}",
                hint="the file was changed, or damaged, after it was written",
                where=f"{path}:{number + 2}",
            ) from None
    return header, events
