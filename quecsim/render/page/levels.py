"""Levels of detail: as much as a picture can show, and never every event of a long run.

What is near something interesting stays exact; elsewhere what lies close together becomes one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from quecsim.render.picture import Point
from quecsim.render.timeline import Span
from quecsim.units import format_ns

Window = tuple[int, int]


def merged(spans: Sequence[Span], gap_ns: int) -> list[Span]:
    """Spans that follow one another within `gap_ns` as one, which says how many they are."""
    groups: list[list[Span]] = []
    end_ns = 0
    for span in spans:
        if groups and span.begin_ns - end_ns < gap_ns:
            groups[-1].append(span)
            end_ns = max(end_ns, span.end_ns)
        else:
            groups.append([span])
            end_ns = span.end_ns
    return [_one(group) for group in groups]


def _one(group: Sequence[Span]) -> Span:
    if len(group) == 1:
        return group[0]
    first = group[0]
    took_ns = sum(span.end_ns - span.begin_ns for span in group)
    took = f", {format_ns(took_ns)} together" if took_ns else ""
    text = f"{len(group)} here{took}; the first: {first.text}"
    return Span(first.begin_ns, max(span.end_ns for span in group), text, first.event)


def thinned(spans: Sequence[Span], windows: Sequence[Window], gap_ns: int, most: int) -> list[Span]:
    """All of `spans` where they are at most `most`; otherwise those within `windows` as they are,
    at most so many, and the others `merged` within `gap_ns`.
    """
    if len(spans) <= most:
        return list(spans)
    near = [span for span in spans if is_within(windows, span.begin_ns, span.end_ns)][:most]
    kept = set(map(id, near))
    far = [span for span in spans if id(span) not in kept]
    return sorted([*near, *merged(far, gap_ns)], key=lambda span: span.begin_ns)


def is_within(windows: Sequence[Window], begin_ns: int, end_ns: int | None = None) -> bool:
    """Whether the time, or some of the time up to `end_ns`, lies in one of `windows`, which are
    `joined`.
    """
    last_ns = begin_ns if end_ns is None else end_ns
    index = bisect_right(windows, (last_ns, 1 << 62)) - 1
    return index >= 0 and windows[index][1] >= begin_ns


def joined(windows: Iterable[Window]) -> list[Window]:
    """Sorted, and without overlaps."""
    made: list[Window] = []
    for begin_ns, end_ns in sorted(windows):
        if made and begin_ns <= made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], end_ns)
        else:
            made.append((begin_ns, end_ns))
    return made


def outlined(points: Sequence[Point], begin_ns: int, end_ns: int, columns: int) -> list[Point]:
    """A line of at most some 4 points for each of `columns` of the time from `begin_ns` to
    `end_ns`: in each the first point, the lowest, the highest and the last.
    """
    if len(points) <= 4 * columns:
        return list(points)
    width_ns = max(1, -(-(end_ns - begin_ns) // columns))
    made: list[Point] = []
    column: list[Point] = []
    for point in points:
        if column and (point[0] - begin_ns) // width_ns != (column[0][0] - begin_ns) // width_ns:
            made += _telling(column)
            column = []
        column.append(point)
    return made + list(_telling(column))


def _telling(column: Sequence[Point]) -> Iterator[Point]:
    if not column:
        return
    places = range(len(column))
    lowest = min(places, key=lambda n: column[n][1])
    highest = max(places, key=lambda n: column[n][1])
    for place in sorted({0, lowest, highest, len(column) - 1}):
        yield column[place]


def within(points: Sequence[Point], begin_ns: int, end_ns: int) -> list[Point]:
    """The part of a line from `begin_ns` to `end_ns`, with the points on both edges."""
    inside = [point for point in points if begin_ns < point[0] < end_ns]
    return [(begin_ns, level_at(points, begin_ns)), *inside, (end_ns, level_at(points, end_ns))]


def level_at(points: Sequence[Point], at_ns: int) -> int:
    """On the line at `at_ns`; before it and behind it as at its ends."""
    index = bisect_right(points, (at_ns, 1 << 62))
    if index == 0:
        return points[0][1] if points else 0
    if index == len(points):
        return points[-1][1]
    (left_ns, left), (right_ns, right) = points[index - 1], points[index]
    return left + (right - left) * (at_ns - left_ns) // max(1, right_ns - left_ns)
