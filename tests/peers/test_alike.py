"""What a client sees of our broker, it sees of mosquitto: each test runs against both."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from quecsim.mqtt import (
    ConnAck,
    Connect,
    Disconnect,
    Packet,
    PingReq,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    Subscribe,
    UnsubAck,
    Unsubscribe,
    Will,
    encode,
)
from quecsim.peers.broker import Broker
from quecsim.peers.mqtt_settings import BrokerSettings
from tests.peers.mosquitto import PASSWORD, USER, Mosquitto
from tests.peers.talk import InProcess, Place, Sockets, Talk, joined


class Places(NamedTuple):
    """A broker's two doors, and names that no other test uses at it."""

    everybody: Place
    guarded: Place
    name: str


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    running = Mosquitto(Path(tmp_path_factory.mktemp("mosquitto")))
    yield running
    running.stop()


@pytest.fixture(params=["ours", "mosquitto"])
def places(request: pytest.FixtureRequest) -> Iterator[Places]:
    name = request.node.name.removeprefix("test_")
    if request.param == "ours":
        guarded = Broker(BrokerSettings(users={USER: PASSWORD}))
        yield Places(InProcess(Broker()), InProcess(guarded), name)
        return
    running: Mosquitto = request.getfixturevalue("mosquitto")
    everybody, guarded_door = Sockets(running.port), Sockets(running.guarded_port)
    yield Places(everybody, guarded_door, name)
    everybody.close()
    guarded_door.close()


class Names(NamedTuple):
    topic: str
    writer: Connect
    reader: Connect


@pytest.fixture
def names(places: Places) -> Names:
    topic = places.name.replace("[", "/").replace("]", "")
    return Names(topic, Connect(f"w-{places.name}"), Connect(f"r-{places.name}"))


@pytest.fixture
def place(places: Places) -> Place:
    return places.everybody


def kept(connect: Connect) -> Connect:
    """With a session that stays."""
    return Connect(connect.client_id, is_clean=False)


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize("wanted", [0, 1, 2])
def test_a_message_comes_with_the_lower_qos(
    place: Place, names: Names, level: int, wanted: int
) -> None:
    reader = joined(place, Connect("r" + names.topic[-9:], level))
    writer = joined(place, Connect("w" + names.topic[-9:], level))
    assert reader.subscribe((names.topic, wanted)) == (wanted,)
    for qos in (0, 1, 2):
        writer.publish(names.topic, b"%d" % qos, qos)
    expected = [(names.topic, b"%d" % qos, min(qos, wanted), False) for qos in (0, 1, 2)]
    assert sorted(reader.messages()) == expected


def test_the_handshakes_packet_by_packet(place: Place, names: Names) -> None:
    reader, writer = joined(place, names.reader), joined(place, names.writer)
    reader.subscribe((names.topic, 2))
    writer.asks(Publish(names.topic, b"1", 1, packet_id=77), PubAck(77))
    number = read(reader, Publish(names.topic, b"1", 1))
    reader.say(PubAck(number))
    writer.asks(Publish(names.topic, b"2", 2, packet_id=78), PubRec(78))
    writer.asks(PubRel(78), PubComp(78))
    number = read(reader, Publish(names.topic, b"2", 2))
    reader.asks(PubRec(number), PubRel(number))
    reader.say(PubComp(number))
    assert reader.news() == []


def read(reader: Talk, wanted: Publish) -> int:
    """The next packet is that, with a number of the broker's: which one."""
    packet = reader.next()
    assert isinstance(packet, Publish)
    assert packet == replace(wanted, packet_id=packet.packet_id)
    assert packet.packet_id
    return packet.packet_id


