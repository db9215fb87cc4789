"""An MQTT client of a device: one connection, from AT+QMTOPEN to its end.

Commands call it, its link tells it, and the host hears of it by unsolicited result codes; what a
module does beyond the protocol (retries, numbers, which code) follows the manuals and the profile.
"""

from collections.abc import Callable
from typing import Any

from quecsim.at.network import Network, Trouble
from quecsim.border import Opened, TlsWish, Why
from quecsim.clients.mqtt_flights import Flight, Flights
from quecsim.clients.mqtt_inbox import Inbox
from quecsim.clients.mqtt_keep_alive import KeepAlive
from quecsim.clients.mqtt_reception import Reception
from quecsim.clients.mqtt_state import REFUSALS, TRANSITIONS, MqttSettings, Stat, State, Step
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
    Reader,
    SubAck,
    Subscribe,
    UnsubAck,
    Unsubscribe,
    encode,
)
from quecsim.profiles.schema import Mqtt
from quecsim.units import S

MOST_PACKET_BYTES = 1 << 16
_REFUSED_TOPIC = 128  # in a SUBACK
_MOST_FLIGHTS = 64  # of all kinds; publications have a bound of their own, which is lower
_RESULT_DONE, _RESULT_REPEATED, _RESULT_FAILED = 0, 1, 2


