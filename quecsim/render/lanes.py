"""The picture of the ring with lanes under it: when the device was busy, when bytes were lost, and
when flow control held the host. The chart is plotext's; the lanes stand under its columns.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quecsim.render.held import held_spans
from quecsim.render.picture import ring_chart, ring_series
from quecsim.report.model import Upload
from quecsim.trace.event import Event, FlashBusy, HostHeld, Lost, Stalled
from quecsim.units import ms, s

LEGEND = (
    "[==] busy: the module takes nothing from the ring   xx lost: bytes are gone",
    "~~   held: flow control makes the host wait",
)

Span = tuple[int, int]
_SHORTEST_NS, _LONGEST_NS = ms(1), s(1)
_FRAME = re.compile("└[─┬]*┘")


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of marks: `ends` around each span, or nothing; `colour` is an SGR code."""

    label: str
    mark: str
    ends: str
    colour: str


_BUSY = Lane("busy", "=", "[]", "33")
_LOST = Lane("lost", "x", "", "1;31")
_HELD = Lane("held", "~", "", "36")
_MARGIN = max(len(lane.label) for lane in (_BUSY, _LOST, _HELD)) + 1


def ring_picture(
    events: Sequence[Event],
    begin_ns: int,
    end_ns: int,
    capacity: int,
    *,
    width: int = 78,
    height: int = 12,
    title: str = "",
    colour: bool = False,
) -> str:
    """The ring's level from `begin_ns` to `end_ns` above its lanes, at most `width` columns wide.

    `capacity` is the ring's size in bytes. A lane with nothing in it is left out. `colour` is for
    the lanes; without it there is no control code in the text.
    """
    series = ring_series(events, begin_ns, end_ns)
    chart = ring_chart(series, capacity, width - _MARGIN, height, title).split("\n")
    left, columns = _inside(chart)
    indent = max(0, _MARGIN - left)
    picture = [" " * indent + line.rstrip() for line in chart]
    for lane, spans in _lanes(events):
        row = _row(lane, spans, begin_ns, end_ns, columns).rstrip()
        if row:
            text = f"\x1b[{lane.colour}m{row}\x1b[0m" if colour else row
            picture.append(lane.label.ljust(left + indent) + text)
    return "\n".join(picture)


def telling_window(events: Sequence[Event], upload: Upload) -> Span:
    """From when the ring was empty to a little after the first loss, or after it was fullest."""
    last_ns = max((event.at_ns for event in events), default=0)
    series = ring_series(events, upload.begin_ns, upload.end_ns or max(last_ns, upload.begin_ns))
    moment_ns = max(series, key=lambda point: point[1])[0]
    if ring_losses := [loss for loss in upload.losses if loss.cause == "ring"]:
        moment_ns = ring_losses[0].last_ns
    empty = (at_ns for at_ns, level in series if level == 0 and at_ns <= moment_ns)
    begin_ns = max(moment_ns - _LONGEST_NS, max(empty, default=upload.begin_ns))
    span_ns = max(_SHORTEST_NS, moment_ns - begin_ns)
    return begin_ns - span_ns // 8, moment_ns + span_ns // 4


def _inside(chart: Iterable[str]) -> tuple[int, int]:
    """Where the inside of the chart's frame begins, and how many columns it has."""
    for line in chart:
        if found := _FRAME.search(line):
            return found.start() + 1, len(found[0]) - 2
    raise AssertionError("the chart has no frame")


def _lanes(events: Sequence[Event]) -> Iterator[tuple[Lane, list[Span]]]:
    busy = [event for event in events if isinstance(event, FlashBusy | Stalled)]
    lost = [event for event in events if isinstance(event, Lost)]
    yield _BUSY, [(event.at_ns, event.until_ns) for event in busy]
    yield _LOST, [(event.at_ns, event.last_ns) for event in lost]
    yield _HELD, list(_held(events))


def _held(events: Sequence[Event]) -> Iterator[Span]:
    numbered = ((n, event) for n, event in enumerate(events) if isinstance(event, HostHeld))
    last_ns = max((event.at_ns for event in events), default=0)
    for _, begin_ns, end_ns in held_spans(numbered):
        yield begin_ns, last_ns if end_ns is None else end_ns


def _row(lane: Lane, spans: Iterable[Span], begin_ns: int, end_ns: int, columns: int) -> str:
    """`columns` characters: the first stands for `begin_ns`, the last for `end_ns`."""
    row = [" "] * columns
    for start_ns, stop_ns in spans:
        if stop_ns < begin_ns or start_ns > end_ns:
            continue
        first = _column(max(start_ns, begin_ns), begin_ns, end_ns, columns)
        last = max(first, _column(min(stop_ns, end_ns), begin_ns, end_ns, columns) - 1)
        row[first : last + 1] = lane.mark * (last + 1 - first)
        if lane.ends and last > first:
            row[first] = lane.ends[0] if start_ns >= begin_ns else row[first]
            row[last] = lane.ends[1] if stop_ns <= end_ns else row[last]
    return "".join(row)


def _column(at_ns: int, begin_ns: int, end_ns: int, columns: int) -> int:
    span_ns = max(1, end_ns - begin_ns)
    return ((at_ns - begin_ns) * (columns - 1) + span_ns // 2) // span_ns
