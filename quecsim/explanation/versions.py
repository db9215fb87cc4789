"""The file with other line ends: how programs, terminals and drivers send text.

versions(file)      the file as it is first, then each version that differs from it
"""

from collections.abc import Iterator
from typing import NamedTuple

from quecsim.explanation.base import MOST_PREFIXED_BYTES, Base, split_lines


class _Ends(NamedTuple):
    """`end` for every line end; `bits` where the file has LF, where it has CR LF, where CR."""

    end: bytes
    words: str
    lf_bits: int
    crlf_bits: int
    cr_bits: int


_ENDS = (
    _Ends(b"\r\n", "each line end sent as CR LF", 3, 8, 6),
    _Ends(b"\n", "each line end sent as LF alone", 8, 3, 6),
    _Ends(b"\r", "each line end sent as CR alone", 7, 6, 8),
    _Ends(b"\r\r\n", "each line end sent as CR CR LF", 9, 5, 9),
    _Ends(b"\n\n", "each line end sent as two LF", 8, 6, 9),
    _Ends(b"\n\r", "each line end sent as LF CR", 9, 9, 9),
    _Ends(b"", "all line ends left out", 6, 6, 6),
    _Ends(b" ", "each line end sent as a blank", 8, 8, 8),
    _Ends(b"\\n", "each line end written out as the two characters \\n", 7, 8, 8),
    _Ends(b"\\r\\n", "each line end written out as the four characters \\r\\n", 9, 8, 9),
    _Ends(b"\\\\n", "each line end written out as the three characters \\\\n", 10, 10, 10),
)


def versions(file: Base) -> Iterator[Base]:
    """`file`, and what it becomes with other line ends, without what is the same bytes.

    Of a large file the usual two alone, and without the places of their bytes in it.
    """
    yield file
    if file.size > MOST_PREFIXED_BYTES:
        yield from _of_large(file.data)
        return
    lines = [(line, line.rstrip(b"\r\n")) for line in split_lines(file.data)]
    if not any(len(line) > len(text) for line, text in lines):
        return
    seen = {file.data}
    for ends in _ENDS:
        made = _version(lines, ends.end)
        if made.data not in seen:
            seen.add(made.data)
            made.words, made.bits = ends.words, _bits(ends, file.data)
            yield made
    if (mixed := _before_each_lf(file.data)) is not None and mixed.data not in seen:
        yield mixed


def _of_large(data: bytes) -> Iterator[Base]:
    pairs = data.count(b"\r\n")
    if pairs < data.count(b"\n"):
        crlf = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        words = _ENDS[0].words
        yield Base(crlf, words, kind="line-ends", bits=3, starts=None, end=b"\r\n")
    if pairs:
        lf = data.replace(b"\r\n", b"\n")
        yield Base(lf, _ENDS[1].words, kind="line-ends", bits=3, starts=None)


def _bits(ends: _Ends, data: bytes) -> int:
    if b"\r\n" in data:
        return ends.crlf_bits
    return ends.lf_bits if b"\n" in data else ends.cr_bits


def _version(lines: list[tuple[bytes, bytes]], end: bytes) -> Base:
    """Each line's text with `end` where it had an end."""
    pieces: list[bytes] = []
    starts: list[tuple[int, int]] = []
    here = there = 0
    for line, text in lines:
        starts.append((here, there))
        pieces.append(text if len(line) == len(text) else text + end)
        here, there = here + len(pieces[-1]), there + len(line)
    starts.append((here, there))
    return Base(
        b"".join(pieces), "other line ends", kind="line-ends", starts=starts, end=end or b"\n"
    )


def _before_each_lf(data: bytes) -> Base | None:
    """A CR before each LF, whatever stood there: what a text mode does to a file of two kinds."""
    if b"\r\n" not in data or data.count(b"\r\n") == data.count(b"\n"):
        return None
    starts, here, there = [], 0, 0
    for line in split_lines(data):
        starts.append((here, there))
        here, there = here + len(line) + line.endswith(b"\n"), there + len(line)
    starts.append((here, there))
    words = "a CR put before each LF"
    return Base(data.replace(b"\n", b"\r\n"), words, kind="line-ends", bits=5, starts=starts)