def test_a_retained_message_waits_for_its_readers(place: Place, names: Names) -> None:
    writer, early = joined(place, names.writer), joined(place, names.reader)
    early.subscribe((f"{names.topic}/#", 1))
    for text in (b"old", b"new"):
        writer.publish(f"{names.topic}/a", text, 1, retain=True)
    assert [message[1:] for message in early.messages()] == [(b"old", 1, False), (b"new", 1, False)]
    late = joined(place, Connect(f"late-{names.topic}"))
    late.subscribe((f"{names.topic}/+", 0))
    assert late.messages() == [(f"{names.topic}/a", b"new", 0, True)]
    late.subscribe((f"{names.topic}/+", 2))
    assert late.messages() == [(f"{names.topic}/a", b"new", 1, True)]
    writer.publish(f"{names.topic}/a", b"", 1, retain=True)
    assert late.messages() == [(f"{names.topic}/a", b"", 1, False)]
    late.subscribe((f"{names.topic}/a", 2))
    assert late.messages() == []


def test_wildcards(place: Place, names: Names) -> None:
    reader, writer = joined(place, names.reader), joined(place, names.writer)
    top = names.topic
    assert reader.subscribe((f"{top}/+/c", 0), (f"{top}/x/#", 0)) == (0, 0)
    for topic in (f"{top}/a/c", f"{top}/a/b", f"{top}/a/c/d", f"{top}/x", f"{top}/x/y/z"):
        writer.publish(topic, b"")
    assert [topic for topic, *_ in reader.messages()] == [f"{top}/a/c", f"{top}/x", f"{top}/x/y/z"]


def test_topics_of_the_broker_are_asked_for_by_name(place: Place, names: Names) -> None:
    reader, writer = joined(place, names.reader), joined(place, names.writer)
    reader.subscribe(("#", 0), ("+/x", 0))
    writer.publish("$own/x", b"1")
    assert [message for message in reader.messages() if message[0] == "$own/x"] == []
    reader.subscribe(("$own/#", 0))
    writer.publish("$own/x", b"2")
    assert [message for message in reader.messages() if message[0] == "$own/x"] == [
        ("$own/x", b"2", 0, False)
    ]


def test_subscriptions_that_overlap_bring_a_message_once(place: Place, names: Names) -> None:
    reader, writer = joined(place, names.reader), joined(place, names.writer)
    reader.subscribe((f"{names.topic}/a", 1), (f"{names.topic}/#", 1))
    writer.publish(f"{names.topic}/a", b"x", 1)
    assert len(reader.messages()) == 1


def test_who_subscribes_again_has_the_new_qos(place: Place, names: Names) -> None:
    reader, writer = joined(place, names.reader), joined(place, names.writer)
    assert reader.subscribe((names.topic, 2)) == (2,)
    assert reader.subscribe((names.topic, 0)) == (0,)
    writer.publish(names.topic, b"x", 2)
    assert reader.messages() == [(names.topic, b"x", 0, False)]


def test_a_client_hears_itself(place: Place, names: Names) -> None:
    both = joined(place, names.reader)
    both.subscribe((names.topic, 1))
    both.publish(names.topic, b"x", 1)
    assert both.messages() == [(names.topic, b"x", 1, False)]


def test_unsubscribed(place: Place, names: Names) -> None:
    reader, writer = joined(place, names.reader), joined(place, names.writer)
    reader.subscribe((names.topic, 0))
    reader.asks(Unsubscribe(9, (names.topic, "never/asked/for")), UnsubAck(9))
    writer.publish(names.topic, b"x")
    assert reader.messages() == []


@pytest.mark.parametrize("retain", [False, True])
def test_the_will_of_a_client_that_vanishes(place: Place, names: Names, retain: bool) -> None:
    reader = joined(place, names.reader)
    reader.subscribe((names.topic, 2))
    will = Will(names.topic, b"gone", 1, retain)
    joined(place, Connect(names.writer.client_id, will=will)).vanish()
    reader.say(PubAck(read(reader, Publish(names.topic, b"gone", 1))))
    later = joined(place, names.writer)
    later.subscribe((names.topic, 0))
    assert later.messages() == [(names.topic, b"gone", 0, True)][:retain]
    reader.publish(names.topic, b"", 1, retain=True)


def test_no_will_of_a_client_that_takes_its_leave(place: Place, names: Names) -> None:
    reader = joined(place, names.reader)
    reader.subscribe((names.topic, 0))
    writer = joined(place, Connect(names.writer.client_id, will=Will(names.topic, b"gone")))
    writer.say(Disconnect())
    assert writer.is_closed()
    assert reader.messages() == []


