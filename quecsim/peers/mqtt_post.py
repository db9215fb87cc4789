"""Who has subscribed to what, which messages are retained, and how a message gets to its readers.

Source: MQTT 3.1.1, sections 3.3.1.3, 3.3.5, 3.8.4.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from quecsim.mqtt import Publish, matches
from quecsim.mqtt.packets import NOT_GRANTED
from quecsim.peers.mqtt_connection import Connection
from quecsim.peers.mqtt_session import Session
from quecsim.peers.mqtt_settings import BrokerSettings


class Post:
    """The sessions of a broker, those that are online, and the retained messages.

    `note` is told of what is lost: the connection (None: there is none), and a text.
    """

    def __init__(
        self, settings: BrokerSettings, note: Callable[[Connection | None, str], None]
    ) -> None:
        self._settings = settings
        self._note = note
        self._sessions: dict[str, Session] = {}
        self._online: dict[str, Connection] = {}
        self._retained: dict[str, Publish] = {}

    def has_room_for(self, client_id: str) -> bool:
        """Whether a client of that id can have a session."""
        return client_id in self._sessions or len(self._sessions) < self._settings.sessions

    def has_session(self, client_id: str) -> bool:
        """Whether there is a session of that id."""
        return client_id in self._sessions

    def connection_of(self, client_id: str) -> Connection | None:
        """The connection over which that client is online."""
        return self._online.get(client_id)

    @property
    def sessions(self) -> Iterable[Session]:
        """All that there are, of clients that are online and of those that are away."""
        return self._sessions.values()

    @property
    def retained(self) -> Iterable[str]:
        """The topics that have a retained message."""
        return self._retained

    def join(self, connection: Connection, client_id: str, is_clean: bool) -> bool:
        """A client is online, with a new session or its old one; True: that was there."""
        assert client_id not in self._online, client_id
        kept = None if is_clean else self._sessions.get(client_id)
        settings = self._settings
        session = kept or Session(client_id, is_clean, settings.in_flight, settings.queued_messages)
        self._sessions[client_id] = session
        self._online[client_id] = connection
        connection.session = session
        session.resume()
        return kept is not None

    def leave(self, session: Session) -> None:
        """A client is online no longer."""
        del self._online[session.client_id]
        if session.is_clean:
            del self._sessions[session.client_id]

    def subscribe(self, session: Session, wanted: str, qos: int) -> int:
        """The QoS that is granted, or `NOT_GRANTED`."""
        subscriptions = session.subscriptions
        is_full = len(subscriptions) >= self._settings.subscriptions
        if self._is_denied(wanted) or (is_full and wanted not in subscriptions):
            return NOT_GRANTED
        subscriptions[wanted] = min(qos, self._settings.most_qos)
        return subscriptions[wanted]

    def send_retained(self, session: Session, wanted: str, most_qos: int) -> None:
        """The retained messages that a subscription to `wanted` takes."""
        for topic, message in self._retained.items():
            if matches(wanted, topic):
                self._deliver(session, replace(message, qos=min(message.qos, most_qos)))

    def route(self, message: Publish) -> int:
        """To all who have subscribed, and into the store where it is to be retained. Returns how
        many have subscribed.
        """
        if self._is_denied(message.topic):
            return 0
        if message.retain:
            self._retain(message)
        count = 0
        for session in self._sessions.values():
            most_qos = session.qos_for(message.topic)
            if most_qos is not None:
                count += 1
                qos = min(message.qos, most_qos)
                self._deliver(session, Publish(message.topic, message.payload, qos))
        return count

    def _is_denied(self, wanted: str) -> bool:
        return any(matches(denied, wanted) for denied in self._settings.deny)

    def _retain(self, message: Publish) -> None:
        topic = message.topic
        if not message.payload:
            self._retained.pop(topic, None)
        elif topic in self._retained or len(self._retained) < self._settings.retained_messages:
            self._retained[topic] = replace(message, packet_id=0, dup=False)
        else:
            self._note(None, f"no room to retain a message of {topic[:40]!r}")

    def _deliver(self, session: Session, message: Publish) -> None:
        connection = self._online.get(session.client_id)
        if message.qos:
            is_taken = session.offer(message)
        else:
            is_taken = connection is None or connection.send(message)
        if not is_taken:
            self._note(connection, f"no room for a message of {message.topic[:40]!r}: it is lost")
        if connection:
            connection.go_on()
