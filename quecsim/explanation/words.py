"""Bytes, numbers and places in words."""

from collections.abc import Iterator, Sequence

from quecsim.explanation.model import Places

MOST_SHOWN = 48
_MOST_RANGES = 20
_MOST_NAMED = 8


def shown(data: bytes) -> str:
    """Bytes in one line: `AT\\r`, what is no ASCII letter written out."""
    text = ascii(data[:MOST_SHOWN].decode("latin-1"))[1:-1].replace("\\'", "'")
    return f"`{text}{'...' if len(data) > MOST_SHOWN else ''}`"


def plural(count: int, noun: str) -> str:
    """`1 byte`, `2 bytes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def are(count: int) -> str:
    """`is` or `are`."""
    return "is" if count == 1 else "are"


def listed(numbers: Sequence[int]) -> str:
    """`3`, `3 and 5`, `1, 4, 7, 10, ...`: the first eight."""
    if len(numbers) == 1:
        return str(numbers[0])
    if len(numbers) <= _MOST_NAMED:
        return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    return f"{', '.join(map(str, numbers[:_MOST_NAMED]))}, ..."


def places_of(offsets: Sequence[int]) -> Places:
    """Offsets, at least one, rising, as ranges."""
    ranges = list(_ranges(offsets))
    first, last = offsets[0], offsets[-1]
    return Places(first, last, len(offsets), ranges[:_MOST_RANGES], len(ranges))


def _ranges(offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = end = offsets[0]
    for offset in offsets[1:]:
        if offset != end + 1:
            yield start, end
            start = offset
        end = offset
    yield start, end


def about(ppm: int) -> str:
    """A number given in millionths: `about 0.02`, `about 1.3`, `about 12`."""
    if ppm >= 10_000_000:
        return f"about {round(ppm / 1_000_000)}"
    if ppm >= 1_000_000:
        return f"about {ppm / 1_000_000:.1f}"
    if ppm < 10_000:
        return "less than 0.01"
    return f"about {ppm / 1_000_000:.2f}"
