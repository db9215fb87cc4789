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
class Outages:
    """Events that begin in one of `spans` do not happen: each (from, until), in order, and apart.

    Those of the past stay as long as a connection does, since what waits is placed from the time
    on at which it was asked for.
    """

    spans: list[tuple[int, int]] = field(default_factory=list)

    def add(self, from_ns: int, until_ns: int) -> None:
        """One more, which begins no earlier than the last one; or that goes on."""
        if self.spans and from_ns < self.spans[-1][1]:
            from_ns, last_ns = self.spans.pop()
            until_ns = max(until_ns, last_ns)
        self.spans.append((from_ns, until_ns))

    def span(self, at_ns: int) -> tuple[int, int] | None:
        """The one that covers that time."""
        for span in reversed(self.spans):
            if span[0] <= at_ns:
                return span if at_ns < span[1] else None
        return None

    def over_ns(self, at_ns: int) -> int:
        """From when on it works again, at `at_ns` or later."""
        span = self.span(at_ns)
        return at_ns if span is None else span[1]

    def last_heard(self, there: Connection, before_ns: int) -> int:
        """The last event before `before_ns` that both took part in; the first one at the least.

        A peripheral that may leave out events does, but for the first one behind an outage.
        """
        number = there.first_from(before_ns) - 1
        while number > 0 and (span := self.span(there.event_ns(number))) is not None:
            number = there.first_from(span[0]) - 1
        again = [there.first_from(end_ns) for _, end_ns in self.spans]
        return max(
            0,
            number - number % (there.parameters.latency + 1),
            *(each for each in again if each <= number),
        )


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

    def place(self, there: Connection, pace: BlePace, outages: Outages) -> tuple[int, int]:
        """(event, packets used of it) when the first item that waits is through."""
        item, most = self.items[0], pace.event_packets(there.interval_ns)
        asked_ns = max(item.asked_ns, self.floor_ns)
        event, used = self.event, self.used
        # An event goes on as long as there is more when a packet of it is over.
        if not 0 < used < most or asked_ns > there.event_ns(event) + used * pace.pair_ns:
            first = there.first_from(asked_ns)
            event = self._next(max(first, event + (1 if used else 0)), there, outages)
            used = 0
        for _ in range(item.later_events):
            event, used = self._next(event + 1, there, outages), 0
        left = item.packets
        while left > most - used:
            left -= most - used
            event, used = self._next(event + 1, there, outages), 0
        return event, used + left

    def due_ns(self, there: Connection, pace: BlePace, outages: Outages) -> int:
        """When the first item that waits is through."""
        event, used = self.place(there, pace, outages)
        return there.event_ns(event) + used * pace.pair_ns

    def last_ns(self, there: Connection, pace: BlePace, outages: Outages) -> int:
        """When the last one is that goes past the others, which do not get through."""
        asked_ns = max(self.items[-1].asked_ns, self.floor_ns)
        event = self._next(there.first_from(asked_ns), there, outages)
        return there.event_ns(event) + pace.pair_ns

    def take(self, there: Connection, pace: BlePace, outages: Outages) -> Item[T]:
        """It is through."""
        self.event, self.used = self.place(there, pace, outages)
        return self.items.popleft()

    def _next(self, event: int, there: Connection, outages: Outages) -> int:
        """The first event from `event` on that both take part in."""
        heard = there.parameters.latency + 1 if self.to_peripheral else 1
        while True:
            event += -event % heard
            over_ns = outages.over_ns(there.event_ns(event))
            if over_ns == there.event_ns(event):
                return event
            event = there.first_from(over_ns)
