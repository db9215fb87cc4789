"""An MQTT broker, 3.1 and 3.1.1, in this process: bytes and times in, bytes out.

Sources: OASIS Standard MQTT 3.1.1 (2014); MQTT V3.1 (IBM, Eurotech, 2010). Where these leave a
choice, it does as mosquitto: a message goes once to a client with several subscriptions that take
it, QoS 0 is not kept for those who are away, the will of a client whose twin comes is published.
"""

from collections import deque
from collections.abc import Mapping

import msgspec

from quecsim.border import Why
from quecsim.mqtt import (
    ConnAck,
    Connect,
    Disconnect,
    Malformed,
    Packet,
    PingReq,
    PingResp,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    SubAck,
    Subscribe,
    UnknownLevel,
    UnsubAck,
    Unsubscribe,
    is_name,
)
from quecsim.mqtt.packets import (
    BAD_USER_OR_PASSWORD,
    IDENTIFIER_REJECTED,
    MQTT_31,
    NOT_AUTHORIZED,
    NOT_GRANTED,
    SERVER_UNAVAILABLE,
    UNACCEPTABLE_LEVEL,
)
from quecsim.peers.mqtt_connection import Connection
from quecsim.peers.mqtt_post import Post
from quecsim.peers.mqtt_script import Script
from quecsim.peers.mqtt_session import Session
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.mqtt_view import BrokerClient, view_of
from quecsim.peers.service import Output
from quecsim.units import ms, s

_MOST_NOTES = 1000


class Note(msgspec.Struct, frozen=True):
    """What happened, in words, to `connection` (-1: to none)."""

    at_ns: int
    connection: int
    text: str


