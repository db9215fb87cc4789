"""zmqtt's codec, in our packets. It has level 4 only, and what is private there may move."""

from typing import Any

from zmqtt._internal.packets import codec, connect, disconnect, ping, publish, subscribe
from zmqtt._internal.types.qos import QoS

from quecsim import mqtt

_NUMBERED: dict[Any, Any] = {
    mqtt.PubAck: publish.PubAck,
    mqtt.PubRec: publish.PubRec,
    mqtt.PubRel: publish.PubRel,
    mqtt.PubComp: publish.PubComp,
    mqtt.UnsubAck: subscribe.UnsubAck,
}
_BARE: dict[Any, Any] = {
    mqtt.PingReq: ping.PingReq,
    mqtt.PingResp: ping.PingResp,
    mqtt.Disconnect: disconnect.Disconnect,
}
_OURS = {theirs: kind for kind, theirs in {**_NUMBERED, **_BARE}.items()}


def encode(packet: mqtt.Packet) -> bytes:
    """The bytes that zmqtt writes for `packet`."""
    return codec.encode(_theirs(packet), version="3.1.1")


def decode(data: bytes) -> mqtt.Packet:
    """The packet that zmqtt reads from all of `data`."""
    found = codec.decode(data, version="3.1.1")
    assert found is not None
    packet, count = found
    assert count == len(data)
    return _ours(packet)


def _theirs(packet: mqtt.Packet) -> Any:
    match packet:
        case mqtt.Connect(will=will):
            return connect.Connect(
                client_id=packet.client_id,
                clean_session=packet.is_clean,
                keepalive=packet.keep_alive_s,
                username=packet.user,
                password=packet.password,
                will=None
                if will is None
                else connect.Will(
                    topic=will.topic, payload=will.payload, qos=QoS(will.qos), retain=will.retain
                ),
            )
        case mqtt.ConnAck(return_code, session_present):
            return connect.ConnAck(session_present=session_present, return_code=return_code)
        case mqtt.Publish():
            return publish.Publish(
                topic=packet.topic,
                payload=packet.payload,
                qos=QoS(packet.qos),
                retain=packet.retain,
                dup=packet.dup,
                packet_id=packet.packet_id or None,
            )
        case mqtt.Subscribe(packet_id, wanted):
            requests = (
                subscribe.SubscriptionRequest(topic_filter=topic_filter, qos=QoS(qos))
                for topic_filter, qos in wanted
            )
            return subscribe.Subscribe(packet_id=packet_id, subscriptions=tuple(requests))
        case mqtt.SubAck(packet_id, codes):
            return subscribe.SubAck(packet_id=packet_id, return_codes=codes)
        case mqtt.Unsubscribe(packet_id, filters):
            return subscribe.Unsubscribe(packet_id=packet_id, topic_filters=filters)
        case mqtt.PingReq() | mqtt.PingResp() | mqtt.Disconnect():
            return _BARE[type(packet)]()
        case _:
            return _NUMBERED[type(packet)](packet_id=packet.packet_id)


def _ours(packet: Any) -> mqtt.Packet:
    match packet:
        case connect.Connect(will=will):
            return mqtt.Connect(
                client_id=packet.client_id,
                is_clean=packet.clean_session,
                keep_alive_s=packet.keepalive,
                user=packet.username,
                password=packet.password,
                will=None
                if will is None
                else mqtt.Will(will.topic, will.payload, will.qos, will.retain),
            )
        case connect.ConnAck():
            return mqtt.ConnAck(packet.return_code, packet.session_present)
        case publish.Publish():
            return mqtt.Publish(
                packet.topic,
                packet.payload,
                packet.qos,
                packet.retain,
                packet.dup,
                packet.packet_id or 0,
            )
        case subscribe.Subscribe(subscriptions=wanted):
            pairs = tuple((each.topic_filter, each.qos) for each in wanted)
            return mqtt.Subscribe(packet.packet_id, pairs)
        case subscribe.SubAck():
            return mqtt.SubAck(packet.packet_id, packet.return_codes)
        case subscribe.Unsubscribe():
            return mqtt.Unsubscribe(packet.packet_id, packet.topic_filters)
    kind: Any = _OURS[type(packet)]
    found: mqtt.Packet = kind() if type(packet) in _BARE.values() else kind(packet.packet_id)
    return found
