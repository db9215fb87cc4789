"""Bytes missing in one stretch, or there twice: cut off, a hole, a block sent again.

single(case, versions)      the head alone, the tail alone
gaps(case, versions)        every place for a hole, a stretch sent twice, both ends lost
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import xor

from quecsim.explanation.base import MOST_PREFIXED_BYTES, Base, Mix, swap
from quecsim.explanation.guess import Case, Guess, Trial, spread
from quecsim.explanation.sweep import (
    Maker,
    Sums,
    Sweep,
    hole_mix,
    hole_sums,
    outcomes,
    twice_mix,
    twice_sums,
)
from quecsim.explanation.where import where
from quecsim.explanation.words import are, plural

_CUT_BITS, _DECLARED_BITS, _HEAD_LOST_BITS, _TWICE_BITS, _WINDOW_BITS = 5, 3, 7, 3, 9

_HOLE_KINDS = {"lines": "lines-lost", "write": "write-lost", "block": "block-hole", "any": "hole"}
_TWICE_KINDS = {"lines": "lines-twice", "write": "write-twice", "block": "twice", "any": "twice"}


def single(case: Case, versions: Sequence[Base]) -> Iterator[Guess]:
    """The head alone, the tail alone; of a size without a checksum, that bytes are missing."""
    if case.told.checksum is None and 0 < case.size < len(case.data):
        count = len(case.data) - case.size
        words = f"{plural(count, 'byte')} {are(count)} missing, and a size alone cannot tell where"
        yield Guess("hole", (case.file.part(0, case.size),), words, _CUT_BITS - 1, is_vague=True)
    for base in versions:
        lost = base.size - case.size
        if lost < 1 or not case.size:
            continue
        came = f", and it came with {base.words}" if base.words else ""
        words = (
            f"the first {plural(case.size, 'byte')} came, and the last {lost} {are(lost)} missing"
        )
        head = (base.part(0, case.size),)
        is_declared = case.declared == case.size
        key = "size-declared" if is_declared else "cut"
        bits = base.bits + (_DECLARED_BITS if is_declared else _CUT_BITS)
        yield Guess(key, head, words + came, bits)
        words = f"the first {plural(lost, 'byte')} {are(lost)} missing, and the rest came"
        yield Guess("head-lost", (base.part(lost),), words + came, base.bits + _HEAD_LOST_BITS)


def gaps(case: Case, versions: Sequence[Base]) -> Iterator[Trial]:
    """Every place for one hole, one stretch sent twice, both ends lost."""
    if case.told.checksum is None:
        return
    for base in versions:
        if base.size > MOST_PREFIXED_BYTES or not case.size:
            continue
        if base.size > case.size:
            yield from _holes(case, base)
            yield from _windows(case, base)
        elif base.size < case.size <= 2 * base.size:
            yield from _twice(case, base)


def _holes(case: Case, base: Base) -> Iterator[Trial]:
    count = base.size - case.size
    came = f"; the file came with {base.words}" if base.words else ""

    def words(places: tuple[int, ...]) -> str:
        return f"{plural(count, 'byte')} {are(count)} missing{where(base, places, count)}{came}"

    make = _maker(base, count, hole_mix, words)
    yield from _swept(case, base, count, hole_sums(base, count), _HOLE_KINDS, make, base.bits)


def _twice(case: Case, base: Base) -> Iterator[Trial]:
    count = case.size - base.size
    came = f"; the file came with {base.words}" if base.words else ""

    def words(places: tuple[int, ...]) -> str:
        return f"{plural(count, 'byte')} came twice{where(base, places, count)}{came}"

    make = _maker(base, count, twice_mix, words)
    bits = base.bits + _TWICE_BITS
    yield from _swept(case, base, count, twice_sums(base, count), _TWICE_KINDS, make, bits)


def _swept(
    case: Case,
    base: Base,
    count: int,
    sums: Sums,
    kinds: Mapping[str, str],
    make: Maker,
    bits: int,
) -> Iterator[Trial]:
    assert case.told.checksum is not None
    wanted = {case.told.checksum: [(b"", 0)]}
    yield from Sweep(base, count, sums, kinds, wanted, make, bits).trials()


def _maker(
    base: Base,
    count: int,
    mix_at: Callable[[Base, int, int], Mix],
    words: Callable[[tuple[int, ...]], str],
) -> Maker:
    """Makes the guess of a sweep, from the places that fit."""

    def make(kind: str, bits: int, places: tuple[int, ...], _text: bytes) -> Guess:
        def at(place: int) -> Guess:
            return Guess(kind, mix_at(base, count, place), words((place,)), bits, (place,))

        return at(places[0]).at_many(words(places), places, outcomes(base, places, count), at)

    return make


def _windows(case: Case, base: Base) -> Iterator[Trial]:
    """The middle alone, from each place 1 .. size - count - 1."""
    lost, prefix = base.size - case.size, base.prefix
    wanted = case.told.checksum
    if lost < 2 or wanted is None:
        return
    values = list(map(xor, prefix[1:lost], prefix[1 + case.size :]))
    swapped = swap(wanted)
    places = tuple(
        at for at, value in enumerate(values, 1) if value == (swapped if at % 2 else wanted)
    )
    bits = spread(base.bits + _WINDOW_BITS, len(values))
    trial = Trial("both-ends-lost", bits, len(values), len(set(values)), len(places))
    came = f"; the file came with {base.words}" if base.words else ""

    def guess_at(place: int) -> Guess:
        mix = (base.part(place, place + case.size),)
        words = f"the first {place} bytes and the last {lost - place} are missing{came}"
        return Guess("both-ends-lost", mix, words, bits, (place,))

    if places:
        first = guess_at(places[0])
        trial.found.append(first.at_many(first.sentence, places, len(places), guess_at))
    yield trial