class MqttClient:
    """Client `index`. `settings()` gives what AT+QMTCFG says at the moment."""

    def __init__(
        self, index: int, network: Network, profile: Mqtt, settings: Callable[[], MqttSettings]
    ) -> None:
        self.name = f"MQTT client {index}"
        self.index = index
        self.state = State.IDLE
        self.host, self.port = "", 0
        self.attempt = 0  # how often it was opened
        self.flights = Flights(self._send)
        self.inbox = Inbox(index, profile, network.say, self._give_credit)
        self.settings = settings
        self.reception = Reception(self.inbox, settings, self._send, self._carried)
        self._network = network
        self._profile = profile
        self._link = 0
        self._reader = Reader(MOST_PACKET_BYTES)
        self._due_ns: int | None = None  # the end of opening, or of waiting for CONNACK
        self._alive = KeepAlive()
        self._untold_bytes = 0

    # what commands ask for

    def begin_open(self, host: str, port: int) -> int:
        """AT+QMTOPEN was accepted; returns the number of this attempt."""
        self._move(Step.OPEN)
        self.host, self.port = host, port
        self.attempt += 1
        return self.attempt

    def refuse(self, code: int) -> None:
        """AT+QMTOPEN was understood, and cannot be done; what the client is at goes on."""
        self._say(f"+QMTOPEN: {self.index},{code}")
        self._network.tell(self, "+QMTOPEN", code, words=self._words(code))

    def open(self, attempt: int, tls: TlsWish | None, context: int) -> None:
        """Everything for the connection is at hand; unless somebody has closed it meanwhile."""
        if not self.is_opening(attempt):
            return
        self._due_ns = self._network.now_ns + self._profile.open_s * S
        self._link = self._network.open(self, self.host, self.port, "tcp", tls, context)

    def is_opening(self, attempt: int) -> bool:
        """Whether that attempt still goes on."""
        return self.state is State.OPENING and self.attempt == attempt

    def give_up(self, attempt: int, trouble: Trouble) -> None:
        """That attempt ends before there is a link."""
        if self.is_opening(attempt):
            self.failed(0, trouble)

    def connect(self, client_id: str, user: str | None, password: bytes | None) -> None:
        """AT+QMTCONN was accepted."""
        settings = self.settings()
        packet = Connect(
            client_id,
            level=settings.level,
            is_clean=settings.is_clean,
            keep_alive_s=settings.keep_alive_s,
            user=user,
            password=password,
            will=settings.will,
        )
        self._move(Step.CONNECT)
        self._send(packet)
        self._due_ns = self._network.now_ns + settings.packet_timeout_ns

    def may_ask(self) -> bool:
        """One more SUBSCRIBE or UNSUBSCRIBE may be sent: not too many are unanswered."""
        return self.flights.count < _MOST_FLIGHTS

    def subscribe(self, number: int, wanted: tuple[tuple[str, int], ...]) -> None:
        """AT+QMTSUB was accepted."""
        self._fly("+QMTSUB", number, Subscribe(number, wanted))

    def unsubscribe(self, number: int, filters: tuple[str, ...]) -> None:
        """AT+QMTUNS was accepted."""
        self._fly("+QMTUNS", number, Unsubscribe(number, filters))

    def may_publish(self, number: int, qos: int) -> bool:
        """One more may be sent: not too many are unanswered, and none by that number."""
        if qos == 0:
            return True
        is_free = not self.flights.has_publication(number)
        return is_free and self.flights.publications() < self._profile.in_flight

    def publish(self, command: str, message: Publish) -> None:
        """Its payload is complete."""
        if self.state is not State.CONNECTED:
            self._say(f"{command}: {self.index},{message.packet_id},{_RESULT_FAILED}")
            self._tell(command, _RESULT_FAILED)
            return
        self._carried("out", message)
        if message.qos == 0:
            self._send(message)
            self._say(f"{command}: {self.index},0,{_RESULT_DONE}")
            self._tell(command, _RESULT_DONE)
        else:
            self._fly(command, message.packet_id, message)

    def disconnect(self) -> None:
        """AT+QMTDISC: the client says goodbye, and the connection is dropped with that."""
        self._send(Disconnect())
        self._drop()
        self._say(f"+QMTDISC: {self.index},0")
        self._tell("+QMTDISC", 0)
        if self._profile.disconnect_stat:
            self._stat(Stat.DISCONNECTED)

    def close(self) -> None:
        """AT+QMTCLOSE: the connection is dropped."""
        self._drop()
        self._say(f"+QMTCLOSE: {self.index},0")
        self._tell("+QMTCLOSE", 0)

    # what the link tells (quecsim.at.network.Client)

    def opened(self, link: int, opened: Opened) -> None:  # noqa: ARG002 - its own link alone
        """The connection has come about."""
        self._move(Step.OPENED)
        self._due_ns = None
        self._reader = Reader(MOST_PACKET_BYTES)
        self.inbox.clear()
        self._say(f"+QMTOPEN: {self.index},0")
        self._tell_opening(0)

    def failed(self, link: int, trouble: Trouble) -> None:
        """It has not."""
        self._link = link
        code = self._profile.open_results[trouble.why.value]
        self._tell_opening(code, trouble)
        self._end()
        self._say(f"+QMTOPEN: {self.index},{code}")

    def received(self, link: int, data: bytes) -> None:  # noqa: ARG002
        """Bytes from the broker; whatever is no MQTT ends the connection."""
        self._untold_bytes += len(data)
        try:
            for packet in self._reader.feed(data):
                self._handle(packet)
        except Malformed as error:
            detail = f"what the broker sent is no MQTT: {error}"
            self._break(Stat.CLIENT_CLOSED, Trouble(Why.RESET, detail))
            return
        self._give_credit()

    def closed(self, link: int, trouble: Trouble) -> None:  # noqa: ARG002
        """The broker is gone, or the bearer."""
        stat = Stat.NO_LINK if trouble.why is Why.UNREACHABLE else Stat.CLOSED
        self._lost(stat, trouble)

    def deadline_ns(self) -> int | None:
        """When there is something to do without news."""
        ping_due_ns = self._alive.ping_due_ns
        dues = (self._due_ns, ping_due_ns, self.flights.deadline_ns(), self._keep_alive_ns())
        return min((due for due in dues if due is not None), default=None)

    def on_time(self) -> None:
        """Somebody has not answered in time, or it is time for a sign of life."""
        now_ns = self._network.now_ns
        if self._due_ns is not None and self._due_ns <= now_ns:
            self._on_no_answer()
        ping_due_ns = self._alive.ping_due_ns
        if ping_due_ns is not None and ping_due_ns <= now_ns:
            self._on_no_ping()
        for flight in self.flights.due(now_ns):
            self._on_no_ack(flight)
        keep_alive_ns = self._keep_alive_ns()
        if keep_alive_ns is not None and keep_alive_ns <= now_ns:
            self._ping()

    # packets

    def _handle(self, packet: Packet) -> None:
        handle = _HANDLE.get((self.state, type(packet)))
        if handle is None:
            raise Malformed(f"a {type(packet).__name__} where none may come")
        handle(self, packet)

    def _on_connack(self, packet: ConnAck) -> None:
        self._due_ns = None
        code = packet.return_code
        self._move(Step.REFUSED if code else Step.ACCEPTED)
        self._say(f"+QMTCONN: {self.index},{_RESULT_DONE},{code}")
        refused = Trouble(Why.REFUSED, f"the broker refuses: {REFUSALS[code]}") if code else None
        self._tell("+QMTCONN", code, refused)

    def _carried(self, way: str, message: Publish, *, is_dropped: bool = False) -> None:
        count = len(message.payload)
        self._network.carried(self, self._link, way, count, is_dropped=is_dropped)

    def _on_pubrec(self, packet: PubRec) -> None:
        flight = self.flights.find(Publish, packet.packet_id)
        release = PubRel(packet.packet_id)
        if flight is None:
            self._send(release)  # it was answered before, and the broker asks again
            return
        flight.packet, flight.repeated = release, 0
        flight.due_ns = self._network.now_ns + self.settings().packet_timeout_ns
        self._send(release)

    def _on_puback(self, packet: PubAck | PubComp) -> None:
        kind = Publish if isinstance(packet, PubAck) else PubRel
        self._landed(self.flights.find(kind, packet.packet_id), "")

    def _on_suback(self, packet: SubAck) -> None:
        codes = ",".join(map(str, packet.codes))
        refused = None
        if _REFUSED_TOPIC in packet.codes:
            refused = Trouble(Why.REFUSED, "the broker refuses the subscription")
        self._landed(self.flights.find(Subscribe, packet.packet_id), f",{codes}", refused)

    def _on_unsuback(self, packet: UnsubAck) -> None:
        self._landed(self.flights.find(Unsubscribe, packet.packet_id), "")

    def _on_pingresp(self, _packet: PingResp) -> None:
        self._alive.clear()

    def _landed(self, flight: Flight | None, values: str, refused: Trouble | None = None) -> None:
        if flight is None:  # given up before
            return
        self.flights.end(flight)
        self._say(f"{flight.text},{_RESULT_DONE}{values}")
        self._tell(flight.command, _RESULT_DONE if refused is None else _REFUSED_TOPIC, refused)

    # time

    def _on_no_answer(self) -> None:
        self._due_ns = None
        if self.state is State.OPENING:
            self._network.shut(self._link, is_abort=True)
            self.failed(self._link, Trouble(Why.TIMEOUT, "no answer in time"))
        else:
            self._break(Stat.NO_CONNACK, Trouble(Why.TIMEOUT, "no CONNACK in time"))

    def _on_no_ping(self) -> None:
        settings = self.settings()
        if self._alive.is_given_up(settings.retries):
            self._break(Stat.NO_PING, Trouble(Why.TIMEOUT, "no answer to a PINGREQ"))
        else:
            self._ping()

    def _on_no_ack(self, flight: Flight) -> None:
        settings = self.settings()
        if flight.repeated >= settings.retries:
            self.flights.end(flight)
            self._say(f"{flight.text},{_RESULT_FAILED}")
            trouble = Trouble(Why.TIMEOUT, "no answer in time")
            self._tell(flight.command, _RESULT_FAILED, trouble)
            if self._profile.unsent_ends:
                self._break(Stat.UNSENT, trouble)
            return
        self.flights.repeat(flight, self._network.now_ns + settings.packet_timeout_ns)
        if settings.is_notified:
            self._say(f"{flight.text},{_RESULT_REPEATED},{flight.repeated}")

    def _keep_alive_ns(self) -> int | None:
        if self.state is not State.CONNECTED:
            return None
        return self._alive.quiet_due_ns(self.settings().keep_alive_s)

    def _ping(self) -> None:
        self._send(PingReq())
        self._alive.pinged(self._network.now_ns + self.settings().packet_timeout_ns)

    # inside

    def _fly(self, command: str, number: int, packet: Publish | Subscribe | Unsubscribe) -> None:
        due_ns = self._network.now_ns + self.settings().packet_timeout_ns
        text = f"{command}: {self.index},{number}"
        self.flights.begin(Flight(command, packet, number, text, due_ns))

    def _send(self, packet: Packet) -> None:
        self._alive.sent(self._network.now_ns)
        self._network.send(self._link, encode(packet))

    def _say(self, text: str) -> None:
        self._network.say(text)

    def _tell(self, command: str, code: int, trouble: Trouble | None = None) -> None:
        self._network.tell(self, command, code, self._link, trouble)

    def _tell_opening(self, code: int, trouble: Trouble | None = None) -> None:
        words = self._words(code)
        self._network.tell(self, "+QMTOPEN", code, self._link, trouble, words)

    def _words(self, code: int) -> str:
        return self._profile.open_words.get(str(code), "")

    def _stat(self, stat: Stat, trouble: Trouble | None = None) -> None:
        self._say(f"+QMTSTAT: {self.index},{stat.value}")
        self._tell("+QMTSTAT", stat.value, trouble)

    def _break(self, stat: Stat, trouble: Trouble) -> None:
        """The client breaks the connection off."""
        self._network.shut(self._link, is_abort=True)
        self._lost(stat, trouble)

    def _lost(self, stat: Stat, trouble: Trouble) -> None:
        """There is no connection any more, and whoever waits for something hears of it."""
        self._fail_unanswered(trouble)
        has_asked = self.state is State.CONNECTING
        self._end()
        if has_asked:
            self._say(f"+QMTCONN: {self.index},{_RESULT_FAILED}")
            self._tell("+QMTCONN", _RESULT_FAILED, trouble)
        self._stat(stat, trouble)

    def _fail_unanswered(self, trouble: Trouble) -> None:
        """Packets whose answer cannot come any more have failed, where the device says so."""
        if self._profile.unanswered == "failed":
            for flight in self.flights:
                self._say(f"{flight.text},{_RESULT_FAILED}")
                self._tell(flight.command, _RESULT_FAILED, trouble)

    def _drop(self) -> None:
        """The host wants no connection any more."""
        self._fail_unanswered(Trouble(Why.FIN, "the host ended the connection before the answer"))
        self._network.shut(self._link)
        self._end()

    def _end(self) -> None:
        self._move(Step.GONE)
        self.flights.clear()
        self.reception.clear()
        self._alive.clear()
        self._due_ns, self._untold_bytes = None, 0

    def _move(self, step: Step) -> None:
        self.state = TRANSITIONS[self.state, step]

    def _give_credit(self) -> None:
        """What was received and does not wait for the host is made up for."""
        spare = self._untold_bytes - self.inbox.held_bytes
        if spare > 0:
            self._untold_bytes -= spare
            self._network.credit(self._link, spare)


_Handle = Callable[[MqttClient, Any], None]
_HANDLE: dict[tuple[State, type[Packet]], _Handle] = {
    (State.CONNECTING, ConnAck): MqttClient._on_connack,
    (State.CONNECTED, Publish): lambda client, packet: client.reception.publish(packet),
    (State.CONNECTED, PubRel): lambda client, packet: client.reception.release(packet),
    (State.CONNECTED, PubRec): MqttClient._on_pubrec,
    (State.CONNECTED, PubAck): MqttClient._on_puback,
    (State.CONNECTED, PubComp): MqttClient._on_puback,
    (State.CONNECTED, SubAck): MqttClient._on_suback,
    (State.CONNECTED, UnsubAck): MqttClient._on_unsuback,
    (State.CONNECTED, PingResp): MqttClient._on_pingresp,
}
