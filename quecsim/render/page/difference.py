"""The file's difference around a loss: sent against stored, by lines where the file is text.

The record says which bytes are gone, so nothing has to be guessed: the lines that a loss touches
stand as they were sent, the lost bytes marked, and below them what is left of them in the file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.render.page.marked import Ranges, Run, pieces, printed

_CONTEXT_LINES = 1
_MOST_SENT_LINES = 8
_ENDS_LINES = 3
_LONGEST_LINE_BYTES = 400
_JOINT_BYTES, _JOINT_REACH = 8, 256
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`mark` is `-` (as sent), `+` (as stored), a blank (both), or empty where `gap` says in words
    what is left out. `number` is that of the line in the file as sent, 0 without one.
    """

    mark: str
    number: int = 0
    runs: tuple[Run, ...] = ()
    gap: str = ""


class TextFile:
    """A file as sent, by lines; `lost` are the places that did not arrive."""

    def __init__(self, data: bytes, lost: Ranges) -> None:
        self._data, self._lost = data, lost
        ends = (found.end() for found in re.finditer(rb"\n", data))
        self._starts = [0, *(end for end in ends if end < len(data))]

    @property
    def is_readable(self) -> bool:
        """People can read it, line by line."""
        if not self._data or _NO_TEXT.search(self._data):
            return False
        try:
            self._data.decode()
        except UnicodeDecodeError:
            return False
        numbers = range(len(self._starts))
        return all(self._end_of(n) - self._starts[n] <= _LONGEST_LINE_BYTES for n in numbers)

    def around(self, begin: int, end: int) -> list[DiffLine]:
        """The lines that the lost bytes `begin` .. `end` touch, and those beside them."""
        first, last = self._line_at(begin), self._line_at(max(begin, end - 1))
        while first > 0 and self._goes_on(first):
            first -= 1
        while last + 1 < len(self._starts) and self._goes_on(last + 1):
            last += 1
        before = range(max(0, first - _CONTEXT_LINES), first)
        after = range(last + 1, min(len(self._starts), last + 1 + _CONTEXT_LINES))
        return [
            *(self._line(" ", number) for number in before),
            *self._sent(range(first, last + 1)),
            self._stored(first, last),
            *(self._line(" ", number) for number in after),
        ]

    def _line_at(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def _end_of(self, number: int) -> int:
        return self._starts[number + 1] if number + 1 < len(self._starts) else len(self._data)

    def _goes_on(self, number: int) -> bool:
        """The end of the line before is lost, so that the two are one in the file as stored."""
        start = self._starts[number]
        return next(pieces(self._lost, start - 1, start))[2]

    def _sent(self, numbers: range) -> Iterator[DiffLine]:
        hidden = numbers[_ENDS_LINES:-_ENDS_LINES] if len(numbers) > _MOST_SENT_LINES else range(0)
        for number in numbers:
            if hidden and number == hidden[0]:
                yield DiffLine("", gap=f"{len(hidden)} more lines as sent, all lost")
            if number not in hidden:
                yield self._line("-", number)

    def _line(self, mark: str, number: int) -> DiffLine:
        runs = []
        for first, last, is_lost in pieces(self._lost, self._starts[number], self._end_of(number)):
            text = _text(self._data[first:last], ends=is_lost)
            runs.append(Run(text, is_lost))
        return DiffLine(mark, number + 1, tuple(runs))

    def _stored(self, first: int, last: int) -> DiffLine:
        """What is left of those lines."""
        whole = pieces(self._lost, self._starts[first], self._end_of(last))
        kept = b"".join(self._data[begin:end] for begin, end, is_lost in whole if not is_lost)
        text = _text(kept, ends=False)
        if not text:
            return DiffLine("+", gap="nothing is left of it")
        return DiffLine("+", first + 1, (Run(text, is_lost=False),))


def _text(data: bytes, *, ends: bool) -> str:
    """One line; its end is shown where it `ends` with something to be said of it."""
    body = data.rstrip(b"\r\n")
    end = data[len(body) :]
    mark = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}" if ends and b"\n" in end else ""
    text = body.decode(errors="replace").replace("\t", "    ")
    return (text if text.isprintable() else printed(body)) + mark


def joint(data: bytes, lost: Ranges, begin: int, end: int) -> tuple[str, str]:
    """The bytes of the file as stored before and behind the place where `begin` .. `end` were, as
    hex: neighbours now that had others between them.
    """
    before = _kept(data, lost, max(0, begin - _JOINT_REACH), begin)
    behind = _kept(data, lost, end, min(len(data), end + _JOINT_REACH))
    return before[-_JOINT_BYTES:].hex(" "), behind[:_JOINT_BYTES].hex(" ")


def _kept(data: bytes, lost: Ranges, begin: int, end: int) -> bytes:
    whole = pieces(lost, begin, end)
    return b"".join(data[first:last] for first, last, is_lost in whole if not is_lost)
