"""What is the broker's own: its times, its settings, its bounds; and laws for any bytes.

What it has in common with others is in `test_alike`.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import Why
from quecsim.mqtt import (
    ConnAck,
    Connect,
    Disconnect,
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
    UnsubAck,
    Will,
    encode,
)
from quecsim.peers.broker import Broker
from quecsim.peers.mqtt_settings import BrokerSettings, ScriptedMessage
from quecsim.units import MS, S
from tests.mqtt.strategies import PACKETS, connects, cuts, damaged
from tests.peers.talk import InProcess, Talk, joined


def place(**settings: Any) -> InProcess:
    return InProcess(Broker(BrokerSettings(**settings)))


def notes(where: InProcess) -> list[str]:
    return [note.text for note in where.broker.take_notes()]


@pytest.mark.parametrize("qos", [1, 2])
def test_a_broker_may_acknowledge_first(qos: int) -> None:
    both = joined(place(acknowledges_first=True), Connect("both"))
    both.subscribe(("t", 0))
    both.say(Publish("t", b"x", qos, packet_id=7))
    assert both.news() == [PubAck(7) if qos == 1 else PubRec(7), Publish("t", b"x")]


# Times


def test_a_silent_client_is_given_up_after_one_and_a_half_keep_alives() -> None:
    where = place()
    other = joined(where, Connect("other"))
    other.subscribe(("wills", 0))
    silent = joined(where, Connect("silent", keep_alive_s=3, will=Will("wills", b"gone")))
    where.wait_until(2 * S)
    silent.asks(PingReq(), PingResp())
    where.wait_until(2 * S + 4_500 * MS - 1)
    assert other.news() == []
    assert where.broker.deadline_ns() == 6_500 * MS
    where.wait_until(6_500 * MS)
    assert silent.is_closed()
    assert other.messages() == [("wills", b"gone", 0, False)]
    assert "ended: its keep-alive is over" in notes(where)
    assert where.broker.deadline_ns() is None


def test_a_byte_at_the_last_moment_is_in_time() -> None:
    where = place()
    client = joined(where, Connect("c", keep_alive_s=2))
    where.now_ns = 3 * S
    client.asks(PingReq(), PingResp())
    where.broker.advance(3 * S)
    assert client.news() == []


def test_one_too_late_finds_the_connection_ended() -> None:
    """Also where nobody woke the broker meanwhile."""
    where = place()
    client = joined(where, Connect("c", keep_alive_s=2))
    where.now_ns = 3 * S + 1
    client.say(PingReq())
    assert client.is_closed()
    assert where.broker.take_notes()[-1].at_ns == 3 * S


def test_half_a_packet_is_no_sign_of_life() -> None:
    where = place()
    client = joined(where, Connect("c", keep_alive_s=2))
    where.wait_until(2 * S)
    client.write(b"\xc0")
    where.wait_until(3 * S)
    assert client.is_closed()


def test_without_keep_alive_nobody_waits() -> None:
    where = place()
    joined(where, Connect("c"))
    assert where.broker.deadline_ns() is None


def test_a_connection_without_a_connect_ends() -> None:
    where = place(connect_ms=5000)
    mute = Talk(where)
    where.wait_until(5 * S)
    assert mute.is_closed()
    assert notes(where) == ["ended: no CONNECT came"]


def test_scripted_messages_come_at_their_times() -> None:
    messages = (
        ScriptedMessage(topic="cmd", text="again", after_ms=100, every_ms=100, times=2),
        ScriptedMessage(topic="cmd", base64=b"\xff", at_ms=1000, qos=2, retain=True),
    )
    where = place(messages=messages)
    assert where.broker.deadline_ns() == 1 * S
    where.now_ns = 50 * MS
    client = joined(where, Connect("c"))
    client.subscribe(("cmd", 1))
    where.wait_until(150 * MS)
    assert client.messages() == [("cmd", b"again", 0, False)]
    where.wait_until(250 * MS - 1)
    assert client.messages() == []
    where.wait_until(1 * S)
    assert client.messages() == [("cmd", b"again", 0, False), ("cmd", b"\xff", 1, False)]
    client.subscribe(("cmd", 2))
    assert client.messages() == [("cmd", b"\xff", 2, True)]
    assert where.broker.deadline_ns() is None


def test_a_message_from_elsewhere() -> None:
    where = place()
    client = joined(where, Connect("c"))
    client.subscribe(("a/#", 2))
    where.broker.publish(5, "a/b", b"x", qos=2, retain=True)
    where.now_ns = 5
    assert client.messages() == [("a/b", b"x", 2, False)]
    client.subscribe(("a/b", 0))
    assert client.messages() == [("a/b", b"x", 0, True)]


# Settings


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5])
def test_it_refuses_as_it_is_told(code: int) -> None:
    where = place(refuse=code, refuse_first=2)
    for _ in range(2):
        client = Talk(where)
        client.asks(Connect("c"), ConnAck(code))
        assert client.is_closed()
    joined(where, Connect("c"))
    assert notes(where)[0] == f"ended: CONNECT refused with {code}"


@pytest.mark.parametrize("level", [3, 4])
def test_it_speaks_the_levels_it_is_told(level: int) -> None:
    client = Talk(place(levels=(level,)))
    client.asks(Connect("c", level=7 - level), ConnAck(1))
    assert client.is_closed()
    joined(place(levels=(level,)), Connect("c", level=level))


def test_it_grants_no_more_than_it_is_told() -> None:
    where = place(most_qos=1)
    client = joined(where, Connect("c"))
    assert client.subscribe(("a", 2), ("b", 0)) == (1, 0)
    client.publish("a", b"x", 2)
    assert client.messages() == [("a", b"x", 1, False)]


@pytest.mark.parametrize(("level", "codes"), [(3, (2, 2)), (4, (0x80, 2))])
def test_topics_that_nobody_may_use(level: int, codes: tuple[int, ...]) -> None:
    where = place(deny=("private/#",))
    client = joined(where, Connect("c", level))
    assert client.subscribe(("private/+", 2), ("#", 2)) == codes
    client.publish("private/x", b"1", 1, retain=True)
    client.publish("x", b"2", 1)
    assert client.messages() == [("x", b"2", 1, False)]


# What the standard forbids, and mosquitto takes


@pytest.mark.parametrize(
    "data",
    [
        encode(SubAck(1, (0,))),
        encode(UnsubAck(1)),
        encode(PingResp()),
        encode(Publish("a", b"x", dup=True)),
    ],
    ids=bytes.hex,
)
def test_it_is_as_strict_as_the_standard(data: bytes) -> None:
    client = joined(place(), Connect("c"))
    client.write(data)
    assert client.is_closed()


# Bounds


def test_a_packet_that_is_too_large() -> None:
    where = place(packet_bytes=100)
    client = joined(where, Connect("c"))
    client.publish("a", bytes(95))
    client.say(Publish("a", bytes(96)))
    assert client.is_closed()
    assert notes(where)[-1] == "ended: a packet of 101 bytes; the most is 100"


def test_too_many_connections() -> None:
    where = place(connections=2)
    first, second = Talk(where), Talk(where)
    assert Talk(where).is_closed()
    first.asks(Connect("c"), ConnAck())
    first.say(Disconnect())
    assert first.is_closed()
    joined(where, Connect("c"))
    second.asks(Connect("d"), ConnAck())


def test_too_many_sessions() -> None:
    where = place(sessions=2)
    joined(where, Connect("a", is_clean=False)).vanish()
    b = joined(where, Connect("b"))
    refused = Talk(where)
    refused.asks(Connect("c"), ConnAck(3))
    assert refused.is_closed()
    joined(where, Connect("a", is_clean=False), session_present=True)
    b.vanish()
    joined(where, Connect("c"))


def test_too_many_subscriptions() -> None:
    client = joined(place(subscriptions=2), Connect("c"))
    assert client.subscribe(("a", 0), ("b", 1), ("c", 1), ("a", 2)) == (0, 1, 0x80, 2)


def test_too_many_retained_messages() -> None:
    where = place(retained_messages=2)
    client = joined(where, Connect("c"))
    for topic in ("a", "b", "c"):
        client.publish(topic, b"1", retain=True)
    client.publish("a", b"2", retain=True)
    assert "no room to retain a message of 'c'" in notes(where)
    client.publish("b", b"", retain=True)
    client.publish("d", b"3", retain=True)
    client.subscribe(("#", 0))
    assert client.messages() == [("a", b"2", 0, True), ("d", b"3", 0, True)]


def test_too_many_messages_for_one_who_is_away() -> None:
    where = place(queued_messages=3)
    reader = joined(where, Connect("r", is_clean=False))
    reader.subscribe(("a", 1))
    reader.vanish()
    for number in range(5):
        where.broker.publish(0, "a", b"%d" % number, qos=1)
    assert notes(where)[-2:] == ["no room for a message of 'a': it is lost"] * 2
    reader = joined(where, Connect("r", is_clean=False), session_present=True)
    assert [message[1] for message in reader.messages()] == [b"0", b"1", b"2"]


def test_a_client_that_acknowledges_nothing_has_a_window() -> None:
    where = place(in_flight=2)
    client = joined(where, Connect("c"))
    client.subscribe(("a", 2))
    for number in range(4):
        where.broker.publish(0, "a", b"%d" % number, qos=2)
    first, second = client.news()
    assert isinstance(first, Publish)
    assert isinstance(second, Publish)
    client.asks(PubRec(first.packet_id), PubRel(first.packet_id))
    assert client.news() == []
    client.say(PubComp(first.packet_id))
    (third,) = client.news()
    assert isinstance(third, Publish)
    assert third.payload == b"2"


def test_a_client_that_reads_slowly_loses_qos_0_alone() -> None:
    """Its connection takes 10 bytes now and then."""
    where = place(unsent_bytes=1024)
    client = joined(where, Connect("c"))
    client.subscribe(("a", 1))
    where.collect()
    for number in range(40):
        where.broker.publish(0, "a", bytes(95) + b"%02d" % number, qos=number % 2)
    assert slowly(where) >= 1024
    got = client.messages()
    assert [message for message in got if message[2]] == [
        ("a", bytes(95) + b"%02d" % number, 1, False) for number in range(1, 40, 2)
    ]
    assert 0 < sum(message[2] == 0 for message in got) < 20


def test_what_waits_for_room_comes_when_there_is_some() -> None:
    """Without another word of the client."""
    where = place(unsent_bytes=1024, in_flight=20)
    client = joined(where, Connect("c"))
    client.subscribe(("a", 1))
    for _ in range(20):
        where.broker.publish(0, "a", bytes(100), qos=1)
    assert slowly(where) == 20 * len(encode(Publish("a", bytes(100), 1, packet_id=1)))


def slowly(where: InProcess) -> int:
    """All output, ten bytes at a time: how much it was."""
    count = 0
    while step := where.broker.take_output({0: 10}):
        ((_, data),) = step
        assert isinstance(data, bytes)
        assert len(data) <= 10
        count += len(data)
        where.waiting[0].append(data)
    return count


def test_a_connection_that_has_no_room_gets_nothing() -> None:
    where = place()
    Talk(where).say(Connect("c"))
    assert where.broker.take_output({}) == []
    assert where.broker.take_output({0: 3}) == [(0, b"\x20\x02\x00")]
    assert where.broker.take_output() == [(0, b"\x00")]


def test_a_connection_ends_after_what_was_said_last() -> None:
    where = place(refuse=5)
    Talk(where).say(Connect("c"))
    assert where.broker.take_output({0: 2}) == [(0, b"\x20\x02")]
    assert where.broker.take_output({0: 2}) == [(0, b"\x00\x05"), (0, Why.FIN)]
    assert where.broker.take_output() == []


def test_who_asks_and_asks_and_reads_nothing_is_cut_off() -> None:
    where = place(unsent_bytes=1024)
    client = joined(where, Connect("c"))
    for _ in range(2000):
        client.say(PingReq())
    assert notes(where)[-1] == "ended: it asks for answers and does not read them"
    assert where.broker.take_output({}) == [(0, Why.FIN)]


def test_notes_are_bounded() -> None:
    where = place()
    for _ in range(700):
        joined(where, Connect("c")).vanish()
    assert len(where.broker.take_notes()) == 1000
    assert where.broker.take_notes() == []


# Laws


class Far:
    """A client's memory in its part of QoS 1 and 2: it outlives connections."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.unreleased: set[int] = set()

    def answer(self, packet: Packet) -> list[Packet]:
        match packet:
            case Publish(qos=2, packet_id=number):
                if number not in self.unreleased:
                    self.got.append(packet.payload)
                self.unreleased.add(number)
                return [PubRec(number)]
            case PubRel(number):
                self.unreleased.discard(number)
                return [PubComp(number)]
            case Publish(qos=1, packet_id=number):
                if packet.payload not in self.got:  # at least once
                    self.got.append(packet.payload)
                return [PubAck(number)]
            case _:
                return []


