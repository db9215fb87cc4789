"""What the standard shows, byte by byte; and what no packet can hold."""

import pytest

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
    Unsubscribe,
    Will,
    encode,
)

# 3.1.1: figures 3.6 (variable header), 3.11 (PUBLISH), 3.23 (SUBSCRIBE), 3.31 (UNSUBSCRIBE).
SHOWN: list[tuple[Packet, str]] = [
    (
        Connect("c", keep_alive_s=10, user="u", password=b"p", will=Will("w", b"\xff", 1)),
        "10 19 0004 4d515454 04 ce 000a 0001 63 0001 77 0001 ff 0001 75 0001 70",
    ),
    (Connect("c", level=3, is_clean=False), "10 0f 0006 4d5149736470 03 00 0000 0001 63"),
    (ConnAck(0, session_present=True), "20 02 01 00"),
    (ConnAck(5), "20 02 00 05"),
    (Publish("a/b", packet_id=10, qos=1), "32 07 0003 612f62 000a"),
    (Publish("a/b", b"hi"), "30 07 0003 612f62 6869"),
    (Publish("a", b"", 2, retain=True, dup=True, packet_id=1), "3d 05 0001 61 0001"),
    (PubAck(258), "40 02 0102"),
    (PubRec(1), "50 02 0001"),
    (PubRel(1), "62 02 0001"),
    (PubRel(1, dup=True), "6a 02 0001"),
    (PubComp(0xFFFF), "70 02 ffff"),
    (Subscribe(10, (("a/b", 1), ("c/d", 2))), "82 0e 000a 0003 612f62 01 0003 632f64 02"),
    (SubAck(10, (0, 2, 0x80)), "90 05 000a 00 02 80"),
    (Unsubscribe(10, ("a/b", "c/d")), "a2 0c 000a 0003 612f62 0003 632f64"),
    (UnsubAck(10), "b0 02 000a"),
    (PingReq(), "c0 00"),
    (PingResp(), "d0 00"),
    (Disconnect(), "e0 00"),
]


@pytest.mark.parametrize(("packet", "wanted"), SHOWN, ids=lambda case: str(case)[:24])
def test_a_packet_has_the_bytes_of_the_standard(packet: Packet, wanted: str) -> None:
    assert encode(packet) == bytes.fromhex(wanted)


# 3.1.1, table 2.4.
@pytest.mark.parametrize(
    ("length", "coded"),
    [
        (3, "03"),
        (127, "7f"),
        (128, "80 01"),
        (16_383, "ff 7f"),
        (16_384, "80 80 01"),
        (2_097_151, "ff ff 7f"),
        (2_097_152, "80 80 80 01"),
    ],
)
def test_the_remaining_length(length: int, coded: str) -> None:
    data = encode(Publish("a", bytes(length - 3)))
    assert data[:-length] == b"\x30" + bytes.fromhex(coded)


def test_what_a_host_gave_goes_out_as_it_is() -> None:
    """Also what the broker must refuse: bytes that are no UTF-8, wildcards in a topic."""
    topic = b"\xe9/#".decode("utf-8", "surrogateescape")
    assert encode(Publish(topic, b"x")) == b"\x30\x06\x00\x03\xe9/#x"


@pytest.mark.parametrize(
    "packet",
    [
        PubAck(65_536),
        Publish("a" * 65_536),
        Publish("a", qos=4, packet_id=1),
        Connect("c", keep_alive_s=-1),
    ],
    ids=lambda packet: str(packet)[:24],
)
def test_what_no_field_holds_is_an_assertion(packet: Packet) -> None:
    with pytest.raises(AssertionError):
        encode(packet)
