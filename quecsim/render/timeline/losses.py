"""The losses of a run as people count them, and the part of the run that shows why one came."""

from bisect import bisect_right
from collections.abc import Sequence

from quecsim.render.timeline.model import Timeline
from quecsim.report.losses import LossList
from quecsim.trace.event import Event, Lost
from quecsim.units import ms, s

_SHORTEST_NS, _LONGEST_NS = ms(1), s(1)
_ALL = 1 << 62
_LOWS = 2


def losses(events: Sequence[Event]) -> tuple[Lost, ...]:
    """Every loss, in the order of time: the pieces in which the line delivered it are one."""
    found = LossList(_ALL)
    for event in events:
        if isinstance(event, Lost):
            found.add(event)
    return tuple(sorted(found.spans, key=lambda lost: (lost.at_ns, lost.offset)))


def around(made: Timeline, lost: Lost) -> tuple[int, int]:
    """From before the ring began to fill to a little behind the loss, within about two seconds."""
    return _window(made, lost.at_ns, max(lost.last_ns, lost.drained_ns))


def around_peak(made: Timeline) -> tuple[int, int]:
    """The same for the first time that the ring was fullest."""
    at_ns, _ = max(made.ring, key=lambda point: point[1])
    return _window(made, at_ns, at_ns)


def _window(made: Timeline, moment_ns: int, over_ns: int) -> tuple[int, int]:
    begin_ns = max(moment_ns - _LONGEST_NS, _began_to_fill(made, moment_ns))
    end_ns = min(over_ns, moment_ns + _LONGEST_NS)
    span_ns = max(_SHORTEST_NS, end_ns - begin_ns)
    last_ns = max(made.end_ns, made.begin_ns + _SHORTEST_NS)
    return max(made.begin_ns, begin_ns - span_ns // 4), min(last_ns, end_ns + span_ns * 2 // 3)


def _began_to_fill(made: Timeline, moment_ns: int) -> int:
    """When the ring that was full at that moment was empty; a ring that is never empty: when it
    began to fill, and the time before, so that one sees what went well.
    """
    lows = 0
    ring = made.ring[: bisect_right(made.ring, (moment_ns, -1))]
    for number in range(len(ring) - 1, 0, -1):
        at_ns, level = ring[number]
        if number + 1 < len(ring) and level < ring[number - 1][1] and level < ring[number + 1][1]:
            lows += 1
        if level == 0 or lows == _LOWS:
            return at_ns
    return made.begin_ns