STEPS = st.lists(
    st.sampled_from(["publish 1", "publish 2", "read", "read 0 and vanish", "read 1 and vanish"]),
    max_size=40,
)


@given(STEPS, st.integers(1, 3))
def test_qos_2_comes_once_and_qos_1_comes_whatever_breaks(steps: list[str], in_flight: int) -> None:
    """Also where the connection breaks while the client acknowledges what it has read."""
    where = place(in_flight=in_flight)
    connect = Connect("far", is_clean=False)
    far, talk = Far(), joined(where, connect)
    talk.subscribe(("a", 2))
    sent: list[bytes] = []
    for step in [*steps, "read 0 and vanish"]:
        if step.startswith("publish"):
            sent.append(b"%d" % len(sent))
            where.broker.publish(0, "a", sent[-1], qos=int(step[-1]))
            continue
        answers = [answer for packet in talk.news() for answer in far.answer(packet)]
        if step.endswith("vanish"):
            talk.say(*answers[: int(step[5])])
            talk.vanish()
            talk = joined(where, connect, session_present=True)
        else:
            talk.say(*answers)
    while news := talk.news():
        for packet in news:
            talk.say(*far.answer(packet))
    assert far.got == sent


@given(st.data(), connects(), st.lists(PACKETS, max_size=8))
def test_the_cutting_of_the_bytes_changes_nothing(
    data: st.DataObject, first: Connect, packets: list[Packet]
) -> None:
    """Damaged or not; and nothing but the connection ends."""
    stream = b"".join(map(encode, [first, *packets]))
    if data.draw(st.booleans()):
        stream = data.draw(damaged(stream))
    assert served([stream]) == served(data.draw(cuts(stream)))


