"""Who is at a broker, for looking only: its clients, and what waits for them."""

import msgspec

from quecsim.peers.mqtt_connection import Connection
from quecsim.peers.mqtt_session import Session


class BrokerClient(msgspec.Struct, frozen=True, kw_only=True):
    """A client of a broker, or a connection whose CONNECT has not come (`client_id` is empty).

    `connection` is the number of its connection, -1 while it is away and its session is kept.
    `level` is the protocol's (3 is MQTT 3.1, 4 is 3.1.1), 0 while it is away. `subscriptions` are
    filters of topics with the QoS that was granted. Of the messages for it `in_flight` are sent and
    not acknowledged, and `queued` wait for that.
    """

    client_id: str
    connection: int = -1
    level: int = 0
    subscriptions: dict[str, int] = {}
    in_flight: int = 0
    queued: int = 0

    @property
    def is_online(self) -> bool:
        """It has a connection."""
        return self.connection >= 0


def view_of(session: Session | None, connection: Connection | None) -> BrokerClient:
    """As it stands. One of the two is there."""
    return BrokerClient(
        client_id="" if session is None else session.client_id,
        connection=-1 if connection is None else connection.number,
        level=0 if connection is None or session is None else connection.level,
        subscriptions={} if session is None else dict(session.subscriptions),
        in_flight=0 if session is None else session.in_flight,
        queued=0 if session is None else session.queued,
    )
