"""One direction of a Bluetooth LE connection: what waits, and in which events it goes."""

from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from quecsim.link.ble_pace import BlePace, Connection

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Item(Generic[T]):
    """`what` needs `packets`, and `later_events` more to come about; `count` bytes of data go with
    it, from byte `offset` of its direction on.
    """

    asked_ns: int
    what: T
    packets: int = 1
    offset: int = 0
    count: int = 0
    later_events: int = 0


@dataclass(slots=True)
class Outage:
    """Events from `from_ns` up to `until_ns` do not happen."""

    from_ns: int = 0
    until_ns: int = 0

    def has(self, at_ns: int) -> bool:
        """It covers that time."""
        return self.from_ns <= at_ns < self.until_ns


@dataclass(slots=True)
class Way(Generic[T]):
    """`to_peripheral`: that side may leave out events. The last packet went into event `event`, of
    which `used` are taken; `floor_ns`: nothing goes before.
    """

    to_peripheral: bool
    items: deque[Item[T]] = field(default_factory=deque)
    event: int = 0
    used: int = 0
    floor_ns: int = 0

    def begin(self, *, to_peripheral: bool) -> None:
        """A connection has begun, or its events are others from now on."""
        self.to_peripheral = to_peripheral
        self.event = self.used = self.floor_ns = 0

    def place(self, there: Connection, pace: BlePace, outage: Outage) -> tuple[int, int]:
        """(event, packets used of it) when the first item that waits is through."""
        item, most = self.items[0], pace.event_packets(there.interval_ns)
        asked_ns = max(item.asked_ns, self.floor_ns)
        event, used = self.event, self.used
        goes_on_ns = there.event_ns(event) + used * pace.pair_ns
        # An event goes on as long as there is more when a packet of it is over.
        if not 0 < used < most or asked_ns > goes_on_ns or outage.has(there.event_ns(event)):
            first = there.first_from(asked_ns)
            event = self._next(max(first, event + (1 if used else 0)), there, outage)
            used = 0
        for _ in range(item.later_events):
            event, used = self._next(event + 1, there, outage), 0
        left = item.packets
        while left > most - used:
            left -= most - used
            event, used = self._next(event + 1, there, outage), 0
        return event, used + left

    def due_ns(self, there: Connection, pace: BlePace, outage: Outage) -> int:
        """When the first item that waits is through."""
        event, used = self.place(there, pace, outage)
        return there.event_ns(event) + used * pace.pair_ns

    def take(self, there: Connection, pace: BlePace, outage: Outage) -> Item[T]:
        """It is through."""
        self.event, self.used = self.place(there, pace, outage)
        return self.items.popleft()

    def _next(self, event: int, there: Connection, outage: Outage) -> int:
        """The first event from `event` on that both take part in."""
        if outage.has(there.event_ns(event)):
            event = there.first_from(outage.until_ns)
        skipped = there.parameters.latency + 1 if self.to_peripheral else 1
        event += -event % skipped
        if outage.has(there.event_ns(event)):  # it begins between two that are heard
            return self._next(event + 1, there, outage)
        return event
