"""Numbers that change in the course of a run, as (time, value) in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from quecsim.render.picture import cut
from quecsim.render.timeline import Timeline
from quecsim.trace.event import Event, Lost, Stored

Samples = Iterable[tuple[int, int]]


def ring_samples(
    made: Timeline, begin_ns: int, end_ns: int, most_steps: int
) -> Iterator[tuple[int, int]]:
    """The ring's level; where it rises, in so many steps at most."""
    line = cut(made.ring, begin_ns, end_ns)
    yield line[0]
    for (from_ns, low), (to_ns, high) in pairwise(line):
        steps = min(high - low, most_steps) if high > low else 1
        for step in range(1, steps + 1):
            yield from_ns + (to_ns - from_ns) * step // steps, low + (high - low) * step // steps


def lost_samples(found: Sequence[Lost]) -> Samples:
    """All lost bytes so far: a loss counts when it is over."""
    return _summed((loss.last_ns, loss.count) for loss in found)


def stored_samples(events: Iterable[Event]) -> Samples:
    """All stored bytes so far, of all files."""
    return _summed((event.at_ns, event.count) for event in events if isinstance(event, Stored))


def _summed(counts: Iterable[tuple[int, int]]) -> Samples:
    ordered = sorted(counts)
    totals = accumulate(count for _, count in ordered)
    return list(zip((at_ns for at_ns, _ in ordered), totals, strict=True))
