"""The size is right, and bytes are not where they were: one altered, some exchanged or replaced."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quecsim.explanation.base import MOST_PREFIXED_BYTES, Base, Mix, sum_of
from quecsim.explanation.guess import Case, Guess, Trial, spread
from quecsim.explanation.patterns import CHUNKS
from quecsim.explanation.where import is_text, stretch

_BIT_BITS, _BYTE_BITS, _LINES_BITS, _CHUNK_BITS = 4, 6, 9, 8
_ODD_CHUNKS = (15, 31, 33, 63, 65, 127, 129, 255, 511, 1023)
_MOST_PARTS = 20_000
_MOST_FOUND = 20
_MOST_EXCHANGED = 2000  # such sums have 7 or 8 bits that differ: of more, any would fit


def altered(case: Case, versions: Sequence[Base]) -> Iterator[Trial]:
    """Every story in which the size is that of a version, and bytes are others."""
    if case.told.checksum is None:
        return
    for base in versions:
        if base.size == case.size and 0 < base.size <= MOST_PREFIXED_BYTES:
            yield from _one_altered(case, base)
            yield from _repeated(case, base)
            yield from _exchanged(case, base)


def _one_altered(case: Case, base: Base) -> Iterator[Trial]:
    """One bit, or one byte: the sum says how, and only that the place is even or odd."""
    assert case.told.checksum is not None
    change = case.told.checksum ^ base.sum
    is_one_byte = change != 0 and (change & 0xFF == 0 or change >> 8 == 0)
    is_one_bit = change.bit_count() == 1
    for kind, ways, holds, bits in (
        ("bit-altered", 8, is_one_bit, _BIT_BITS),
        ("byte-altered", 255, is_one_byte and not is_one_bit, _BYTE_BITS),
    ):
        trial = Trial(kind, spread(base.bits + bits, 2 * ways), 2 * ways, 2 * ways)
        places = range(0 if change >> 8 else 1, base.size, 2)
        if holds and places:
            trial.fit = 1
            trial.found.append(_altered(base, kind, change, places, trial.bits))
        yield trial


def _altered(base: Base, kind: str, change: int, places: range, bits: int) -> Guess:
    mask = change >> 8 or change
    parity = "even" if change >> 8 else "odd"
    is_bit = kind == "bit-altered"
    what = f"bit {mask.bit_length() - 1}" if is_bit else f"the bits 0x{mask:02x}"
    what = f"{what} of one byte {'is' if is_bit else 'are'} turned over"
    came = f"; the file came with {base.words}" if base.words else ""

    def at(place: int) -> Guess:
        other = bytes([base.data[place] ^ mask])
        mix: Mix = (base.part(0, place), other, base.part(place + 1))
        return Guess(kind, mix, f"{what}: {stretch(base, place, 1)}{came}", bits, (place,))

    words = f"{what}, at one of the {len(places)} {parity} places{came}"
    return at(places[0]).at_many(words, tuple(places), len(places), at)


class _Cut(NamedTuple):
    """The base in pieces that begin at `starts`."""

    starts: Sequence[int]
    noun: str
    bits: int


def _repeated(case: Case, base: Base) -> Iterator[Trial]:
    """A chunk sent again in place of the next, or the next in its place."""
    for chunk in CHUNKS[:9]:
        if not 2 * chunk <= base.size < chunk * _MOST_PARTS:
            continue
        whole = base.size // chunk
        wanted = case.told.checksum
        sums = [_chunk_sum(base, at * chunk, chunk) for at in range(whole)]
        seen, fits = set(), []
        for at in range(whole - 1):
            for to, by in ((at + 1, at), (at, at + 1)):
                total = base.sum ^ sums[to] ^ sums[by]
                seen.add(total)
                if total == wanted:
                    fits.append((to, by))
        tried = 2 * (whole - 1)
        trial = Trial(
            "chunk-replaced", spread(_CHUNK_BITS + base.bits, tried), tried, len(seen), len(fits)
        )
        for to, by in fits[:_MOST_FOUND]:
            mix = (
                base.part(0, to * chunk),
                base.part(by * chunk, (by + 1) * chunk),
                base.part((to + 1) * chunk),
            )
            there = f"bytes {to * chunk} to {(to + 1) * chunk - 1}"
            words = f"{there} are a copy of those from byte {by * chunk} on"
            trial.found.append(Guess("chunk-replaced", mix, words, trial.bits))
        yield trial


def _chunk_sum(base: Base, start: int, count: int) -> int:
    """The sum of a chunk that begins at an even place."""
    return base.prefix[start] ^ base.prefix[start + count]


def _exchanged(case: Case, base: Base) -> Iterator[Trial]:
    """Two neighbours exchanged: lines, and chunks of odd sizes (even ones leave the sum alone)."""
    cuts = [
        _Cut(range(0, base.size, size), f"chunks of {size} bytes", _CHUNK_BITS + 3)
        for size in _ODD_CHUNKS
    ]
    if is_text(base):
        cuts.insert(0, _Cut(base.line_starts, "lines", _LINES_BITS))
    for cut in cuts:
        starts = [*cut.starts]
        if starts[-1] != base.size:
            starts.append(base.size)
        if not 3 <= len(starts) < _MOST_EXCHANGED:
            continue
        seen, fits = set(), []
        for at in range(len(starts) - 2):
            mix = _turned(base, starts, at)
            total = sum_of(mix)
            seen.add(total)
            if total == case.told.checksum:
                fits.append((at, mix))
        kind, tried = "exchanged", len(starts) - 2
        trial = Trial(kind, spread(cut.bits + base.bits, tried), tried, len(seen), len(fits))
        for at, mix in fits[:_MOST_FOUND]:
            words = f"two neighbouring {cut.noun} are exchanged: {at + 1} and {at + 2}"
            trial.found.append(Guess(kind, mix, words, trial.bits))
        yield trial


def _turned(base: Base, starts: Sequence[int], at: int) -> Mix:
    """With piece `at` behind the next one."""
    a, b, c = starts[at : at + 3]
    return base.part(0, a), base.part(b, c), base.part(a, b), base.part(c)
