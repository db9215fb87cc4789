"""Bytes missing in one stretch, or there twice: cut off, a hole, a block sent again.

single(case, versions)      the head alone, the tail alone
gaps(case, versions)        every place for a hole, a stretch sent twice, both ends lost
"""

from collections.abc import Iterator, Sequence
from operator import xor

from quecsim.explanation.base import MOST_PREFIXED_BYTES, Base, swap
from quecsim.explanation.guess import Case, Guess, Trial, spread
from quecsim.explanation.sweep import (
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
    assert case.told.checksum is not None

    def make(kind: str, bits: int, places: tuple[int, ...], _text: bytes) -> Guess:
        mix = hole_mix(base, count, places[0])
        came = f"; the file came with {base.words}" if base.words else ""
        words = f"{plural(count, 'byte')} {are(count)} missing{where(base, places, count)}{came}"
        return Guess(kind, mix, words, bits, places, outcomes(base, places, count))

    wanted = {case.told.checksum: [(b"", 0)]}
    sums = hole_sums(base, count)
    yield from Sweep(base, count, sums, _HOLE_KINDS, wanted, make, base.bits).trials()


def _twice(case: Case, base: Base) -> Iterator[Trial]:
    count = case.size - base.size
    assert case.told.checksum is not None

    def make(kind: str, bits: int, places: tuple[int, ...], _text: bytes) -> Guess:
        mix = twice_mix(base, count, places[0])
        came = f"; the file came with {base.words}" if base.words else ""
        words = f"{plural(count, 'byte')} came twice{where(base, places, count)}{came}"
        return Guess(kind, mix, words, bits, places, outcomes(base, places, count))

    wanted = {case.told.checksum: [(b"", 0)]}
    bits = base.bits + _TWICE_BITS
    sums = twice_sums(base, count)
    yield from Sweep(base, count, sums, _TWICE_KINDS, wanted, make, bits).trials()


def _windows(case: Case, base: Base) -> Iterator[Trial]:
    """The middle alone, from each place 1 .. size - count - 1."""
    lost, prefix = base.size - case.size, base.prefix
    if lost < 2:
        return
    wanted = case.told.checksum
    assert wanted is not None
    values = list(map(xor, prefix[1:lost], prefix[1 + case.size :]))
    exact, odd = wanted, swap(wanted)
    places = tuple(at for at, value in enumerate(values, 1) if value == (odd if at % 2 else exact))
    bits = spread(base.bits + _WINDOW_BITS, len(values))
    trial = Trial("both-ends-lost", bits, len(values), len(set(values)), len(places))
    if places:
        mix = (base.part(places[0], places[0] + case.size),)
        came = f"; the file came with {base.words}" if base.words else ""
        words = f"the first {places[0]} bytes and the last {lost - places[0]} are missing{came}"
        trial.found.append(Guess("both-ends-lost", mix, words, bits, places, len(places)))
    yield trial
