"""Where the core leaves its events until whoever drives it takes them away.

A record must not show at which times somebody happened to look: bytes that went the same way one
after the other are one event, however many turns that took.
"""

from collections.abc import Iterable
from operator import attrgetter

import msgspec

from quecsim.trace.event import Eaten, Event, Lost, RingLevel

_SAME_LOSS = attrgetter("cause", "doing", "device_flow", "host_flow", "ring_bytes")


class Recorder:
    """A list of events, drained and never pushed: a slow reader cannot change a run."""

    __slots__ = ("_events", "add")

    def __init__(self) -> None:
        self._events: list[Event] = []
        self.add = self._events.append

    def renew(self, old: RingLevel | None, new: RingLevel) -> None:
        """Add `new`, in place of `old` where nothing has happened since."""
        if self._events and self._events[-1] is old:
            self._events[-1] = new
        else:
            self._events.append(new)

    def take(self) -> list[Event]:
        """All events since the last call, oldest first."""
        events = _joined(self._events)
        self._events.clear()
        return events


def _joined(events: Iterable[Event]) -> list[Event]:
    """Neighbours that go on where the one before them ended, as one."""
    joined: list[Event] = []
    row: list[Eaten | Lost] = []  # all but the first go on
    for event in events:
        if row and not _goes_on(row[-1], event):
            joined.append(_whole(row))
            row = []
        if isinstance(event, Eaten | Lost):
            row.append(event)
        else:
            joined.append(event)
    return [*joined, _whole(row)] if row else joined


def _goes_on(first: Eaten | Lost, second: Event) -> bool:
    if isinstance(first, Eaten) and isinstance(second, Eaten):
        is_same = first.why == second.why
    elif isinstance(first, Lost) and isinstance(second, Lost):
        # A loss at the ring is over when it is recorded.
        is_same = first.cause != "ring" and _SAME_LOSS(first) == _SAME_LOSS(second)
    else:
        return False
    return is_same and first.offset + first.count == second.offset


def _whole(row: list[Eaten | Lost]) -> Event:
    first, last = row[0], row[-1]
    if len(row) == 1:
        return first
    end = last.offset + last.count
    whole = {"last_ns": last.last_ns, "count": end - first.offset}
    if isinstance(last, Lost):
        whole["drained_ns"] = last.drained_ns
        return msgspec.structs.replace(first, **whole)
    data = b"".join(event.data for event in row if isinstance(event, Eaten))
    return msgspec.structs.replace(first, **whole, data=data)
