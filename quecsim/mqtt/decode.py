"""From a packet's first byte and body to the packet."""

from collections.abc import Callable

from quecsim.mqtt.fields import Fields, Malformed, UnknownLevel
from quecsim.mqtt.packets import (
    ACCEPTED,
    MQTT_31,
    NOT_AUTHORIZED,
    NOT_GRANTED,
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
    Will,
)
from quecsim.mqtt.topics import is_filter, is_name

_KINDS: dict[int, type[Packet]] = {number: kind for kind, number in NUMBERS.items()}
_QOS_1 = 0b0010
_DUP = 0b1000


def kind_of(first: int, level: int) -> type[Packet]:
    """Which packet begins with the byte `first`, at protocol `level`.

    Raises `Malformed` where there is none, or where its flags are not as they must be.
    """
    kind = _KINDS.get(first >> 4)
    if kind is None:
        raise Malformed(f"packet type {first >> 4}")
    flags = first & 0x0F
    if kind is Publish:
        _check_publish(flags)
    elif flags not in _flags_allowed(kind, level):
        raise Malformed(f"{kind.__name__.upper()}: flags {flags:04b}")
    return kind


def decode(first: int, body: bytes, level: int) -> Packet:
    """The packet with that first byte and all that stands behind its length.

    `level` is the connection's, 3 or 4; for a CONNECT its own counts. Raises `Malformed`.
    """
    kind = kind_of(first, level)
    fields = Fields(body, first & 0x0F, level)
    try:
        packet = _READ[kind](fields)
        fields.end()
    except UnknownLevel:
        raise
    except Malformed as error:
        raise Malformed(f"{kind.__name__.upper()}: {error}") from None
    return packet


def _flags_allowed(kind: type[Packet], level: int) -> tuple[int, ...]:
    if kind not in (PubRel, Subscribe, Unsubscribe):
        return (0,)
    return (_QOS_1, _QOS_1 | _DUP) if level == MQTT_31 else (_QOS_1,)


def _check_publish(flags: int) -> None:
    if _qos_of(flags) == 3:
        raise Malformed("PUBLISH: QoS 3")
    if flags & _DUP and not _qos_of(flags):
        raise Malformed("PUBLISH: DUP at QoS 0")


def _qos_of(flags: int) -> int:
    return flags >> 1 & 0b11


def _connect(fields: Fields) -> Connect:
    name = fields.text()
    if name not in PROTOCOL_NAMES.values():
        raise Malformed(f"the protocol {name[:20]!r}")
    level = fields.byte()
    if PROTOCOL_NAMES.get(level) != name:
        raise UnknownLevel(level)
    bits = fields.byte()
    _check_connect(bits, level)
    keep_alive_s = fields.word()
    client_id = fields.text()
    will = _will(fields, bits) if bits & 0x04 else None
    has_user, has_password = bits & 0x80, bits & 0x40
    user = fields.text() if has_user and not _ends_early(fields, level) else None
    password = fields.data() if has_password and not _ends_early(fields, level) else None
    return Connect(
        client_id=client_id,
        level=level,
        is_clean=bool(bits & 0x02),
        keep_alive_s=keep_alive_s,
        user=user,
        password=password,
        will=will,
    )


def _ends_early(fields: Fields, level: int) -> bool:
    """Level 3: where the packet ends, there is no user and no password, whatever the flags say."""
    return level == MQTT_31 and not fields.left


def _check_connect(bits: int, level: int) -> None:
    """Level 3 does not use what level 4 reserves."""
    if bits & 0x01 and level != MQTT_31:
        raise Malformed("its reserved flag is set")
    if bits & 0x40 and not bits & 0x80:
        raise Malformed("a password without a user")
    if not bits & 0x04 and bits & 0x38 and level != MQTT_31:
        raise Malformed("QoS or RETAIN of a will that is not there")
    if bits & 0x04 and bits & 0x18 == 0x18:
        raise Malformed("a will of QoS 3")


def _will(fields: Fields, bits: int) -> Will:
    topic = _name(fields)
    return Will(topic, fields.data(), qos=bits >> 3 & 0b11, retain=bool(bits & 0x20))


def _name(fields: Fields) -> str:
    name = fields.text()
    if not is_name(name):
        raise Malformed(f"the topic {name[:40]!r}" if name else "an empty topic")
    return name


def _filter(fields: Fields) -> str:
    wanted = fields.text()
    if not is_filter(wanted):
        raise Malformed(f"the filter {wanted[:40]!r}" if wanted else "an empty filter")
    return wanted


def _connack(fields: Fields) -> ConnAck:
    bits = fields.byte() & (0 if fields.level == MQTT_31 else 0xFF)  # not used there
    code = fields.byte()
    if bits > 1:
        raise Malformed(f"reserved flags {bits:08b}")
    if code > NOT_AUTHORIZED:
        raise Malformed(f"return code {code}")
    if bits and code != ACCEPTED:
        raise Malformed("a refusal that has a session")
    return ConnAck(code, bool(bits))


def _publish(fields: Fields) -> Publish:
    topic = _name(fields)
    qos = _qos_of(fields.flags)
    packet_id = fields.packet_id() if qos else 0
    return Publish(
        topic, fields.rest(), qos, bool(fields.flags & 0b0001), bool(fields.flags & _DUP), packet_id
    )


def _subscribe(fields: Fields) -> Subscribe:
    packet_id = fields.packet_id()
    wanted: list[tuple[str, int]] = []
    while fields.left or not wanted:
        topic_filter = _filter(fields)
        qos = fields.byte() & (0b11 if fields.level == MQTT_31 else 0xFF)
        if qos > 2:
            raise Malformed(f"QoS {qos}")
        wanted.append((topic_filter, qos))
    return Subscribe(packet_id, tuple(wanted), bool(fields.flags & _DUP))


def _suback(fields: Fields) -> SubAck:
    packet_id = fields.packet_id()
    codes = tuple(fields.rest())
    wrong = [code for code in codes if code > 2 and code != NOT_GRANTED]
    if wrong or not codes:
        raise Malformed(f"return code {wrong[0]}" if wrong else "no return code")
    return SubAck(packet_id, codes)


def _unsubscribe(fields: Fields) -> Unsubscribe:
    packet_id = fields.packet_id()
    filters = [_filter(fields)]
    while fields.left:
        filters.append(_filter(fields))
    return Unsubscribe(packet_id, tuple(filters), bool(fields.flags & _DUP))


_READ: dict[type[Packet], Callable[[Fields], Packet]] = {
    Connect: _connect,
    ConnAck: _connack,
    Publish: _publish,
    PubAck: lambda fields: PubAck(fields.packet_id()),
    PubRec: lambda fields: PubRec(fields.packet_id()),
    PubRel: lambda fields: PubRel(fields.packet_id(), bool(fields.flags & _DUP)),
    PubComp: lambda fields: PubComp(fields.packet_id()),
    Subscribe: _subscribe,
    SubAck: _suback,
    Unsubscribe: _unsubscribe,
    UnsubAck: lambda fields: UnsubAck(fields.packet_id()),
    PingReq: lambda _: PingReq(),
    PingResp: lambda _: PingResp(),
    Disconnect: lambda _: Disconnect(),
}