def test_the_will_of_a_client_that_breaks_the_rules(place: Place, names: Names) -> None:
    reader = joined(place, names.reader)
    reader.subscribe((names.topic, 0))
    writer = joined(place, Connect(names.writer.client_id, will=Will(names.topic, b"gone")))
    writer.write(b"\xf3\x00")
    assert writer.is_closed()
    assert reader.messages() == [(names.topic, b"gone", 0, False)]


def test_a_twin_pushes_the_older_one_out(place: Place, names: Names) -> None:
    reader = joined(place, names.reader)
    reader.subscribe((names.topic, 0))
    older = joined(place, Connect(names.writer.client_id, will=Will(names.topic, b"twin")))
    newer = joined(place, names.writer)
    assert older.is_closed()
    assert newer.news() == []
    assert reader.messages() == [(names.topic, b"twin", 0, False)]


def test_a_session_that_stays_keeps_what_comes_meanwhile(place: Place, names: Names) -> None:
    writer, reader = joined(place, names.writer), joined(place, kept(names.reader))
    reader.subscribe((names.topic, 2))
    reader.say(Disconnect())
    assert reader.is_closed()
    for number in range(6):
        writer.publish(names.topic, b"%d" % number, number % 3)
    reader = joined(place, kept(names.reader), session_present=True)
    expected = [(names.topic, b"%d" % number, number % 3, False) for number in (1, 2, 4, 5)]
    assert reader.messages() == expected  # QoS 0 is lost
    writer.publish(names.topic, b"live")
    assert reader.messages() == [(names.topic, b"live", 0, False)]


def test_a_clean_session_forgets(place: Place, names: Names) -> None:
    writer, reader = joined(place, names.writer), joined(place, kept(names.reader))
    reader.subscribe((names.topic, 1))
    reader.vanish()
    writer.publish(names.topic, b"1", 1)
    reader = joined(place, names.reader)
    assert reader.messages() == []
    reader.say(Disconnect())
    assert reader.is_closed()
    reader = joined(place, kept(names.reader))
    writer.publish(names.topic, b"2", 1)
    assert reader.messages() == []


def test_what_was_not_acknowledged_comes_again(place: Place, names: Names) -> None:
    writer, reader = joined(place, names.writer), joined(place, kept(names.reader))
    reader.subscribe((names.topic, 2))
    for number in (1, 2):
        writer.publish(names.topic, b"%d" % number, number)
    writer.publish(names.topic, b"3", 2)
    first, second, third = (
        read(reader, Publish(names.topic, b"%d" % number, min(2, number))) for number in (1, 2, 3)
    )
    reader.asks(PubRec(second), PubRel(second))
    reader.vanish()
    reader = joined(place, kept(names.reader), session_present=True)
    again = [reader.next() for _ in range(3)]
    assert again == [
        Publish(names.topic, b"1", 1, dup=True, packet_id=first),
        PubRel(second),
        Publish(names.topic, b"3", 2, dup=True, packet_id=third),
    ]
    reader.say(PubAck(first), PubComp(second))
    reader.asks(PubRec(third), PubRel(third))
    reader.say(PubComp(third), Disconnect())
    assert reader.is_closed()
    assert joined(place, kept(names.reader), session_present=True).messages() == []


def test_so_many_are_under_way_and_no_more(place: Place, names: Names) -> None:
    writer, reader = joined(place, names.writer), joined(place, names.reader)
    reader.subscribe((names.topic, 1))
    for number in range(25):
        writer.publish(names.topic, b"%d" % number, 1)
    news = reader.news()
    assert len(news) == 20
    assert isinstance(news[0], Publish)
    reader.say(PubAck(news[0].packet_id))
    more = reader.next()
    assert isinstance(more, Publish)
    assert more.payload == b"20"