class Broker:
    """A `quecsim.peers.service.Service` for MQTT clients."""

    kind = "mqtt"

    def __init__(self, settings: BrokerSettings | None = None) -> None:
        self._settings = settings or BrokerSettings()
        self._connections: dict[int, Connection] = {}
        self._post = Post(self._settings, self._note)
        self._script = Script(self._settings.messages)
        self._notes: deque[Note] = deque(maxlen=_MOST_NOTES)
        self._now_ns = 0
        self._connects = 0
        self._ids_made = 0

    def connect(self, now_ns: int, connection: int) -> None:
        """Somebody has opened `connection`: a number that no open one has."""
        assert connection not in self._connections, connection
        self._catch_up(now_ns)
        settings = self._settings
        is_full = len(self._connections) >= settings.connections
        opened = Connection(connection, settings.packet_bytes, settings.unsent_bytes)
        opened.heard_ns = now_ns
        opened.patience_ns = ms(settings.connect_ms)
        self._connections[connection] = opened
        if is_full:
            self._end(opened, "too many connections")

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """Bytes have come; after the broker has ended the connection they change nothing."""
        self._catch_up(now_ns)
        heard = self._connections.get(connection)
        if heard is None or heard.is_over:
            return
        try:
            for packet in heard.reader.feed(data):
                heard.heard_ns = now_ns
                self._handle(heard, packet)
                if heard.is_over:
                    return
        except UnknownLevel as error:
            if not heard.session:
                self._answer(heard, ConnAck(UNACCEPTABLE_LEVEL))
            self._end(heard, str(error))
        except Malformed as error:
            self._end(heard, str(error))

    def gone(self, now_ns: int, connection: int) -> None:
        """The client has closed it or broken it off; without a DISCONNECT its will holds."""
        self._catch_up(now_ns)
        lost = self._connections.get(connection)
        if lost is not None:
            self._end(lost, "the client is gone")
            del self._connections[connection]

    def publish(
        self, now_ns: int, topic: str, payload: bytes, qos: int = 0, retain: bool = False
    ) -> int:
        """A message from elsewhere, to whoever has subscribed; returns how many have."""
        assert is_name(topic), topic
        self._catch_up(now_ns)
        return self._post.route(Publish(topic, payload, qos, retain))

    def deadline_ns(self) -> int | None:
        """When something is due that nobody has to ask for; None: nothing is."""
        times = [self._script.deadline_ns()]
        times += [each.deadline_ns for each in self._connections.values()]
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def advance(self, now_ns: int) -> None:
        """What is due up to now happens, each at its own time."""
        self._let_happen(now_ns)
        self._now_ns = now_ns

    def take_output(self, room: Mapping[int, int] | None = None) -> list[Output]:
        """What goes to each connection, as in `Service`; without `room`, all that there is."""
        output: list[Output] = []
        for number, connection in list(self._connections.items()):
            data = connection.take(None if room is None else room.get(number, 0))
            if data:
                output.append((number, data))
            if connection.is_over and not connection.unsent_bytes:
                del self._connections[number]
                output.append((number, Why.FIN))
        return output

    def clients(self) -> list[BrokerClient]:
        """Who is there, or has a session that is kept; those who have not said who they are come
        last.
        """
        post = self._post
        known = [view_of(each, post.connection_of(each.client_id)) for each in post.sessions]
        nameless = (each for each in self._connections.values() if not each.session)
        return known + [view_of(None, each) for each in nameless if not each.is_over]

    @property
    def retained(self) -> list[str]:
        """The topics that have a retained message."""
        return list(self._post.retained)

    @property
    def packet_bytes(self) -> int:
        """How large a packet may be."""
        return self._settings.packet_bytes

    @property
    def notes(self) -> list[Note]:
        """What has happened and was not taken yet, the last 1000 at most."""
        return list(self._notes)

    def take_notes(self) -> list[Note]:
        """What has happened since the last time, the last 1000 at most: who came, why who went."""
        notes = list(self._notes)
        self._notes.clear()
        return notes

    def _catch_up(self, now_ns: int) -> None:
        """What is due before now happens, each at its own time."""
        self._let_happen(now_ns - 1)
        assert now_ns >= self._now_ns, (now_ns, self._now_ns)
        self._now_ns = now_ns

    def _let_happen(self, until_ns: int) -> None:
        while (due_ns := self.deadline_ns()) is not None and due_ns <= until_ns:
            self._now_ns = due_ns
            if due_ns == self._script.deadline_ns():
                message = self._script.take()
                self._post.route(
                    Publish(message.topic, message.payload, message.qos, message.retain)
                )
                continue
            late = next(each for each in self._connections.values() if each.deadline_ns == due_ns)
            self._end(late, "its keep-alive is over" if late.session else "no CONNECT came")

    def _handle(self, connection: Connection, packet: Packet) -> None:
        session = connection.session
        if session is None:
            if isinstance(packet, Connect):
                self._let_in(connection, packet)
            else:
                self._end(connection, f"{_name(packet)} before CONNECT")
            return
        match packet:
            case Publish():
                self._published(connection, session, packet)
            case PubAck() | PubRec() | PubComp():
                session.acknowledge(packet)
                if isinstance(packet, PubRec):
                    self._answer(connection, PubRel(packet.packet_id))
                connection.go_on()
            case PubRel(packet_id):
                session.release(packet_id)
                self._answer(connection, PubComp(packet_id))
            case Subscribe():
                self._subscribe(connection, session, packet)
            case Unsubscribe(packet_id, filters):
                for wanted in filters:
                    session.subscriptions.pop(wanted, None)
                self._answer(connection, UnsubAck(packet_id))
            case PingReq():
                self._answer(connection, PingResp())
            case Disconnect():
                connection.will = None
                self._end(connection, "DISCONNECT")
            case _:
                self._end(connection, f"{_name(packet)} from a client that is connected")

    def _let_in(self, connection: Connection, packet: Connect) -> None:
        connection.level = packet.level
        code = self._refusal(packet)
        if code:
            self._answer(connection, ConnAck(code))
            self._end(connection, f"CONNECT refused with {code}")
            return
        client_id = packet.client_id or self._make_id()
        twin = self._post.connection_of(client_id)
        if twin:
            self._end(twin, "its client id has connected again")
        is_kept = self._post.join(connection, client_id, packet.is_clean)
        connection.will = packet.will
        connection.patience_ns = s(packet.keep_alive_s) * 3 // 2 or None
        self._note(connection, f"client {client_id[:40]!r} accepted")
        self._answer(connection, ConnAck(session_present=is_kept and packet.level > MQTT_31))
        connection.go_on()
        self._script.begin(self._now_ns)

    def _refusal(self, packet: Connect) -> int:
        """The return code; 0: it may come in."""
        settings = self._settings
        self._connects += 1
        is_refusing = settings.refuse_first is None or self._connects <= settings.refuse_first
        if settings.refuse and is_refusing:
            return settings.refuse
        if packet.level not in settings.levels:
            return UNACCEPTABLE_LEVEL
        if not packet.client_id and (packet.level == MQTT_31 or not packet.is_clean):
            return IDENTIFIER_REJECTED
        if settings.users and packet.user is None:
            return NOT_AUTHORIZED
        if settings.users and not self._knows(packet.user or "", packet.password or b""):
            return BAD_USER_OR_PASSWORD
        return 0 if self._post.has_room_for(packet.client_id) else SERVER_UNAVAILABLE

    def _knows(self, user: str, password: bytes) -> bool:
        users = self._settings.users
        return user in users and users[user].encode() == password

    def _make_id(self) -> str:
        """For a client that has none of its own."""
        while True:
            self._ids_made += 1
            if not self._post.has_session(f"auto-{self._ids_made}"):
                return f"auto-{self._ids_made}"

    def _published(self, connection: Connection, session: Session, packet: Publish) -> None:
        is_first = self._settings.acknowledges_first
        if packet.qos and is_first:
            self._acknowledge(connection, packet)
        if packet.qos < 2 or session.receive(packet.packet_id):
            self._post.route(packet)
        if packet.qos and not is_first:
            self._acknowledge(connection, packet)

    def _acknowledge(self, connection: Connection, packet: Publish) -> None:
        answer = PubAck if packet.qos == 1 else PubRec
        self._answer(connection, answer(packet.packet_id))

    def _subscribe(self, connection: Connection, session: Session, packet: Subscribe) -> None:
        granted = [self._post.subscribe(session, *each) for each in packet.wanted]
        codes = tuple(granted)
        if connection.level == MQTT_31:  # it has no way to say no
            codes = tuple(min(2, code) for code in codes)
        self._answer(connection, SubAck(packet.packet_id, codes))
        for (wanted, _), code in zip(packet.wanted, granted, strict=True):
            if code != NOT_GRANTED:
                self._post.send_retained(session, wanted, code)

    def _answer(self, connection: Connection, packet: Packet) -> None:
        if not connection.answer(packet):
            self._end(connection, "it asks for answers and does not read them")
            connection.cut()

    def _end(self, connection: Connection, why: str) -> None:
        """The broker is through with it; what is to go out still does. The will is published."""
        if connection.is_over:
            return
        connection.is_over = True
        self._note(connection, f"ended: {why}")
        if connection.session:
            self._post.leave(connection.session)
        will = connection.will
        if will:
            self._post.route(Publish(will.topic, will.payload, will.qos, will.retain))

    def _note(self, connection: Connection | None, text: str) -> None:
        self._notes.append(Note(self._now_ns, connection.number if connection else -1, text))


def _name(packet: Packet) -> str:
    return type(packet).__name__.upper()