def served(pieces: list[bytes]) -> tuple[bytes, list[str]]:
    """All that the broker says to it, b"." for the end; and the notes."""
    where = place()
    where.broker.publish(0, "a", b"retained", qos=1, retain=True)
    line = where.open()
    for piece in pieces:
        line.write(piece)
        where.collect()
    said = b"".join(data or b"." for data in where.waiting[0])
    return said, notes(where)


@given(st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=40)), max_size=20))
def test_garbage_ends_connections_and_nothing_else(pieces: list[tuple[int, bytes]]) -> None:
    where = place()
    witness = joined(where, Connect("witness"))
    lines = [where.open() for _ in range(3)]
    for number, data in pieces:
        lines[number].write(data)
    assert witness.news() == []


def test_two_brokers_with_the_same_inputs_say_the_same() -> None:
    inputs = [(number, encode(Connect(""))) for number in range(3)]
    inputs += [(number, encode(Subscribe(1, (("#", 2),)))) for number in range(3)]
    inputs += [(0, encode(Publish("a", b"x", 2, packet_id=1)))]
    outputs = []
    for _ in range(2):
        where = place()
        lines = [where.open() for _ in range(3)]
        for number, data in inputs:
            lines[number].write(data)
        outputs.append(where.broker.take_output())
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 3
