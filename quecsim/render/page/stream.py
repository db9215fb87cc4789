"""What the host sent, to be read by its place in the stream."""

from bisect import bisect_right
from collections.abc import Iterable

from quecsim.trace.event import Event, HostBytes


class Stream:
    """The bytes that the host handed to its UART."""

    def __init__(self, events: Iterable[Event]) -> None:
        writes = [event for event in events if isinstance(event, HostBytes)]
        self._pieces = sorted((event.offset, event.data) for event in writes)
        self._starts = [offset for offset, _ in self._pieces]

    def read(self, begin: int, end: int) -> bytes:
        """The bytes from offset `begin` up to `end`, as far as the record has them in one piece."""
        found = bytearray()
        index = max(0, bisect_right(self._starts, begin) - 1)
        for offset, data in self._pieces[index:]:
            place = begin + len(found)
            if place >= end or offset > place:
                break
            found += data[place - offset : end - offset]
        return bytes(found)
