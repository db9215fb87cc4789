"""Bytes with the lost ones among them marked: as hex and text, sixteen to a row."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ROW_BYTES = 16
_CONTEXT_ROWS = 2
_MOST_LOST_ROWS = 6
_ENDS_ROWS = 3

Ranges = Sequence[tuple[int, int]]
"""Stretches (begin, end) of places, `end` not included, sorted, that do not overlap."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a row: all of it is lost, or nothing."""

    text: str
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a dump. `place` is that of its first byte in the file; `gap` says in words what is
    left out in place of a row.
    """

    place: int = 0
    hex: tuple[Run, ...] = ()
    text: tuple[Run, ...] = ()
    has_lost: bool = False
    gap: str = ""


def pieces(ranges: Ranges, begin: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """`begin` .. `end` cut where `ranges` begin and end: (begin, end, is within one of them)."""
    index = max(0, bisect_right(ranges, (begin, 1 << 62)) - 1)
    place = begin
    for first, last in ranges[index:]:
        if first >= end or place >= end:
            break
        if last <= place:
            continue
        if first > place:
            yield place, first, False
            place = first
        yield place, min(last, end), True
        place = min(last, end)
    if place < end:
        yield place, end, False


def dump(data: bytes, lost: Ranges, begin: int, end: int) -> list[Row]:
    """Rows of `data` around `begin` .. `end`, which is lost; so are all of `lost`.

    In the middle of a long loss rows are left out.
    """
    lost_rows = range(begin // ROW_BYTES, (end - 1) // ROW_BYTES + 1)
    first = max(0, lost_rows[0] - _CONTEXT_ROWS)
    last = min((len(data) - 1) // ROW_BYTES, lost_rows[-1] + _CONTEXT_ROWS)
    hidden = lost_rows[_ENDS_ROWS:-_ENDS_ROWS] if len(lost_rows) > _MOST_LOST_ROWS else range(0)
    if not hidden:
        return [_row(data, lost, number) for number in range(first, last + 1)]
    return [
        *(_row(data, lost, number) for number in range(first, hidden[0])),
        Row(gap=f"{len(hidden) * ROW_BYTES} more lost bytes"),
        *(_row(data, lost, number) for number in range(hidden[-1] + 1, last + 1)),
    ]


def _row(data: bytes, lost: Ranges, number: int) -> Row:
    begin = number * ROW_BYTES
    end = min(len(data), begin + ROW_BYTES)
    codes: list[Run] = []
    texts: list[Run] = []
    for first, last, is_lost in pieces(lost, begin, end):
        codes.append(Run(data[first:last].hex(" "), is_lost))
        codes.append(Run(" ", is_lost=False))  # it belongs to neither side
        texts.append(Run(printed(data[first:last]), is_lost))
    codes.append(Run("   " * (ROW_BYTES - (end - begin)), is_lost=False))
    return Row(begin, tuple(codes), tuple(texts), any(run.is_lost for run in texts))


_PRINTED = "".join(
    chr(code) if 0x20 <= code < 0x7F else "\N{MIDDLE DOT}" for code in range(256)
)  # fmt: skip


def printed(data: bytes) -> str:
    """Each byte as one character that can be printed."""
    return data.decode("latin-1").translate(_PRINTED)
