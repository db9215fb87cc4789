"""Each thing that the standard forbids is found, and said in words."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.mqtt import (
    ConnAck,
    Connect,
    Malformed,
    Packet,
    PubRel,
    Subscribe,
    UnknownLevel,
    Unsubscribe,
    encode,
)
from quecsim.mqtt.decode import decode
from tests.mqtt.strategies import PACKETS

CONNECT = "0004 4d515454 04"


def read(text: str, level: int = 4) -> Packet:
    data = bytes.fromhex(text)
    return decode(data[0], data[1:], level)


@given(PACKETS, st.sampled_from([3, 4]))
def test_what_was_written_is_read(packet: Packet, level: int) -> None:
    if level == 3 and isinstance(packet, ConnAck):
        packet = ConnAck(packet.return_code)  # there are no flags
    data = encode(packet)
    head = 2 + sum(byte > 0x7F for byte in data[1:4][: _head_bytes(data) - 2])
    assert decode(data[0], data[head:], level) == packet


def _head_bytes(data: bytes) -> int:
    return next(place for place in range(2, 6) if data[place - 1] < 0x80)


@given(PACKETS)
def test_a_packet_can_be_written_down(packet: Packet) -> None:
    """A record holds packets: they are read again as what they were."""
    assert msgspec.json.decode(msgspec.json.encode(packet), type=Packet) == packet


# First byte and body, without the length.
FORBIDDEN = [
    ("00", "packet type 0"),
    ("f0", "packet type 15"),
    ("11", "CONNECT: flags 0001"),
    ("60 0001", "PUBREL: flags 0000"),
    ("6a 0001", "PUBREL: flags 1010"),
    ("80 0001 0001 61 00", "SUBSCRIBE: flags 0000"),
    ("a0 0001 0001 61", "UNSUBSCRIBE: flags 0000"),
    ("c1", "PINGREQ: flags 0001"),
    ("36 0001 61 0001", "PUBLISH: QoS 3"),
    ("38 0001 61", "PUBLISH: DUP at QoS 0"),
    ("10 0004 4d515458 04 00 0000 0000", "CONNECT: the protocol 'MQTX'"),
    (f"10 {CONNECT} 01 0000 0000", "CONNECT: its reserved flag is set"),
    (f"10 {CONNECT} 40 0000 0000 0000", "CONNECT: a password without a user"),
    (f"10 {CONNECT} 08 0000 0000", "CONNECT: QoS or RETAIN of a will that is not there"),
    (f"10 {CONNECT} 20 0000 0000", "CONNECT: QoS or RETAIN of a will that is not there"),
    (f"10 {CONNECT} 1c 0000 0000 0001 61 0000", "CONNECT: a will of QoS 3"),
    (f"10 {CONNECT} 04 0000 0000 0000 0000", "CONNECT: an empty topic"),
    (f"10 {CONNECT} 80 0000 0000", "CONNECT: it ends within a field"),
    (f"10 {CONNECT} 02 0000 0000 00", "CONNECT: 1 bytes too many"),
    (f"10 {CONNECT} 02 0000 0002 61", "CONNECT: it ends within a field"),
    (f"10 {CONNECT} 02 0000 0001 00", "CONNECT: a string with U+0000"),
    (f"10 {CONNECT} 02 0000 0001 ff", "CONNECT: a string that is no UTF-8 (invalid start byte)"),
    # A surrogate, and a longer form than needed: neither is UTF-8.
    (f"10 {CONNECT} 02 0000 0003 eda080", "CONNECT: a string that is no UTF-8 (invalid"),
    (f"10 {CONNECT} 02 0000 0002 c080", "CONNECT: a string that is no UTF-8 (invalid"),
    ("20 02 00", "CONNACK: reserved flags 00000010"),
    ("20 00 06", "CONNACK: return code 6"),
    ("20 01 05", "CONNACK: a refusal that has a session"),
    ("20 00", "CONNACK: it ends within a field"),
    ("30 0000 61", "PUBLISH: an empty topic"),
    ("30 0003 612f2b", "PUBLISH: the topic 'a/+'"),
    ("30 0003 61 23 62", "PUBLISH: the topic 'a#b'"),
    ("32 0001 61 0000", "PUBLISH: packet id 0"),
    ("32 0001 61", "PUBLISH: it ends within a field"),
    ("40 0000", "PUBACK: packet id 0"),
    ("50 00", "PUBREC: it ends within a field"),
    ("70 0001 00", "PUBCOMP: 1 bytes too many"),
    ("82 0001", "SUBSCRIBE: it ends within a field"),
    ("82 0000 0001 61 00", "SUBSCRIBE: packet id 0"),
    ("82 0001 0001 61", "SUBSCRIBE: it ends within a field"),
    ("82 0001 0001 61 03", "SUBSCRIBE: QoS 3"),
    ("82 0001 0001 61 04", "SUBSCRIBE: QoS 4"),
    ("82 0001 0000 00", "SUBSCRIBE: an empty filter"),
    ("82 0001 0003 612f23 00 0002 6123 00", "SUBSCRIBE: the filter 'a#'"),
    ("90 0001", "SUBACK: no return code"),
    ("90 0001 00 03", "SUBACK: return code 3"),
    ("a2 0001", "UNSUBSCRIBE: it ends within a field"),
    ("a2 0001 0003 232f61", "UNSUBSCRIBE: the filter '#/a'"),
    ("d0 00", "PINGRESP: 1 bytes too many"),
    ("e0 00", "DISCONNECT: 1 bytes too many"),
]


@pytest.mark.parametrize(("data", "why"), FORBIDDEN, ids=[data for data, _ in FORBIDDEN])
def test_what_the_standard_forbids(data: str, why: str) -> None:
    with pytest.raises(Malformed) as raised:
        read(data)
    assert str(raised.value).startswith(why)


@pytest.mark.parametrize(
    ("data", "level"),
    [("10 0004 4d515454 05 02 0000 00 0000", 5), ("10 0006 4d5149736470 04 02 0000 0000", 4)],
)
def test_another_level_can_be_answered(data: str, level: int) -> None:
    with pytest.raises(UnknownLevel) as raised:
        read(data)
    assert raised.value.level == level


@pytest.mark.parametrize(
    ("data", "packet"),
    [
        ("6a 0001", PubRel(1, dup=True)),
        ("8a 0001 0001 61 fd", Subscribe(1, (("a", 1),), dup=True)),
        ("aa 0001 0001 61", Unsubscribe(1, ("a",), dup=True)),
        ("20 ff 00", ConnAck()),
        # A user and a password are announced, and do not come.
        ("10 0006 4d5149736470 03 c3 0000 0001 63", Connect("c", 3)),
        ("10 0006 4d5149736470 03 c3 0000 0001 63 0001 75", Connect("c", 3, user="u")),
        ("10 0006 4d5149736470 03 38 0000 0001 63", Connect("c", 3, is_clean=False)),
    ],
)
def test_level_3_is_more_patient(data: str, packet: Packet) -> None:
    assert read(data, level=3) == packet
    if data[:2] != "10":  # a CONNECT brings its own level
        with pytest.raises(Malformed):
            read(data, level=4)
