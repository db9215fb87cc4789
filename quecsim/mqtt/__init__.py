"""MQTT 3.1 and 3.1.1 on the wire, for both ends: packets, their bytes, topics. Does no I/O."""

from quecsim.mqtt.encode import encode
from quecsim.mqtt.fields import Malformed, TooLarge, UnknownLevel
from quecsim.mqtt.packets import (
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
from quecsim.mqtt.reader import Reader
from quecsim.mqtt.topics import is_filter, is_name, matches

__all__ = [
    "ConnAck",
    "Connect",
    "Disconnect",
    "Malformed",
    "Packet",
    "PingReq",
    "PingResp",
    "PubAck",
    "PubComp",
    "PubRec",
    "PubRel",
    "Publish",
    "Reader",
    "SubAck",
    "Subscribe",
    "TooLarge",
    "UnknownLevel",
    "UnsubAck",
    "Unsubscribe",
    "Will",
    "encode",
    "is_filter",
    "is_name",
    "matches",
]
