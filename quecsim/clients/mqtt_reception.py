"""What a broker publishes to a client: acknowledged as its QoS wants it, and handed on once."""

from collections.abc import Callable
from typing import Protocol

from quecsim.clients.mqtt_inbox import Inbox
from quecsim.clients.mqtt_state import MqttSettings
from quecsim.mqtt import Packet, PubAck, PubComp, Publish, PubRec, PubRel

MOST_IDS = 1024


class Carried(Protocol):
    """Puts a message on record."""

    def __call__(self, way: str, message: Publish, *, is_dropped: bool) -> None:
        """`way` is "in" or "out"; `is_dropped`: there was no room for it."""


class Reception:
    """For one client: `send` a packet to the broker, `carried` puts a message on record."""

    def __init__(
        self,
        inbox: Inbox,
        settings: Callable[[], MqttSettings],
        send: Callable[[Packet], None],
        carried: Carried,
    ) -> None:
        self._inbox = inbox
        self._settings = settings
        self._send = send
        self._carried = carried
        self.ids: set[int] = set()  # of QoS 2, not released yet

    def publish(self, packet: Publish) -> None:
        """A message; one of QoS 2 may come again before it is released, and counts once."""
        if packet.qos == 2:
            if packet.packet_id not in self.ids and len(self.ids) < MOST_IDS:
                self.ids.add(packet.packet_id)
                self._hand_on(packet)
            self._send(PubRec(packet.packet_id))
            return
        self._hand_on(packet)
        if packet.qos == 1:
            self._send(PubAck(packet.packet_id))

    def release(self, packet: PubRel) -> None:
        """That message will not come again."""
        self.ids.discard(packet.packet_id)
        self._send(PubComp(packet.packet_id))

    def clear(self) -> None:
        """The connection is over."""
        self.ids.clear()

    def _hand_on(self, packet: Publish) -> None:
        is_taken = self._inbox.put(packet, self._settings())
        self._carried("in", packet, is_dropped=not is_taken)
