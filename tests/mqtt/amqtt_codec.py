"""amqtt's codec, in our packets. Its decoders are coroutines over a reader; ours has all bytes."""

from collections.abc import Coroutine
from typing import Any

from amqtt.adapters import BufferReader
from amqtt.mqtt import packet_class
from amqtt.mqtt.connack import ConnackPacket
from amqtt.mqtt.connect import ConnectPacket, ConnectPayload, ConnectVariableHeader
from amqtt.mqtt.disconnect import DisconnectPacket
from amqtt.mqtt.packet import MQTTFixedHeader
from amqtt.mqtt.pingreq import PingReqPacket
from amqtt.mqtt.pingresp import PingRespPacket
from amqtt.mqtt.puback import PubackPacket
from amqtt.mqtt.pubcomp import PubcompPacket
from amqtt.mqtt.publish import PublishPacket
from amqtt.mqtt.pubrec import PubrecPacket
from amqtt.mqtt.pubrel import PubrelPacket
from amqtt.mqtt.suback import SubackPacket
from amqtt.mqtt.subscribe import SubscribePacket
from amqtt.mqtt.unsuback import UnsubackPacket
from amqtt.mqtt.unsubscribe import UnsubscribePacket

from quecsim import mqtt
from quecsim.mqtt.packets import PROTOCOL_NAMES

_NUMBERED: dict[Any, Any] = {
    mqtt.PubAck: PubackPacket,
    mqtt.PubRec: PubrecPacket,
    mqtt.PubRel: PubrelPacket,
    mqtt.PubComp: PubcompPacket,
    mqtt.UnsubAck: UnsubackPacket,
}
_BARE: dict[Any, Any] = {
    mqtt.PingReq: PingReqPacket,
    mqtt.PingResp: PingRespPacket,
    mqtt.Disconnect: DisconnectPacket,
}
_OURS = {theirs: kind for kind, theirs in {**_NUMBERED, **_BARE}.items()}


def encode(packet: mqtt.Packet) -> bytes:
    """The bytes that amqtt writes for `packet`."""
    return bytes(_theirs(packet).to_bytes())


def decode(data: bytes) -> mqtt.Packet:
    """The packet that amqtt reads from all of `data`."""
    reader = BufferReader(data)
    header = _result(MQTTFixedHeader.from_stream(reader))
    packet = _result(packet_class(header).from_stream(reader, fixed_header=header))
    assert _result(reader.read()) == b""
    return _ours(packet)


def _result(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What it returns: it never waits, since its reader has everything."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits")


def _theirs(packet: mqtt.Packet) -> Any:
    match packet:
        case mqtt.Connect():
            return _their_connect(packet)
        case mqtt.ConnAck(return_code, session_present):
            return ConnackPacket.build(int(session_present), return_code)
        case mqtt.Publish(topic, payload, qos, retain, dup, packet_id):
            return PublishPacket.build(topic, payload, packet_id or None, dup, qos, retain)
        case mqtt.Subscribe(packet_id, wanted):
            return SubscribePacket.build(list(wanted), packet_id)
        case mqtt.SubAck(packet_id, codes):
            return SubackPacket.build(packet_id, list(codes))
        case mqtt.Unsubscribe(packet_id, filters):
            return UnsubscribePacket.build(list(filters), packet_id)
        case mqtt.PingReq() | mqtt.PingResp() | mqtt.Disconnect():
            return _BARE[type(packet)]()
        case _:
            return _NUMBERED[type(packet)].build(packet.packet_id)


def _their_connect(packet: mqtt.Connect) -> Any:
    head = ConnectVariableHeader(
        keep_alive=packet.keep_alive_s,
        proto_name=PROTOCOL_NAMES[packet.level],
        proto_level=packet.level,
    )
    head.clean_session_flag = packet.is_clean
    head.username_flag = packet.user is not None
    head.password_flag = packet.password is not None
    will = packet.will
    if will:
        head.will_flag = True
        head.will_qos = will.qos
        head.will_retain_flag = will.retain
    payload = ConnectPayload(
        client_id=packet.client_id,
        will_topic=will and will.topic,
        will_message=will and will.payload,
        username=packet.user,
        password=None if packet.password is None else packet.password.decode(),
    )
    return ConnectPacket(variable_header=head, payload=payload)


def _ours(packet: Any) -> mqtt.Packet:
    head, payload = packet.variable_header, packet.payload
    match packet:
        case ConnectPacket():
            return _our_connect(head, payload)
        case ConnackPacket():
            return mqtt.ConnAck(packet.return_code, bool(packet.session_parent))
        case PublishPacket():
            return mqtt.Publish(
                packet.topic_name,
                packet.data,
                packet.qos,
                packet.retain_flag,
                packet.dup_flag,
                packet.packet_id or 0,
            )
        case SubscribePacket():
            return mqtt.Subscribe(head.packet_id, tuple(payload.topics))
        case SubackPacket():
            return mqtt.SubAck(head.packet_id, tuple(payload.return_codes))
        case UnsubscribePacket():
            return mqtt.Unsubscribe(head.packet_id, tuple(payload.topics))
    kind: Any = _OURS[type(packet)]
    found: mqtt.Packet = kind(head.packet_id) if head else kind()
    return found


def _our_connect(head: Any, payload: Any) -> mqtt.Connect:
    assert head.proto_name == PROTOCOL_NAMES[head.proto_level]
    will = None
    if head.will_flag:
        will = mqtt.Will(
            payload.will_topic, payload.will_message, head.will_qos, head.will_retain_flag
        )
    return mqtt.Connect(
        client_id="" if payload.client_id_is_random else payload.client_id,
        level=head.proto_level,
        is_clean=head.clean_session_flag,
        keep_alive_s=head.keep_alive,
        user=payload.username,
        password=None if payload.password is None else payload.password.encode(),
        will=will,
    )
