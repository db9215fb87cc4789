"""Packets that wait for their answer: sent again after a time, and given up after some."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from quecsim.mqtt import Packet, Publish, PubRel, Subscribe, Unsubscribe


@dataclass(slots=True, eq=False)
class Flight:
    """`packet` of AT's `command` waits for its answer; `number` is the host's of it.

    `text` is what the result begins with: `+QMTPUB: 0,1`.
    """

    command: str
    packet: Publish | PubRel | Subscribe | Unsubscribe
    number: int
    text: str
    due_ns: int
    repeated: int = 0

    @property
    def again(self) -> Packet:
        """The packet as it is sent once more; at level 4 only a PUBLISH is marked so."""
        if isinstance(self.packet, Publish):
            return replace(self.packet, dup=True)
        return self.packet


class Flights:
    """All that one client waits for, in the order in which it was sent."""

    def __init__(self, send: Callable[[Packet], None]) -> None:
        self._send = send
        self._all: list[Flight] = []

    def __iter__(self) -> Iterator[Flight]:
        return iter(self._all)

    @property
    def count(self) -> int:
        """How many packets are not answered."""
        return len(self._all)

    def publications(self) -> int:
        """How many publications are not answered."""
        return sum(isinstance(flight.packet, Publish | PubRel) for flight in self._all)

    def begin(self, flight: Flight) -> None:
        """Send it, and wait."""
        self._all.append(flight)
        self._send(flight.packet)

    def find(self, kind: type[Packet], packet_id: int) -> Flight | None:
        """The oldest that waits with a packet of that kind."""
        for flight in self._all:
            if isinstance(flight.packet, kind) and flight.number == packet_id:
                return flight
        return None

    def has_publication(self, packet_id: int) -> bool:
        """Whether a publication of that number is not answered."""
        return any(
            flight.number == packet_id and isinstance(flight.packet, Publish | PubRel)
            for flight in self._all
        )

    def end(self, flight: Flight) -> None:
        """It has its answer, or none will come."""
        self._all.remove(flight)

    def deadline_ns(self) -> int | None:
        """When the first of them has waited long enough."""
        return min((flight.due_ns for flight in self._all), default=None)

    def due(self, now_ns: int) -> Iterator[Flight]:
        """Those that have."""
        for flight in list(self._all):
            if flight.due_ns <= now_ns and flight in self._all:  # the connection may have ended
                yield flight

    def repeat(self, flight: Flight, due_ns: int) -> None:
        """Send it once more."""
        flight.repeated += 1
        flight.due_ns = due_ns
        self._send(flight.again)

    def clear(self) -> None:
        """The connection is over."""
        self._all.clear()
