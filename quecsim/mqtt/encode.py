"""From a packet to its bytes."""

from quecsim.mqtt.fields import data, text, word
from quecsim.mqtt.packets import (
    NUMBERS,
    PROTOCOL_NAMES,
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
)

MOST_BODY_BYTES = (1 << 28) - 1


def encode(packet: Packet) -> bytes:
    """The bytes of one packet.

    What a field can hold is written as it stands, also what a reader refuses (a topic with
    wildcards): a device does what its host says. What no field can hold is an assertion.
    """
    body = _body(packet)
    first = NUMBERS[type(packet)] << 4 | _flags(packet)
    return bytes((first,)) + _length(len(body)) + body


def _flags(packet: Packet) -> int:
    match packet:
        case Publish(qos=qos, dup=dup, retain=retain):
            assert 0 <= qos <= 3, qos
            return dup << 3 | qos << 1 | retain
        case PubRel(dup=dup) | Subscribe(dup=dup) | Unsubscribe(dup=dup):
            return dup << 3 | 1 << 1  # level 3 says of these that they are sent with QoS 1
        case _:
            return 0


def _length(count: int) -> bytes:
    """The remaining length: seven bits to a byte, the lowest first."""
    assert count <= MOST_BODY_BYTES, count
    coded = bytearray()
    while count > 0x7F:
        coded.append(count & 0x7F | 0x80)
        count >>= 7
    coded.append(count)
    return bytes(coded)


def _body(packet: Packet) -> bytes:
    match packet:
        case Connect():
            return _connect(packet)
        case ConnAck(return_code=code, session_present=present):
            return bytes((present, code))
        case Publish(topic=topic, payload=payload, qos=qos, packet_id=packet_id):
            return text(topic) + (word(packet_id) if qos else b"") + payload
        case Subscribe(packet_id=packet_id, wanted=wanted):
            return word(packet_id) + b"".join(text(each) + bytes((qos,)) for each, qos in wanted)
        case SubAck(packet_id=packet_id, codes=codes):
            return word(packet_id) + bytes(codes)
        case Unsubscribe(packet_id=packet_id, filters=filters):
            return word(packet_id) + b"".join(map(text, filters))
        case PubAck() | PubRec() | PubRel() | PubComp() | UnsubAck():
            return word(packet.packet_id)
        case PingReq() | PingResp() | Disconnect():
            return b""


def _connect(packet: Connect) -> bytes:
    will = packet.will
    flags = packet.is_clean << 1
    if will:
        flags |= 1 << 2 | will.qos << 3 | will.retain << 5
    flags |= (packet.password is not None) << 6 | (packet.user is not None) << 7
    parts = [
        text(PROTOCOL_NAMES[packet.level]),
        bytes((packet.level, flags)),
        word(packet.keep_alive_s),
        text(packet.client_id),
    ]
    if will:
        parts += [text(will.topic), data(will.payload)]
    if packet.user is not None:
        parts.append(text(packet.user))
    if packet.password is not None:
        parts.append(data(packet.password))
    return b"".join(parts)
