"""Commands in the file: the one that began the upload at its front, later ones at its end."""

import itertools
from collections.abc import Iterator, Sequence
from itertools import product

from quecsim.checksum import checksum
from quecsim.explanation.base import MOST_PREFIXED_BYTES, Base, Mix, swap
from quecsim.explanation.commands import followers, uploads
from quecsim.explanation.guess import Case, Guess, Trial
from quecsim.explanation.sweep import PLACE_CLASSES, Sweep, hole_mix, hole_sums, outcomes
from quecsim.explanation.where import where
from quecsim.explanation.words import are, plural, shown

_GUESSED_BITS = 9  # texts that are known have fewer
_SMALL_BYTES = 65_536
_BLOCK_BYTES = 64
_FEWEST_BEHIND = 2


def strays(case: Case, versions: Sequence[Base]) -> Iterator[Guess]:
    """Stories with a command in front or behind, and nothing lost."""
    yield from _in_front(case, versions)
    yield from _behind(case, versions)
    yield from _doubled(case, versions)


def _in_front(case: Case, versions: Sequence[Base]) -> Iterator[Guess]:
    """The upload's own command is the head of the file, and maybe the end did not fit any more."""
    for text, bits in uploads(case):
        for base in versions:
            over = len(text) + base.size - case.size
            if over < 0 or over >= base.size or (over and not case.may_be_full):
                continue
            words = f"{shown(text)} is the head of what was stored"
            words += f", and the last {over} bytes did not fit" if over else ""
            words += f"; the file came with {base.words}" if base.words else ""
            mix: Mix = (text, base.part(0, base.size - over))
            odds = bits + base.bits + (case.full_bits if over else 2)
            yield Guess("command-in-front", mix, words, odds)


def _behind(case: Case, versions: Sequence[Base]) -> Iterator[Guess]:
    """Later commands made up for what the size announced was too large."""
    texts = followers(case)
    for base in versions:
        for end in {base.size, len(base.data.rstrip(b"\r\n"))}:
            count = case.size - end
            if count < 1:
                continue
            tail_bits = base.bits + (0 if end == base.size else 4)
            for text, bits in _heads(case, texts, count):
                words = f"all of the file came, and behind it {shown(text)}"
                words += f", and the file came with {base.words}" if base.words else ""
                words += ", without its last line end" if end < base.size else ""
                yield Guess("next-command", (base.part(0, end), text), words, bits + tail_bits)


def _heads(case: Case, texts: Sequence[tuple[bytes, int]], count: int) -> list[tuple[bytes, int]]:
    """The first `count` bytes of what may follow; whole lines unless the module may be full."""
    found: dict[bytes, int] = {}
    for text, bits in texts:
        head = text[:count]
        if len(head) < count or not (case.may_be_full or head[-1:] in (b"\r", b"\n")):
            continue
        found[head] = min(bits, found.get(head, bits))
    return list(found.items())


def _doubled(case: Case, versions: Sequence[Base]) -> Iterator[Guess]:
    """An echo: each line twice, or all of it twice."""
    for base in versions:
        over = base.size * 2 - case.size
        if not 0 <= over < base.size or (over and not case.may_be_full):
            continue
        words = "the file came twice, one behind the other"
        if over:
            words += ", as far as the size announced went"
        bits = base.bits + (case.full_bits if over else 0)
        yield Guess("twice", (base.part(), base.part(0, base.size - over)), words, 7 + bits)
        starts = base.line_starts
        if not over and len(starts) > 2:
            lines = [base.part(a, b) for a, b in itertools.pairwise(starts)]
            mix = tuple(line for line in lines for _ in range(2))
            yield Guess("echo", mix, "each line is in it twice, as by an echo", 6 + bits)


def filled(case: Case, versions: Sequence[Base]) -> Iterator[Trial]:
    """A hole, and later commands that made up for it: for each length of them, every place.

    First the places at which a hole is likely, then, with texts that are known, all the others.
    Each of these searches ends where so many have been tried that one would fit by chance.
    """
    if not case.may_be_full or case.told.checksum is None:
        return
    texts = followers(case)
    longest = max((len(text) for text, _ in texts), default=0)
    for is_known, is_likely in ((True, True), (False, True), (True, False)):
        left = 1 << case.sum_bits
        chosen = [each for each in texts if (each[1] < _GUESSED_BITS) is is_known]
        for base, count in product(versions, range(_FEWEST_BEHIND, longest + 1)):
            lost = base.size + count - case.size
            if left <= 0 or not 0 < lost < base.size <= MOST_PREFIXED_BYTES:
                continue
            heads = _heads(case, chosen, count)
            for trial in _filled_by(case, base, lost, heads, is_likely) if heads else ():
                left -= trial.tried
                yield trial


def _filled_by(
    case: Case, base: Base, lost: int, heads: Sequence[tuple[bytes, int]], is_likely: bool
) -> Iterator[Trial]:
    """`lost` bytes at the places of `base`, and one of `heads` at the end."""
    wanted: dict[int, list[tuple[bytes, int]]] = {}
    is_odd = (base.size - lost) % 2
    assert case.told.checksum is not None
    for text, bits in heads:
        total = checksum(text)
        wanted.setdefault(case.told.checksum ^ (swap(total) if is_odd else total), []).append(
            (text, bits)
        )

    def words(places: tuple[int, ...], text: bytes) -> str:
        gone = f"{plural(lost, 'byte')} {are(lost)} missing{where(base, places, lost)}"
        return f"{gone}; {shown(text)} came behind the rest and made up for it"

    def make(kind: str, bits: int, places: tuple[int, ...], text: bytes) -> Guess:
        def at(place: int) -> Guess:
            mix = (*hole_mix(base, lost, place), text)
            return Guess(kind, mix, words((place,), text), bits, (place,))

        many = outcomes(base, places, lost)
        return at(places[0]).at_many(words(places, text), places, many, at)

    step = _BLOCK_BYTES if is_likely and base.size > _SMALL_BYTES else 1
    sums = hole_sums(base, lost, step)
    kinds = dict.fromkeys(PLACE_CLASSES, "hole-filled")
    sweep = Sweep(
        base, lost, sums, kinds, wanted, make, base.bits, is_likely, any_place=not is_likely
    )
    yield from sweep.trials()
