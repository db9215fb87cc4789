"""When flow control held the host, from the events that say so."""

from collections.abc import Iterable, Iterator

from quecsim.trace.event import HostHeld


def held_spans(numbered: Iterable[tuple[int, HostHeld]]) -> Iterator[tuple[int, int, int | None]]:
    """(number of the event that begins it, begin, end) of each; the end is None where the record
    has none.
    """
    since: tuple[int, int] | None = None
    for number, event in numbered:
        if event.held and since is None:
            since = number, event.at_ns
        elif not event.held and since is not None:
            yield *since, event.at_ns
            since = None
    if since is not None:
        yield *since, None
