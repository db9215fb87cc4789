"""What a broker keeps of one client: its subscriptions, and the messages under way to and from it.

Source: MQTT 3.1.1, sections 3.1.2.4, 4.3, 4.4 and 4.6. Nothing is sent again within a connection,
everything that is open after a new one.
"""

from collections import deque
from enum import Enum, auto

import msgspec

from quecsim.mqtt.packets import Packet, PubAck, PubComp, Publish, PubRec, PubRel
from quecsim.mqtt.topics import matches

_MOST_PACKET_ID = 65_535


class Awaits(Enum):
    """What a message under way to the client waits for."""

    PUBACK = auto()
    PUBREC = auto()
    PUBCOMP = auto()


# (what it waits for, what came): what it waits for then; None: it is done. All else is ignored.
_NEXT: dict[tuple[Awaits, type[Packet]], Awaits | None] = {
    (Awaits.PUBACK, PubAck): None,
    (Awaits.PUBREC, PubRec): Awaits.PUBCOMP,
    (Awaits.PUBCOMP, PubRec): Awaits.PUBCOMP,
    (Awaits.PUBCOMP, PubComp): None,
}


class _Flight(msgspec.Struct):
    publish: Publish
    awaits: Awaits


class Session:
    """One client's state. It outlives the connection unless `is_clean`.

    `in_flight` messages are under way to it at most, `queued` wait for that.
    """

    def __init__(self, client_id: str, is_clean: bool, in_flight: int, queued: int) -> None:
        self.client_id = client_id
        self.is_clean = is_clean
        self.subscriptions: dict[str, int] = {}
        self._most_in_flight = in_flight
        self._most_queued = queued
        self._received: set[int] = set()
        self._waiting: deque[Publish] = deque()
        self._flights: dict[int, _Flight] = {}
        self._unsent: deque[int] = deque()  # of the flights, since the connection began
        self._last_id = 0

    @property
    def in_flight(self) -> int:
        """How many messages are under way to the client."""
        return len(self._flights)

    @property
    def queued(self) -> int:
        """How many wait for that."""
        return len(self._waiting)

    def qos_for(self, topic: str) -> int | None:
        """The highest QoS of the subscriptions that take `topic`; None: there is none."""
        found = (qos for each, qos in self.subscriptions.items() if matches(each, topic))
        return max(found, default=None)

    def offer(self, publish: Publish) -> bool:
        """A message of QoS 1 or 2 for the client, without its number; False: there is no room."""
        assert publish.qos, publish
        if len(self._waiting) >= self._most_queued:
            return False
        self._waiting.append(publish)
        return True

    def resume(self) -> None:
        """A new connection begins: what is open is sent again, in order."""
        self._unsent = deque(self._flights)

    def next_packet(self) -> Packet | None:
        """What is to be sent now; None: nothing, until the client acknowledges something."""
        if self._unsent:
            return self._again(self._unsent.popleft())
        if not self._waiting or len(self._flights) >= self._most_in_flight:
            return None
        number = self._new_id()
        publish = msgspec.structs.replace(self._waiting.popleft(), packet_id=number)
        awaits = Awaits.PUBACK if publish.qos == 1 else Awaits.PUBREC
        self._flights[number] = _Flight(publish, awaits)
        return publish

    def acknowledge(self, packet: PubAck | PubRec | PubComp) -> None:
        """The client has acknowledged. What nobody asked for changes nothing."""
        flight = self._flights.get(packet.packet_id)
        if flight is None or (flight.awaits, type(packet)) not in _NEXT:
            return
        awaits = _NEXT[flight.awaits, type(packet)]
        if packet.packet_id in self._unsent:
            self._unsent.remove(packet.packet_id)
        if awaits is None:
            del self._flights[packet.packet_id]
        else:
            flight.awaits = awaits

    def receive(self, packet_id: int) -> bool:
        """A message of QoS 2 has come from the client; False: it came before."""
        is_new = packet_id not in self._received
        self._received.add(packet_id)
        return is_new

    def release(self, packet_id: int) -> None:
        """The client has done with that message of QoS 2: its number may stand for another."""
        self._received.discard(packet_id)

    def _again(self, number: int) -> Packet:
        flight = self._flights[number]
        if flight.awaits is Awaits.PUBCOMP:
            return PubRel(number)
        return msgspec.structs.replace(flight.publish, dup=True)

    def _new_id(self) -> int:
        """The next number that is free; there are far more of them than may be under way."""
        self._last_id = self._last_id % _MOST_PACKET_ID + 1
        while self._last_id in self._flights:
            self._last_id = self._last_id % _MOST_PACKET_ID + 1
        return self._last_id
