"""The last events of a run, kept to be asked for: bounded, each with its number.

Numbers count all events of the run from 0, whether or not they are still kept.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from quecsim.trace.event import Eaten, Event, FlashBusy, HostBytes, Sent

_MOST_EVENTS = 50_000
_MOST_BYTES = 32 << 20
_EVENT_BYTES = 200  # about what a small one takes
_OPERATION_BYTES = 150


class EventLog:
    """Feed it all events of a run; it keeps the newest, `most` of them and about 32 MiB."""

    def __init__(self, most: int = _MOST_EVENTS, most_bytes: int = _MOST_BYTES) -> None:
        self._kept: deque[Event] = deque()
        self._most = most
        self._most_bytes = most_bytes
        self._kept_bytes = 0
        self.next_number = 0

    @property
    def first_number(self) -> int:
        """The number of the oldest event that is kept."""
        return self.next_number - len(self._kept)

    def feed(self, events: Iterable[Event]) -> None:
        """Append `events`; the oldest go where there are too many."""
        kept = self._kept
        before, added_bytes = len(kept), 0
        kept.extend(events)
        count = len(kept) - before
        for event in islice(reversed(kept), count):
            added_bytes += _weight(event) if type(event) in _HEAVY else _EVENT_BYTES
        self._kept_bytes += added_bytes
        self.next_number += count
        while len(kept) > self._most or (self._kept_bytes > self._most_bytes and len(kept) > 1):
            self._kept_bytes -= _weight(kept.popleft())

    def since(self, number: int = 0) -> Iterator[tuple[int, Event]]:
        """(number, event) of those kept, oldest first, from `number` on.

        Feed nothing before the iterator is used up.
        """
        first = max(number, self.first_number)
        skipped = first - self.first_number
        if skipped > len(self._kept) // 2:  # near the end: a deque is quick from its ends only
            newest = list(islice(reversed(self._kept), max(self.next_number - first, 0)))
            return enumerate(reversed(newest), first)
        return enumerate(islice(self._kept, skipped, None), first)

    def number_of(self, event: Event) -> int | None:
        """The number of the newest event that equals `event`; None if none does."""
        number = self.next_number
        for kept in reversed(self._kept):
            number -= 1
            if kept is event or kept == event:
                return number
        return None


_WITH_DATA = (HostBytes, Sent, Eaten)


_HEAVY = frozenset({*_WITH_DATA, FlashBusy})


def _weight(event: Event) -> int:
    if isinstance(event, _WITH_DATA):
        return _EVENT_BYTES + len(event.data)
    if isinstance(event, FlashBusy):
        return _EVENT_BYTES + _OPERATION_BYTES * len(event.ops)
    return _EVENT_BYTES
