"""Many things in few columns: how much of each column they fill, and how low and high a line goes.

A long run has more spans and corners than a picture has dots. What is drawn in their place is still
true: a share of the time, and the least and the most of a level.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

Interval = tuple[int, int]
Point = tuple[int, int]


def shares(
    spans: Iterable[Interval], begin_ns: int, end_ns: int, columns: int, least: float = 0.0
) -> list[float]:
    """For each of `columns` parts of the time from `begin_ns` to `end_ns`, 0.0 to 1.0: how much of
    it the spans, which may overlap, fill. A column with anything in it has `least` at least.
    """
    width = max(1, end_ns - begin_ns)
    filled, touched = [0] * columns, [False] * columns
    for start_ns, stop_ns in merged(spans, begin_ns, end_ns):
        first = min((start_ns - begin_ns) * columns // width, columns - 1)
        last = min((stop_ns - begin_ns) * columns // width, columns - 1)
        for column in range(first, last + 1):
            left = max(start_ns, begin_ns + width * column // columns)
            right = min(stop_ns, begin_ns + width * (column + 1) // columns)
            filled[column] += max(0, right - left)
            touched[column] = True
    whole = width / columns
    return [
        max(least, min(1.0, part / whole)) if is_touched else 0.0
        for part, is_touched in zip(filled, touched, strict=True)
    ]


def merged(spans: Iterable[Interval], begin_ns: int, end_ns: int) -> list[Interval]:
    """Those within the window, cut at its ends, joined where they touch, in order."""
    made: list[Interval] = []
    for start_ns, stop_ns in sorted(spans):
        if stop_ns < begin_ns or start_ns > end_ns:
            continue
        start_ns, stop_ns = max(start_ns, begin_ns), min(stop_ns, end_ns)
        if made and start_ns <= made[-1][1]:
            made[-1] = made[-1][0], max(stop_ns, made[-1][1])
        else:
            made.append((start_ns, stop_ns))
    return made


def sums(
    amounts: Iterable[tuple[int, int, int]], begin_ns: int, end_ns: int, columns: int
) -> list[float]:
    """For each column its part of (begin, end, amount), each spread evenly over its time."""
    width = max(1, end_ns - begin_ns)
    made = [0.0] * columns
    for start_ns, stop_ns, amount in amounts:
        if stop_ns < begin_ns or start_ns > end_ns:
            continue
        first = min(max(0, (start_ns - begin_ns) * columns // width), columns - 1)
        last = min(max(0, (stop_ns - begin_ns) * columns // width), columns - 1)
        span_ns = max(1, stop_ns - start_ns)
        for column in range(first, last + 1):
            left = max(start_ns, begin_ns + width * column // columns)
            right = min(stop_ns, begin_ns + width * (column + 1) // columns)
            part = max(0, right - left) / span_ns if first != last else 1.0
            made[column] += amount * part
    return made


def envelope(line: Sequence[Point], columns: int) -> list[tuple[int, int]]:
    """(least, most) of a line of corners in each of `columns` equal parts of its time."""
    begin_ns, end_ns = line[0][0], line[-1][0]
    width = max(1, end_ns - begin_ns)
    least: list[int | None] = [None] * columns
    most: list[int | None] = [None] * columns

    def see(column: int, level: int) -> None:
        old_least, old_most = least[column], most[column]
        least[column] = level if old_least is None else min(old_least, level)
        most[column] = level if old_most is None else max(old_most, level)

    for (from_ns, low), (to_ns, high) in pairwise(line):
        first = min((from_ns - begin_ns) * columns // width, columns - 1)
        last = min((to_ns - begin_ns) * columns // width, columns - 1)
        see(first, low)
        see(last, high)
        for column in range(first + 1, last + 1):  # where the line crosses from one into the next
            edge_ns = begin_ns + width * column // columns
            level = low + (high - low) * (edge_ns - from_ns) // max(1, to_ns - from_ns)
            see(column - 1, level)
            see(column, level)
    return [(low or 0, high or 0) for low, high in zip(least, most, strict=True)]
