"""The MQTT client by itself: what it sends and says, and when it gives up."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from quecsim.at.network import Client, Named, Trouble
from quecsim.border import Opened, TlsWish, Why
from quecsim.clients.mqtt import MqttClient
from quecsim.clients.mqtt_state import TRANSITIONS, MqttSettings, State, Step
from quecsim.mqtt import (
    ConnAck,
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
    encode,
)
from quecsim.profiles import load_profile
from quecsim.units import S
from tests.clients.no_network import NoNetwork

PROFILE = load_profile("ec200u").mqtt


@dataclass
class Air(NoNetwork):
    """A network of which nothing comes but what the test says."""

    now_ns: int = 0
    has_room: bool = True
    said: list[str] = field(default_factory=list)
    sent: list[Packet] = field(default_factory=list)
    codes: list[tuple[str, int]] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    credited: int = 0
    messages: list[tuple[str, int, bool]] = field(default_factory=list)
    shuts: list[bool] = field(default_factory=list)
    is_deaf: bool = False  # the host has all indications off

    def open(
        self,
        client: Client,
        host: str,
        port: int,
        protocol: str = "tcp",
        tls: TlsWish | None = None,
        context: int = 0,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        return 1

    def send(self, link: int, data: bytes, to: tuple[str, int] | None = None) -> None:
        self.sent += Reader(1 << 20).feed(data)

    def credit(self, link: int, count: int) -> None:
        self.credited += count

    def shut(self, link: int, *, is_abort: bool = False) -> None:
        self.shuts.append(is_abort)

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        self.said.append(text)
        if sent is not None and self.is_deaf:
            sent()
        elif sent is not None:
            self.waiting.append(sent)

    def tell(
        self,
        client: Named,
        command: str,
        code: int,
        link: int = 0,
        trouble: Trouble | None = None,
        words: str = "",
    ) -> None:
        self.codes.append((command, code))

    def asked(
        self,
        client: Named,
        command: str,
        where: tuple[str, int] = ("", 0),
        *,
        is_accepted: bool = True,
    ) -> None:
        raise AssertionError

    def fetched(self, client: Named, count: int) -> None:
        raise AssertionError

    def carried(self, client: Named, link: int, way: str, count: int, *, is_dropped: bool) -> None:
        self.messages.append((way, count, is_dropped))

    def taken(self) -> tuple[list[str], list[Packet]]:
        said, sent, self.said, self.sent = self.said, self.sent, [], []
        return said, sent


def connected(settings: MqttSettings | None = None) -> tuple[MqttClient, Air]:
    air, made = Air(), settings or MqttSettings()
    assert PROFILE is not None
    client = MqttClient(0, air, PROFILE, lambda: made)
    client.open(client.begin_open("broker.example", 1883), None, 1)
    client.opened(1, Opened(1))
    client.connect("me", None, None)
    client.received(1, encode(ConnAck()))
    assert air.taken()[0] == ["+QMTOPEN: 0,0", "+QMTCONN: 0,0,0"]
    return client, air


def let_time_pass(client: MqttClient, air: Air, until_ns: int) -> None:
    while (due_ns := client.deadline_ns()) is not None and due_ns <= until_ns:
        air.now_ns = due_ns
        client.on_time()
    air.now_ns = until_ns


def test_every_state_can_be_left_and_ended() -> None:
    assert {state for state, step in TRANSITIONS if step is Step.GONE} == set(State)


def test_a_publication_is_repeated_and_given_up() -> None:
    client, air = connected(MqttSettings(retries=2, is_notified=True, keep_alive_s=0))
    client.publish("+QMTPUB", Publish("t", b"x", 1, packet_id=5))
    let_time_pass(client, air, 60 * S)
    said, sent = air.taken()
    assert said == ["+QMTPUB: 0,5,1,1", "+QMTPUB: 0,5,1,2", "+QMTPUB: 0,5,2"]
    assert [packet.dup for packet in sent if isinstance(packet, Publish)] == [False, True, True]
    assert client.state is State.CONNECTED


def test_qos_2_has_two_halves_and_each_is_repeated() -> None:
    client, air = connected(MqttSettings(keep_alive_s=0))
    client.publish("+QMTPUB", Publish("t", b"x", 2, packet_id=5))
    client.received(1, encode(PubRec(5)))
    let_time_pass(client, air, 6 * S)
    assert air.taken()[1] == [Publish("t", b"x", 2, packet_id=5), PubRel(5), PubRel(5)]
    client.received(1, encode(PubComp(5)))
    assert air.taken()[0] == ["+QMTPUB: 0,5,0"]


def test_a_message_of_qos_2_is_told_once_however_often_it_comes() -> None:
    client, air = connected()
    for _ in range(3):
        client.received(1, encode(Publish("t", b"x", 2, packet_id=9)))
    client.received(1, encode(PubRel(9)))
    said, sent = air.taken()
    assert said == ['+QMTRECV: 0,9,"t","x"']
    assert sent == [PubRec(9)] * 3 + [PubComp(9)]


def test_silence_is_broken_by_pings_and_a_broker_without_answers_is_left() -> None:
    client, air = connected(MqttSettings(keep_alive_s=10, retries=1))
    let_time_pass(client, air, 11 * S)
    assert air.taken() == ([], [PingReq()])
    client.received(1, encode(PingResp()))
    let_time_pass(client, air, 60 * S)
    said, sent = air.taken()
    assert said == ["+QMTSTAT: 0,2"]
    assert sent == [PingReq()] * 2
    assert air.shuts == [True]


def test_no_connack_in_time() -> None:
    air, settings = Air(), MqttSettings()
    assert PROFILE is not None
    client = MqttClient(0, air, PROFILE, lambda: settings)
    client.open(client.begin_open("broker.example", 1883), None, 1)
    client.opened(1, Opened(1))
    client.connect("me", None, None)
    let_time_pass(client, air, 6 * S)
    assert air.said == ["+QMTOPEN: 0,0", "+QMTCONN: 0,2", "+QMTSTAT: 0,4"]
    assert client.state is State.IDLE


def test_an_answer_to_nothing_changes_nothing() -> None:
    client, air = connected()
    for packet in (PubAck(7), PubComp(7), SubAck(7, (0,))):
        client.received(1, encode(packet))
    assert air.taken() == ([], [])


@pytest.mark.parametrize("data", [b"\x00\x00", b"\xf0\x00", encode(ConnAck()), b"\x30\x01x"])
def test_what_is_no_mqtt_ends_the_connection(data: bytes) -> None:
    client, air = connected()
    client.received(1, data)
    assert air.said == ["+QMTSTAT: 0,8"]
    assert air.shuts == [True]
    assert client.state is State.IDLE


def test_messages_that_wait_for_the_host_hold_back_the_broker() -> None:
    client, air = connected()
    before = air.credited
    message = encode(Publish("t", bytes(1000)))
    client.received(1, message * 10)
    assert air.credited - before < 100
    for sent in air.waiting:
        sent()
    assert air.credited - before == 10 * len(message)


def test_buffers_take_five_and_are_free_when_they_have_been_read() -> None:
    client, air = connected(MqttSettings(is_buffered=True))
    for number in range(7):
        client.received(1, encode(Publish("t", b"%d" % number)))
    assert air.said == [f"+QMTRECV: 0,{slot}" for slot in range(5)]
    assert client.inbox.dropped == 2
    assert client.inbox.occupied() == "1,1,1,1,1"
    assert client.inbox.take(3, MqttSettings()) == ['+QMTRECV: 0,0,"t",1,"3"']
    assert client.inbox.occupied() == "1,1,1,0,1"
    client.received(1, encode(Publish("t", b"x")))
    assert len(air.said) == 5, "the host has not heard of the one before"
    for sent in air.waiting:
        sent()
    client.inbox.take(1, MqttSettings())
    client.received(1, encode(Publish("t", b"y")))
    assert air.said[5:] == ["+QMTRECV: 0,1"]
    assert len(client.inbox.take(None, MqttSettings(is_hex=True))) == 5


def test_a_host_that_wants_to_hear_nothing_holds_nothing_back() -> None:
    client, air = connected()
    air.is_deaf = True
    message = encode(Publish("t", bytes(1000)))
    client.received(1, message * 65)
    assert air.credited >= 65 * len(message)
    assert client.inbox.held_bytes == 0


def test_messages_have_a_bound_over_all_connections() -> None:
    client, air = connected()
    for _ in range(3):
        client.received(1, encode(Publish("t", bytes(60_000))))
        client.close()
        client.open(client.begin_open("broker.example", 1883), None, 1)
        client.opened(1, Opened(1))
        client.connect("me", None, None)
        client.received(1, encode(ConnAck()))
    assert client.inbox.dropped == 1
    assert client.inbox.held_bytes > 120_000
    for sent in air.waiting:
        sent()
    assert client.inbox.held_bytes == 0


def test_questions_have_a_bound() -> None:
    client, _ = connected()
    for number in range(1, 65):
        assert client.may_ask()
        client.subscribe(number, (("t", 0),))
    assert not client.may_ask()
    client.received(1, encode(SubAck(7, (0,))))
    assert client.may_ask()


def test_a_lost_bearer_has_its_own_number() -> None:
    client, air = connected()
    client.closed(1, Trouble(Why.UNREACHABLE))
    assert air.said == ["+QMTSTAT: 0,7"]


def test_a_refusal_leaves_the_connection_open_until_the_broker_ends_it() -> None:
    air, settings = Air(), replace(MqttSettings(), level=3)
    assert PROFILE is not None
    client = MqttClient(0, air, PROFILE, lambda: settings)
    client.open(client.begin_open("broker.example", 1883), None, 1)
    client.opened(1, Opened(1))
    client.connect("me", "bob", b"wrong")
    client.received(1, encode(ConnAck(4)))
    assert client.state is State.OPEN
    client.closed(1, Trouble(Why.FIN))
    assert air.said == ["+QMTOPEN: 0,0", "+QMTCONN: 0,0,4", "+QMTSTAT: 0,1"]
    assert air.codes[1] == ("+QMTCONN", 4)
