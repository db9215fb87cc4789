"""MQTT on its way past, however it is cut."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from quecsim.faults.places.mqtt_answers import AnswerSieve, is_connect
from quecsim.mqtt import (
    ConnAck,
    Connect,
    Packet,
    PingReq,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    Subscribe,
    encode,
)
from tests.laws.driver import law

IDS = st.integers(1, 65_535)
PACKETS: st.SearchStrategy[Packet] = st.one_of(
    IDS.map(PubAck),
    IDS.map(PubRec),
    IDS.map(PubComp),
    st.just(ConnAck()),
    st.binary(max_size=300).map(lambda payload: Publish("t", payload, qos=1, packet_id=16_386)),
)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[begin:end] for begin, end in itertools.pairwise(places)]


@law(100)
@given(st.lists(PACKETS, max_size=8), st.lists(st.integers(0, 3000), max_size=12))
def test_the_answers_are_found_and_everything_goes_through(
    packets: list[Packet], cuts: list[int]
) -> None:
    sieve = AnswerSieve()
    data = b"".join(map(encode, packets))
    found, through = [], b""
    for piece in pieces(data, cuts):
        for part, name in sieve.feed(piece):
            through += part
            if name:
                found.append((name, part))
    assert through == data
    assert found == [
        (type(packet).__name__.upper(), encode(packet))
        for packet in packets
        if isinstance(packet, PubAck | PubRec)
    ]


@law(100)
@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8))
def test_what_is_no_mqtt_goes_through(data: bytes, cuts: list[int]) -> None:
    """At most three bytes wait, those with which an answer could begin."""
    sieve = AnswerSieve()
    through = b""
    for piece in pieces(data, cuts):
        through += b"".join(part for part, _ in sieve.feed(piece))
    rest = data[len(through) :]
    assert data.startswith(through)
    assert len(rest) < 4
    assert not rest or rest[0] in (0x40, 0x50)


def test_what_begins_with_a_connect() -> None:
    long = Connect("x" * 20_000, user="u", password=b"p")
    assert is_connect(encode(Connect("a")))
    assert is_connect(encode(Connect("a", level=3)))
    assert is_connect(encode(long) + b"more")
    for other in (PingReq(), Subscribe(1, (("MQTT", 0),)), Publish("t", b"\x10\0\4MQTT")):
        assert not is_connect(encode(other))
    assert not is_connect(b"")
    assert not is_connect(b"\x10\x0c\0\4MQT")
