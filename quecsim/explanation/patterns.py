"""Losses that repeat: every n-th line or chunk, an end of each, two of them.

patterns(case, versions)        single stories
pairs(case, versions)           two lines or two chunks lost: every pair
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from quecsim.explanation.base import MOST_PREFIXED_BYTES, Base, Mix, Part
from quecsim.explanation.guess import Case, Guess, Trial, spread
from quecsim.explanation.where import is_text
from quecsim.explanation.words import listed, plural

CHUNKS = (1024, 512, 256, 128, 64, 32, 16, 2048, 4096, 100, 200, 500, 1000, 8, 20, 48, 50, 60)
_MOST_EVERY = 64
_LINES_BITS, _CHUNKS_BITS, _TRIM_BITS, _PAIR_BITS = 6, 8, 9, 7
_MOST_PARTS = 40_000
_MOST_IN_PAIRS = 400
_TRIMS = 4
_FEWEST = 2  # one alone is no pattern


def patterns(case: Case, versions: Sequence[Base]) -> Iterator[Guess]:
    """Every n-th line or chunk lost, or alone kept; an end of each lost."""
    for base in versions:
        if not case.size < base.size <= MOST_PREFIXED_BYTES or not case.size:
            continue
        starts = base.line_starts
        if is_text(base) and len(starts) < _MOST_PARTS:
            yield from _every(case, base, starts, "line", _LINES_BITS)
            yield from _trimmed_lines(case, base, starts)
        for rank, chunk in enumerate(CHUNKS):
            if chunk * 2 <= base.size < chunk * _MOST_PARTS:
                bits = _CHUNKS_BITS + rank // 7
                cuts = [*range(0, base.size, chunk), base.size]
                yield from _every(case, base, cuts, f"chunk of {chunk} bytes", bits)
                yield from _trimmed_chunks(case, base, chunk)


def _every(case: Case, base: Base, starts: Sequence[int], noun: str, bits: int) -> Iterator[Guess]:
    """One in n kept, or one in n lost, from the first, second, ... on."""
    sizes = [b - a for a, b in pairwise(starts)]
    kind = "lines" if noun == "line" else "chunks"
    for every in range(2, min(_MOST_EVERY, len(sizes) - 1) + 1):
        for first in range(every):
            count = len(range(first, len(sizes), every))
            if count < _FEWEST:
                continue
            kept = sum(sizes[first::every])
            odds = bits + base.bits + (every - 2) // 4 + bool(first)
            if kept == case.size:
                numbers = range(first, len(sizes), every)
                words = f"only one {noun} in {every} came: {_numbers(numbers)}{_came(base)}"
                yield Guess(f"{kind}-kept", _parts(base, starts, numbers), words, odds)
            if base.size - kept == case.size and every > 2:
                gone = set(range(first, len(sizes), every))
                words = f"one {noun} in {every} is missing: {_numbers(sorted(gone))}{_came(base)}"
                left = [at for at in range(len(sizes)) if at not in gone]
                yield Guess(f"{kind}-dropped", _parts(base, starts, left), words, odds)


def _trimmed_lines(case: Case, base: Base, starts: Sequence[int]) -> Iterator[Guess]:
    """The first or last bytes of each line lost; each line cut to the same length."""
    lines = list(pairwise(starts))
    ends = [start + len(base.data[start:end].rstrip(b"\r\n")) for start, end in lines]
    for count in range(1, _TRIMS + 1):
        if case.size != base.size - sum(
            min(count, e - s) for (s, _), e in zip(lines, ends, strict=True)
        ):
            continue
        heads = tuple(
            base.part(min(s + count, e), n) for (s, n), e in zip(lines, ends, strict=True)
        )
        words = f"the first {plural(count, 'byte')} of each line {_is(count)} missing{_came(base)}"
        yield Guess("line-ends-lost", heads, words, _TRIM_BITS + base.bits + count)
        tails = _pairs_of_parts(
            base, [(s, max(s, e - count), e, n) for (s, n), e in zip(lines, ends, strict=True)]
        )
        words = f"the last {plural(count, 'byte')} of each line {_is(count)} missing{_came(base)}"
        yield Guess("line-ends-lost", tails, words, _TRIM_BITS + base.bits + count)
    longest = max((e - s for (s, _), e in zip(lines, ends, strict=True)), default=0)
    for width in range(longest - 1, 7, -1):
        kept = sum(min(width, e - s) + n - e for (s, n), e in zip(lines, ends, strict=True))
        if kept < case.size:
            return
        if kept == case.size:
            cut = _pairs_of_parts(
                base, [(s, min(s + width, e), e, n) for (s, n), e in zip(lines, ends, strict=True)]
            )
            words = f"each line is cut off behind its first {width} bytes{_came(base)}"
            yield Guess("line-ends-lost", cut, words, _TRIM_BITS + base.bits + 2)


def _pairs_of_parts(base: Base, lines: Sequence[tuple[int, int, int, int]]) -> Mix:
    """Of each line (start, end of what is kept, end of its text, end) what is kept, and its end."""
    return tuple(
        part
        for start, kept, text_end, end in lines
        for part in (base.part(start, kept), base.part(text_end, end))
    )


def _trimmed_chunks(case: Case, base: Base, chunk: int) -> Iterator[Guess]:
    """The same number of bytes lost at the end, or beginning, of each whole chunk."""
    lost, whole = base.size - case.size, base.size // chunk
    for skipped, of_which in ((0, "each"), (1, "each but the first")):
        count, rest = divmod(lost, whole - skipped) if whole > skipped else (0, 1)
        if rest or not 0 < count < chunk or whole - skipped < 2:
            continue
        cuts = range(skipped * chunk, whole * chunk, chunk)
        tails = _without(base, [(at + chunk - count, at + chunk) for at in cuts])
        heads = _without(base, [(at, at + count) for at in cuts])
        bits = _TRIM_BITS + base.bits + skipped + (chunk not in (1024, 512, 256, 4096, 2048)) * 2
        of = (
            f"{of_which} chunk of {chunk} bytes"
            if not skipped
            else f"each chunk of {chunk} bytes but the first"
        )
        words = f"the last {plural(count, 'byte')} of {of} {_is(count)} missing{_came(base)}"
        yield Guess("chunk-ends-lost", tails, words, bits)
        words = f"the first {plural(count, 'byte')} of {of} {_is(count)} missing{_came(base)}"
        yield Guess("chunk-ends-lost", heads, words, bits + 1)


def _without(base: Base, holes: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    edges = [0, *(edge for hole in holes for edge in hole), base.size]
    return tuple(
        base.part(start, end)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if end > start
    )


def pairs(case: Case, versions: Sequence[Base]) -> Iterator[Trial]:
    """Two whole lines or chunks that are not neighbours: every pair of the right size."""
    if case.told.checksum is None:
        return
    for base in versions:
        if not case.size < base.size <= MOST_PREFIXED_BYTES or not case.size:
            continue
        starts = base.line_starts
        if is_text(base) and len(starts) <= _MOST_IN_PAIRS:
            yield from _pairs(case, base, starts, "lines", "two lines")
        for chunk in CHUNKS[:7]:
            if (
                3 * chunk < base.size <= chunk * _MOST_IN_PAIRS
                and base.size - case.size == 2 * chunk
            ):
                cuts = [*range(0, base.size, chunk), base.size]
                yield from _pairs(case, base, cuts, "chunks", f"two chunks of {chunk} bytes")


def _pairs(case: Case, base: Base, starts: Sequence[int], noun: str, words: str) -> Iterator[Trial]:
    lost = base.size - case.size
    chosen = [
        (a, b)
        for a, b in combinations(range(len(starts) - 1), 2)
        if b > a + 1 and starts[a + 1] - starts[a] + starts[b + 1] - starts[b] == lost
    ]
    if not chosen:
        return
    sums: set[int] = set()
    fits: list[tuple[int, int]] = []
    for pair in chosen:
        total = _sum_without(base, starts, pair)
        sums.add(total)
        if total == case.told.checksum:
            fits.append(pair)
    bits = spread(_PAIR_BITS + base.bits, len(chosen))
    kind = f"two-{noun}-lost"
    trial = Trial(kind, bits, len(chosen), len(sums), len(fits))
    for a, b in fits[:_MOST_FOUND]:
        holes = [(starts[a], starts[a + 1]), (starts[b], starts[b + 1])]
        text = f"{words} are missing: {a + 1} and {b + 1}{_came(base)}"
        trial.found.append(Guess(kind, _without(base, holes), text, bits))
    yield trial


_MOST_FOUND = 20


def _sum_without(base: Base, starts: Sequence[int], pair: tuple[int, int]) -> int:
    """The checksum of `base` without two of the pieces that begin at `starts`."""
    first, second = pair
    one, two = starts[first + 1] - starts[first], starts[second + 1] - starts[second]
    after, last = (one % 2, (one + two) % 2)
    prefix, swapped = base.prefix, base.swapped
    middle = swapped if after else prefix
    end = swapped if last else prefix
    total = prefix[starts[first]] ^ middle[starts[first + 1]] ^ middle[starts[second]]
    return total ^ end[starts[second + 1]] ^ end[base.size]


def _parts(base: Base, starts: Sequence[int], numbers: Sequence[int]) -> tuple[Part, ...]:
    """The pieces of those numbers; neighbours as one part."""
    runs: list[tuple[int, int]] = []
    for at in numbers:
        if runs and runs[-1][1] == at:
            runs[-1] = runs[-1][0], at + 1
        else:
            runs.append((at, at + 1))
    return tuple(base.part(starts[first], starts[behind]) for first, behind in runs)


def _numbers(numbers: Sequence[int]) -> str:
    return listed([number + 1 for number in numbers])


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _came(base: Base) -> str:
    return f"; the file came with {base.words}" if base.words else ""
