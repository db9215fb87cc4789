"""The record as a file: JSON lines, a header first, then one event a line, oldest first.

    {"quecsim_trace":2,"version":"0.1.0"}
    {"type":"Start","at_ns":0,"device":"ec200u",...}

`quecsim_trace` is the number of this format; bytes are base64. The lines may be packed by gzip, and
`-` is standard input. A file whose writer was killed is good as far as it goes, also within a gzip
member: a torn last line is left out, and the header says how many bytes that were.
"""

import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from quecsim import __version__
from quecsim.errors import QuecsimError
from quecsim.files import open_file, too_large
from quecsim.trace.event import Event, Start

FORMAT = 2
STANDARD = "-"
"""In place of a path: standard input, or output."""

_GZIP = b"\x1f\x8b"
_GZIP_MEMBER = 16 + zlib.MAX_WBITS
_PIECE_BYTES = 1 << 16
_MOST_BYTES = 1 << 31  # also of what is packed
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_HINT = "a trace is what `quecsim run --trace FILE` writes"


class TraceHeader(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line: the format's number and the version of quecsim that wrote the file.

    `payload` is `digest` where what the host uploaded was left out. `torn_bytes` is no part of the
    file: reading sets it to the length of a torn end.
    """

    quecsim_trace: int
    version: str = ""
    payload: str = ""
    torn_bytes: int = 0


class TraceWriter:
    """Writes events to a binary stream as they come; keeps none of them."""

    def __init__(self, stream: BinaryIO, version: str = __version__, *, payload: str = "") -> None:
        self._stream = stream
        self._encoder = msgspec.json.Encoder()
        header = TraceHeader(FORMAT, version, payload)
        stream.write(self._encoder.encode(header) + b"\n")

    def write(self, events: Iterable[Event]) -> int:
        """Append `events`; whole lines reach the stream in one piece. Returns the bytes."""
        lines = self._encoder.encode_lines(events)
        if lines:
            self._stream.write(lines)
        return len(lines)


def is_trace(path: str | Path) -> bool:
    """Whether the file begins as a trace does; of standard input that is taken for granted."""
    if str(path) == STANDARD:
        return True
    try:
        with open_file(path, _MOST_BYTES) as file:
            start = file.read(_PIECE_BYTES)
    except OSError:
        return False
    return _has_header(start)


def _has_header(start: bytes) -> bool:
    first, _, _ = _unpacked(start)[0].partition(b"\n")
    try:
        msgspec.json.decode(first, type=TraceHeader)
    except _UNREADABLE:
        return False
    return True


def read_trace(path: str | Path) -> tuple[TraceHeader, list[Event]]:
    """The header and all events of a trace file, or of standard input (`-`).

    Raises `QuecsimError`: no such file, no trace, another format, or a line that is no event.
    """
    try:
        content, torn = _unpacked(_content(path))
    except OSError as error:
        raise QuecsimError(
            f"the trace cannot be read: {error.strerror}", hint=_HINT, where=str(path)
        ) from None
    lines = content.split(b"\n")
    header = _header(lines[0], path)
    if torn:
        header = msgspec.structs.replace(header, torn_bytes=torn)
    return _events(header, lines[1:], path)


@contextmanager
def damage_told(path: str | Path) -> Iterator[None]:
    """What fails inside, at the events of a file, is the file's fault: one QuecsimError says so.

    Every line of it is an event; whether all of them can have happened shows when they are used.
    """
    try:
        yield
    except (
        ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RecursionError,
        TypeError, ValueError, zlib.error, msgspec.MsgspecError,
    ) as error:  # fmt: skip
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise QuecsimError(
            f"this cannot be the record of a run ({what})",
            hint="the file was changed, or damaged, after it was written; if it was not, please"
            " report this, with the file",
            where=str(path),
        ) from error


def _content(path: str | Path) -> bytes:
    """All of the file. What does not begin as a trace is not read any further."""
    is_standard = str(path) == STANDARD
    with nullcontext(sys.stdin.buffer) if is_standard else open_file(path, _MOST_BYTES) as file:
        start = file.read(_PIECE_BYTES)
        if not _has_header(start):
            return start
        content = start + file.read(_MOST_BYTES - len(start) + 1)
    if len(content) > _MOST_BYTES:
        raise too_large(path, _MOST_BYTES)
    return content


def _unpacked(content: bytes) -> tuple[bytes, int]:
    """What gzip has packed, as far as it goes, and how many bytes behind that make no sense."""
    plain: list[bytes] = []
    size_bytes = 0
    while content.startswith(_GZIP):
        member = zlib.decompressobj(_GZIP_MEMBER)
        for start in range(0, len(content), _PIECE_BYTES):
            piece, before = content[start : start + _PIECE_BYTES], member.copy()
            try:
                plain.append(member.decompress(piece))
                size_bytes += len(plain[-1])
            except zlib.error:
                plain += _before_damage(before, piece)
                return b"".join(plain), len(content) - start
            if size_bytes > _MOST_BYTES:  # a few bytes may be packed that mean thousands of them
                raise too_large("what is packed", _MOST_BYTES)
            if member.eof:
                content = member.unused_data + content[start + _PIECE_BYTES :]
                break
        else:
            return b"".join(plain), 0
    return (b"".join(plain), len(content)) if plain else (content, 0)


def _before_damage(member: Any, piece: bytes) -> Iterator[bytes]:
    """What can be had of a piece that ends in nonsense."""
    with suppress(zlib.error):
        for place in range(len(piece)):
            yield member.decompress(piece[place : place + 1])


def _header(line: bytes, path: str | Path) -> TraceHeader:
    try:
        header = msgspec.json.decode(line, type=TraceHeader)
    except _UNREADABLE:
        raise QuecsimError("this file is no quecsim trace", hint=_HINT, where=str(path)) from None
    if header.quecsim_trace != FORMAT:
        raise QuecsimError(
            f"the trace has format {header.quecsim_trace}, and this quecsim reads format {FORMAT}",
            hint=f"{_use_that(header)}, or record the run again",
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
        except _UNREADABLE as error:
            if number == 0 and (start := _start_without_values(line)) is not None:
                events.append(start)
                continue
            if number == last:
                torn = header.torn_bytes + len(line)
                return msgspec.structs.replace(header, torn_bytes=torn), events
            raise QuecsimError(
                f"this line is no event: {error}",
                hint=_why_no_event(header),
                where=f"{path}:{number + 2}",
            ) from None
    return header, events


def _start_without_values(line: bytes) -> Event | None:
    """The start of a run whose device had other values than this quecsim knows: without them, so
    that the rest can be read.
    """
    try:
        told = msgspec.json.decode(line)
        return msgspec.convert({**told, "profile": None, "config": {}}, Start)
    except (*_UNREADABLE, TypeError):
        return None


def _why_no_event(header: TraceHeader) -> str:
    if header.version == __version__:
        return "the file was changed, or damaged, after it was written"
    return _use_that(header)


def _use_that(header: TraceHeader) -> str:
    return f"it was written by quecsim {header.version or '(unknown)'}: use that one"
