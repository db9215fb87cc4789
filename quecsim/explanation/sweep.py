"""One stretch lost, or sent twice, at every place of a base: the sums of all of them at once.

hole_sums, twice_sums   for each place the sum that the module would have, but for a constant
place_classes           which places are more likely than others: lines, blocks, writes
Sweep                   the trials of one sweep
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import xor
from typing import NamedTuple

from quecsim.explanation.base import Base, Mix, swap
from quecsim.explanation.guess import Guess, Trial, spread

PLACE_CLASSES = ("lines", "write", "block", "any")
BLOCKS = (1024, 512, 256, 128, 64)
WRITES = (1024, 512, 256, 128, 64, 32, 16)
_BLOCK_BITS = {1024: 4}
_OTHER_BLOCK_BITS, _WRITE_BITS, _LINE_BITS, _ANY_BITS = 5, 4, 4, 4


Maker = Callable[[str, int, tuple[int, ...], bytes], Guess]
"""Makes a guess of its kind, bits, the places that fit and the text behind."""


class Sums(NamedTuple):
    """`values[i] ^ constant` is the checksum for place `i * step`."""

    values: list[int]
    constant: int
    step: int


class PlaceClass(NamedTuple):
    """Places of one kind; `bits` are those of all of them together."""

    kind: str
    bits: int
    places: Sequence[int]


def hole_sums(base: Base, count: int, step: int = 1) -> Sums:
    """What is left of `base` without `count` (1..size) bytes at each place 0 .. size - count."""
    other, constant = _moved(base, count)
    head = base.prefix[0 : base.size - count + 1 : step]
    return Sums(list(map(xor, head, other[count::step])), constant, step)


def twice_sums(base: Base, count: int, step: int = 1) -> Sums:
    """`base` with the `count` (1..size) bytes at each place 0 .. size - count sent twice."""
    other, constant = _moved(base, count)
    head = other[0 : base.size - count + 1 : step]
    return Sums(list(map(xor, base.prefix[count::step], head)), constant, step)


def _moved(base: Base, count: int) -> tuple[list[int], int]:
    """Prefix sums and the sum of all, for bytes that have moved by `count`."""
    return (base.swapped, swap(base.sum)) if count % 2 else (base.prefix, base.sum)


def hole_mix(base: Base, count: int, place: int) -> Mix:
    """`base` without `count` bytes at `place`."""
    return base.part(0, place), base.part(place + count)


def twice_mix(base: Base, count: int, place: int) -> Mix:
    """`base` with `count` bytes at `place` twice."""
    return base.part(0, place + count), base.part(place)


def outcomes(base: Base, places: Sequence[int], count: int) -> int:
    """How many different files it makes, to lose (or repeat) `count` bytes at each of `places`."""
    data = base.data
    return 1 + sum(
        data[one:two] != data[one + count : two + count] for one, two in pairwise(places)
    )


def place_classes(base: Base, count: int, end: int) -> Iterator[PlaceClass]:
    """Places from 1 to `end` (not included) by how likely `count` bytes were lost there."""
    starts = base.line_starts
    ends = set(starts)
    lines = [place for place in starts if 0 < place < end and place + count in ends]
    yield PlaceClass("lines", _LINE_BITS, lines)
    for write in WRITES:
        if count % write == 0:
            yield PlaceClass("write", _WRITE_BITS, range(write, end, write))
    for block in BLOCKS:
        bits = _BLOCK_BITS.get(block, _OTHER_BLOCK_BITS)
        yield PlaceClass("block", bits, range(block, end, block))
    yield PlaceClass("any", _ANY_BITS, range(1, end))


@dataclass(frozen=True)
class Sweep:
    """One stretch of `count` bytes, at every place of `base`.

    `kinds`: the kind of story for each class of places. `wanted`: for each checksum that would do,
    the texts that would have to stand behind (b"" for none), each with its own bits. `make` gets
    the kind, the bits, the places that fit and the text. `likely_places`: those at lines, blocks
    and writes are tried; `any_place`: the others are.
    """

    base: Base
    count: int
    sums: Sums
    kinds: Mapping[str, str]
    wanted: Mapping[int, Sequence[tuple[bytes, int]]]
    make: Maker
    bits: int = 0
    likely_places: bool = True
    any_place: bool = True

    def trials(self) -> Iterator[Trial]:
        """Try a class of places at a time, and each place in one class alone."""
        values, constant, step = self.sums
        targets = {total ^ constant: each for total, each in self.wanted.items()}
        end = (len(values) - 1) * step
        fitting = [at * step for at, value in enumerate(values) if value in targets]
        taken: set[int] = set()
        for kind, bits, places in place_classes(self.base, self.count, end):
            if kind == "any":
                if self.any_place and step == 1 and len(places) > len(taken):
                    fits = [each for each in fitting if each in places and each not in taken]
                    yield from self._tried(kind, bits, len(places) - len(taken), set(values), fits)
                continue
            new = {place for place in places if place % step == 0} - taken
            taken |= new
            if new and self.likely_places:
                fits = [each for each in fitting if each in new]
                seen = {values[place // step] for place in new}
                yield from self._tried(kind, bits, len(new), seen, fits)

    def _tried(
        self, kind: str, bits: int, count: int, seen: set[int], fits: list[int]
    ) -> Iterator[Trial]:
        """What came of `count` places of a class, one trial for texts that are equally likely."""
        values, constant, step = self.sums
        by_bits: dict[int, dict[bytes, int]] = {}
        for total, texts in self.wanted.items():
            for text, text_bits in texts:
                by_bits.setdefault(text_bits, {})[text] = total ^ constant
        for text_bits, targets in by_bits.items():
            total_bits = spread(self.bits + bits + text_bits, count)
            tried, sums = count * len(targets), len(seen) * len(targets)
            trial = Trial(self.kinds[kind], total_bits, tried, sums)
            for text, target in targets.items() if fits else ():
                places = tuple(each for each in fits if values[each // step] == target)
                if places:
                    trial.fit += len(places)
                    trial.found.append(self.make(trial.kind, total_bits, places, text))
            yield trial
