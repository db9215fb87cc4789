"""What a line has to know of what was before it; bounded, whatever is fed."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from quecsim.render.dialogue.line import Group, Way
from quecsim.trace.event import DataBegin, HostBytes

_MOST_KEPT = 64
_MOST_STREAM_BYTES = 64 << 10
_MOST_WRITES = 4096


class Told(NamedTuple):
    """A line as whoever tells it knows it; `at_ns` where it is not the event's own."""

    group: Group
    way: Way
    text: str
    is_loud: bool = False
    offset: int | None = None
    at_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Data of a transfer: what it is called, and where in the host's stream it begins."""

    name: str
    offset: int


class Stream:
    """The newest of the host's bytes."""

    def __init__(self) -> None:
        self._kept: deque[HostBytes] = deque()
        self._size_bytes = 0

    def add(self, event: HostBytes) -> None:
        """The host has written."""
        self._kept.append(event)
        self._size_bytes += len(event.data)
        while len(self._kept) > 1 and self._is_too_much:
            self._size_bytes -= len(self._kept.popleft().data)

    @property
    def _is_too_much(self) -> bool:
        return self._size_bytes > _MOST_STREAM_BYTES or len(self._kept) > _MOST_WRITES

    def at(self, offset: int, count: int) -> tuple[bytes, list[tuple[int, int]]]:
        """What is still known of these bytes, from the first on, and what is hidden in it."""
        found, hidden = bytearray(), []
        for event in self._kept:
            first = offset + len(found) - event.offset
            if 0 <= first < len(event.data) and len(found) < count:
                hidden += [
                    (at + len(found) - first, size)
                    for at, size in event.hidden
                    if at + size > first
                ]
                found += event.data[first : first + count - len(found)]
        return bytes(found), hidden


class Scene:
    """The state of a dialogue.

    `data` is the data mode that is open; `line` the number of the command line that runs, 0 without
    one; `typed` holds the host's last writes to the command line by their places, as text;
    `ring_bytes` is the ring's size, 0 where nobody has said; `ring_level` what is in it;
    `is_heard`: a real device was listened to; `people` are the names of those on the air, by their
    addresses.
    """

    def __init__(self) -> None:
        self.data: DataBegin | None = None
        self.line = 0
        self.typed: OrderedDict[int, str] = OrderedDict()
        self.last_typed = b""
        self.stream = Stream()
        self.ring_bytes = 0
        self.ring_level = 0
        self.is_heard = False
        self.people: dict[str, str] = {}
        self._places: OrderedDict[int, Place] = OrderedDict()

    def begin(self, event: DataBegin) -> None:
        """Data mode begins."""
        self.data = event
        self._places[event.transfer] = Place(event.name or f"AT{event.command}", event.offset)
        _bound(self._places)

    def place(self, transfer: int) -> Place | None:
        """Where the data of a transfer is."""
        return self._places.get(transfer)

    def type(self, offset: int, data: bytes) -> None:
        """The host has written to the command line."""
        self.last_typed = data
        self.typed[offset] = data.decode("latin-1").rstrip("\r\n")
        _bound(self.typed)


def _bound(kept: OrderedDict[int, str] | OrderedDict[int, Place]) -> None:
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)


Tellers = dict[type[Any], Callable[[Scene, Any], Iterable[Told]]]
"""Who tells of an event: its lines, and what the scene is from then on."""