def test_the_same_message_of_qos_2_counts_once(place: Place, names: Names) -> None:
    reader, writer = joined(place, names.reader), joined(place, names.writer)
    reader.subscribe((names.topic, 0))
    publish = Publish(names.topic, b"once", 2, packet_id=5)
    writer.asks(publish, PubRec(5))
    writer.asks(Publish(names.topic, b"once", 2, dup=True, packet_id=5), PubRec(5))
    writer.asks(PubRel(5), PubComp(5))
    writer.asks(PubRel(5), PubComp(5))
    assert len(reader.messages()) == 1
    writer.asks(publish, PubRec(5))
    writer.asks(PubRel(5), PubComp(5))
    assert len(reader.messages()) == 1


def test_acknowledgements_of_nothing(place: Place, names: Names) -> None:
    client = joined(place, names.writer)
    client.say(PubAck(9), PubComp(9))
    assert client.news() == []
    client.asks(PubRec(9), PubRel(9))


@pytest.mark.parametrize(
    ("connect", "code"),
    [
        (Connect(""), 0),
        (Connect("", is_clean=False), 2),
        (Connect("", level=3), 2),
    ],
)
def test_a_client_without_an_id(place: Place, connect: Connect, code: int) -> None:
    client = Talk(place)
    client.asks(connect, ConnAck(code))
    if code:
        assert client.is_closed()
    else:
        assert client.news() == []


def test_a_level_that_does_not_exist(place: Place) -> None:
    client = Talk(place)
    client.write(bytes.fromhex("100d 0004 4d515454 06 02 0000 0001 61"))
    assert client.next() == ConnAck(1)
    assert client.is_closed()


def test_the_first_packet_is_a_connect(place: Place, names: Names) -> None:
    for packet in (PingReq(), Publish(names.topic), Subscribe(1, (("a", 0),)), PubAck(1)):
        client = Talk(place)
        client.say(packet)
        assert client.is_closed()


# It takes a SUBACK, an UNSUBACK, a PINGRESP, and DUP at QoS 0: see test_broker.
@pytest.mark.parametrize("packet", [Connect("again"), ConnAck()])
def test_what_a_client_that_is_connected_must_not_say(
    place: Place, names: Names, packet: Packet
) -> None:
    client = joined(place, names.writer)
    client.say(packet)
    assert client.is_closed()


@pytest.mark.parametrize(
    "data",
    [
        encode(Publish("a/#", b"x")),
        encode(Subscribe(1, (("a#", 0),))),
        encode(Subscribe(1, ())),
        encode(Unsubscribe(1, ())),
        encode(Publish("a", qos=3, packet_id=1)),
        encode(Publish("a", qos=1, packet_id=0)),
        encode(Publish("", b"x")),
        b"\x30\x04\x00\x02\xc3\x28",
        b"\x30\xff\xff\xff\xff\x01",
        b"\xf3\x00",
        b"\x80\x06\x00\x01\x00\x01a\x00",
    ],
    ids=bytes.hex,
)
def test_malformed_packets_end_the_connection(place: Place, names: Names, data: bytes) -> None:
    client = joined(place, names.writer)
    client.write(data)
    assert client.is_closed()


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize(
    ("user", "password", "codes"),
    [
        (USER, PASSWORD, {0}),
        (USER, "wrong", {4, 5}),
        ("stranger", PASSWORD, {4, 5}),
        (USER, None, {4, 5}),
        (None, None, {5}),
    ],
)
def test_a_broker_that_knows_its_users(
    places: Places, level: int, user: str | None, password: str | None, codes: set[int]
) -> None:
    client = Talk(places.guarded, level)
    secret = None if password is None else password.encode()
    client.say(Connect(f"u-{level}", level, user=user, password=secret))
    answer = client.next()
    assert isinstance(answer, ConnAck)
    assert answer.return_code in codes
    if answer.return_code:
        assert client.is_closed()


def test_bytes_come_in_any_pieces(place: Place, names: Names) -> None:
    client = Talk(place)
    for byte in encode(names.reader) + encode(Subscribe(3, ((names.topic, 1),))):
        client.write(bytes((byte,)))
    assert client.next() == ConnAck()
    client.publish(names.topic, b"x", 1)
    assert client.messages() == [(names.topic, b"x", 1, False)]
