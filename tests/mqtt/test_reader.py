"""The stream's cutting does not matter; nothing makes the reader raise or hold what it must not."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.mqtt import (
    Connect,
    Malformed,
    Packet,
    PingReq,
    Publish,
    PubRel,
    Reader,
    TooLarge,
    encode,
)
from tests.mqtt.strategies import NOT_CONNECT, PACKETS, connects, cuts, damaged

MOST_BYTES = 4096


def read(pieces: Iterable[bytes], level: int = 4) -> tuple[list[Packet], str]:
    """All packets, and what was wrong at last."""
    reader = Reader(MOST_BYTES, level)
    packets = []
    try:
        for piece in pieces:
            for packet in reader.feed(piece):
                packets.append(packet)
            assert reader.held_bytes < MOST_BYTES
    except Malformed as error:
        assert reader.held_bytes == 0
        return packets, str(error)
    return packets, ""


def singly(data: bytes) -> list[bytes]:
    return [bytes((byte,)) for byte in data]


@given(st.data(), st.lists(connects(levels=st.just(4)) | NOT_CONNECT, max_size=6))
def test_any_cut_gives_the_same_packets(data: st.DataObject, packets: list[Packet]) -> None:
    stream = b"".join(map(encode, packets))
    whole = read([stream])
    assert whole == (packets, "")
    assert read(data.draw(cuts(stream))) == whole
    assert read(singly(stream)) == whole


@given(st.data(), connects(), st.lists(PACKETS, max_size=4))
def test_any_cut_of_a_damaged_stream_gives_the_same(
    data: st.DataObject, first: Packet, packets: list[Packet]
) -> None:
    """Also the error, and what came before it."""
    stream = data.draw(damaged(b"".join(map(encode, [first, *packets]))))
    whole = read([stream])
    assert read(data.draw(cuts(stream))) == whole
    assert read(singly(stream)) == whole


@given(st.binary(max_size=300), st.sampled_from([3, 4]))
def test_garbage_is_malformed_and_nothing_else(data: bytes, level: int) -> None:
    read([data], level)


@given(st.integers(1, 15), st.integers(0, 15), st.binary(max_size=60), st.sampled_from([3, 4]))
def test_garbage_in_a_frame_is_a_packet_or_malformed(
    kind: int, flags: int, body: bytes, level: int
) -> None:
    packets, why = read([bytes((kind << 4 | flags, len(body))) + body], level)
    assert bool(packets) != bool(why)


def test_a_packet_as_large_as_allowed_is_taken() -> None:
    packet = Publish("a", bytes(MOST_BYTES - 6))
    assert len(encode(packet)) == MOST_BYTES
    assert read([encode(packet)]) == ([packet], "")


def test_a_larger_one_is_refused_as_soon_as_it_is_announced() -> None:
    data = encode(Publish("a", bytes(MOST_BYTES - 5)))
    reader = Reader(MOST_BYTES)
    assert list(reader.feed(data[:2])) == []
    with pytest.raises(TooLarge) as raised:
        list(reader.feed(data[2:3]))
    assert raised.value.packet_bytes == MOST_BYTES + 1
    assert str(raised.value) == "a packet of 4097 bytes; the most is 4096"
    assert reader.held_bytes == 0


def test_the_length_has_four_bytes_at_most() -> None:
    reader = Reader(1 << 29)
    assert list(reader.feed(b"\x30\xff\xff\xff")) == []
    with pytest.raises(Malformed, match="more than 4 bytes"):
        list(reader.feed(b"\x80"))


def test_a_length_may_be_longer_than_it_need_be() -> None:
    assert read([b"\xc0\x80\x80\x00"]) == ([PingReq()], "")


def test_a_wrong_type_is_seen_with_its_first_byte() -> None:
    assert read([b"\x00"]) == ([], "packet type 0")


def test_what_came_before_the_error_is_not_lost() -> None:
    packets, why = read([encode(PingReq()) * 2 + b"\xc1\x00"])
    assert packets == [PingReq(), PingReq()]
    assert why == "PINGREQ: flags 0001"


def test_a_broken_stream_stays_broken() -> None:
    reader = Reader(MOST_BYTES)
    for data in (b"\xf0", encode(PingReq()), b""):
        with pytest.raises(Malformed, match="packet type 15"):
            list(reader.feed(data))


@pytest.mark.parametrize(("level", "count"), [(3, 2), (4, 1)])
def test_the_level_is_that_of_the_connect(level: int, count: int) -> None:
    packets: list[Packet] = [Connect("c", level=level), PubRel(7, dup=True)]
    assert read([b"".join(map(encode, packets))])[0] == packets[:count]
