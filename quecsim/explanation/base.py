"""A file as the host may have sent it, and the sums that make trying cheap.

Base        the bytes of one version (line ends as they are, CR LF, ...), with its prefix sums
Part        a stretch of a base
Mix         parts and literal bytes in a row: what the module may have; its size, sum and bytes

The checksum of bytes that begin at an odd place is that of the same bytes at an even one with its
two halves exchanged (`swap`). So the sum of any mix comes from prefix sums, without its bytes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import xor

from quecsim.checksum import checksum

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\f\x1a\x1b"))
MOST_PREFIXED_BYTES = 4 << 20
"""Of larger data prefix sums are kept for each block alone: each would take 40 bytes."""
_BLOCK_BYTES = 4096
_SMALL_BYTES = 1 << 15


def swap(value: int) -> int:
    """The two bytes of a sum exchanged."""
    return (value & 0xFF) << 8 | value >> 8


class Base:
    """One version of the file; `words` says how it differs from it (empty: not at all).

    `bits`: how unlikely this version is beforehand, as a power of two. `starts`: where pieces
    begin, (offset here, offset in FILE) each, rising; None where no place here is one there.
    `end`: the line end that a line added behind it would have.
    """

    def __init__(
        self,
        data: bytes,
        words: str = "",
        *,
        kind: str = "",
        bits: int = 0,
        starts: Sequence[tuple[int, int]] | None = ((0, 0),),
        end: bytes = b"\n",
    ) -> None:
        self.data = data
        self.size = len(data)
        self.words = words
        self.kind = kind
        self.bits = bits
        self.end = end
        self._starts = starts

    @cached_property
    def sum(self) -> int:
        """The checksum of all of it."""
        return checksum(self.data)

    @cached_property
    def prefix(self) -> list[int]:
        """The checksum of the first k bytes, for k = 0 .. size."""
        return _prefix_sums(self.data, 0)

    @cached_property
    def swapped(self) -> list[int]:
        """The same with the halves of each sum exchanged."""
        return _prefix_sums(self.data, 1)

    @cached_property
    def _blocks(self) -> list[int]:
        """The checksum of the first k whole blocks."""
        data = memoryview(self.data)
        starts = range(0, self.size, _BLOCK_BYTES)
        sums = (checksum(data[at : at + _BLOCK_BYTES]) for at in starts)
        return list(accumulate(sums, xor, initial=0))

    def head_sum(self, count: int) -> int:
        """The checksum of the first `count` bytes, of data of any size.

        Of large data by blocks: all prefix sums are made only where a search asks for them.
        """
        if self.size <= _SMALL_BYTES or "prefix" in self.__dict__:
            return self.prefix[count]
        block, rest = divmod(count, _BLOCK_BYTES)
        tail = memoryview(self.data)[count - rest : count]
        return self._blocks[block] ^ checksum(tail)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where its lines begin, and at the end its size."""
        starts = list(accumulate((len(line) for line in split_lines(self.data)), initial=0))
        return starts if len(starts) > 1 else [0, self.size]

    @cached_property
    def has_controls(self) -> bool:
        """Whether it has bytes that no text has."""
        return len(self.data.translate(None, _CONTROLS)) < self.size

    @property
    def is_file(self) -> bool:
        """Whether it is the file as it is."""
        return not self.words

    @property
    def is_mapped(self) -> bool:
        """Whether its places are known in the file."""
        return self._starts is not None

    def to_file(self, offset: int) -> int:
        """The place in the file that `offset` here comes from; 0 where that is not known."""
        if self._starts is None:
            return 0
        at = bisect_right(self._starts, offset, key=lambda each: each[0]) - 1
        here, there = self._starts[at]
        behind = there + offset - here
        return min(behind, self._starts[at + 1][1]) if at + 1 < len(self._starts) else behind

    def line_at(self, offset: int) -> int:
        """The number, from 0, of the line that holds `offset`."""
        return bisect_right(self.line_starts, offset) - 1

    def is_line_start(self, offset: int) -> bool:
        """Whether a line begins at `offset`, or the data ends there."""
        at = bisect_left(self.line_starts, offset)
        return at < len(self.line_starts) and self.line_starts[at] == offset

    def part(self, start: int = 0, end: int | None = None) -> "Part":
        """Bytes `start` .. `end` (not included; None: to its end)."""
        return Part(self, start, self.size if end is None else end)


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `start` .. `end` (not included) of `base`."""

    base: Base
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def sum(self) -> int:
        """Its checksum, as if it began at an even place."""
        if not self.start and self.end == self.base.size:
            return self.base.sum
        part = self.base.head_sum(self.start) ^ self.base.head_sum(self.end)
        return swap(part) if self.start % 2 else part


Mix = tuple["Part | bytes", ...]


def size_of(mix: Mix) -> int:
    """How many bytes it has."""
    return sum(map(len, mix))


def sum_of(mix: Mix) -> int:
    """Its checksum."""
    total = offset = 0
    for piece in mix:
        part = checksum(piece) if isinstance(piece, bytes) else piece.sum
        total ^= swap(part) if offset % 2 else part
        offset += len(piece)
    return total


def bytes_of(mix: Mix) -> bytes:
    """Its bytes."""
    return b"".join(
        piece if isinstance(piece, bytes) else piece.base.data[piece.start : piece.end]
        for piece in mix
    )


def split_lines(data: bytes) -> list[bytes]:
    """The lines with their ends; CR alone ends one only where there is no LF at all."""
    end = b"\n" if b"\n" in data else b"\r"
    lines = [line + end for line in data.split(end)]
    lines[-1] = lines[-1][: -len(end)]
    return lines if lines[-1] else lines[:-1]


def _prefix_sums(data: bytes, odd: int) -> list[int]:
    """Sums of the first k bytes; `odd`: as if the data began at an odd place."""
    terms: list[int] = list(data)
    terms[odd::2] = [byte << 8 for byte in data[odd::2]]
    return list(accumulate(terms, xor, initial=0))
