"""The 14 packets of MQTT 3.1 (protocol level 3) and 3.1.1 (level 4), as records.

Sources: MQTT V3.1 Protocol Specification (IBM, Eurotech, 2010); OASIS Standard MQTT 3.1.1 (2014).
Strings travel as UTF-8 of at most 65535 bytes, packet ids are 1 to 65535.
"""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

MQTT_31 = 3
MQTT_311 = 4

ACCEPTED = 0
UNACCEPTABLE_LEVEL = 1
IDENTIFIER_REJECTED = 2
SERVER_UNAVAILABLE = 3
BAD_USER_OR_PASSWORD = 4
NOT_AUTHORIZED = 5

NOT_GRANTED = 0x80

Qos: TypeAlias = Annotated[int, Meta(ge=0, le=2)]
PacketId: TypeAlias = Annotated[int, Meta(ge=1, le=65_535)]
Level: TypeAlias = Annotated[int, Meta(ge=MQTT_31, le=MQTT_311)]


class Will(msgspec.Struct, frozen=True):
    """What the broker publishes where the client is gone without having said so."""

    topic: str
    payload: bytes = b""
    qos: Qos = 0
    retain: bool = False


class Connect(msgspec.Struct, frozen=True, tag=True):
    """The client's first packet. A `keep_alive_s` of 0 (to 65535) asks for no supervision.

    A `password` needs a `user`. The `client_id` may be empty from level 4 on, with a clean session.
    """

    client_id: str
    level: Level = MQTT_311
    is_clean: bool = True
    keep_alive_s: Annotated[int, Meta(ge=0, le=65_535)] = 0
    user: str | None = None
    password: bytes | None = None
    will: Will | None = None


class ConnAck(msgspec.Struct, frozen=True, tag=True):
    """The broker's answer: `return_code` 0 accepts, 1 to 5 refuse.

    `session_present` came with level 4: the broker had a session of this client.
    """

    return_code: Annotated[int, Meta(ge=0, le=5)] = ACCEPTED
    session_present: bool = False


class Publish(msgspec.Struct, frozen=True, tag=True):
    """A message, in both directions. `packet_id` is 0 where `qos` is 0: there is none then."""

    topic: str
    payload: bytes = b""
    qos: Qos = 0
    retain: bool = False
    dup: bool = False
    packet_id: Annotated[int, Meta(ge=0, le=65_535)] = 0


class PubAck(msgspec.Struct, frozen=True, tag=True):
    """The end of QoS 1."""

    packet_id: PacketId


class PubRec(msgspec.Struct, frozen=True, tag=True):
    """QoS 2: the message has been received."""

    packet_id: PacketId


class PubRel(msgspec.Struct, frozen=True, tag=True):
    """QoS 2: the packet id is released. `dup` only exists at level 3, when it is sent again."""

    packet_id: PacketId
    dup: bool = False


class PubComp(msgspec.Struct, frozen=True, tag=True):
    """The end of QoS 2."""

    packet_id: PacketId


class Subscribe(msgspec.Struct, frozen=True, tag=True):
    """Asks for topics: one or more pairs of filter and highest QoS. `dup`: as in `PubRel`."""

    packet_id: PacketId
    wanted: tuple[tuple[str, Qos], ...]
    dup: bool = False


class SubAck(msgspec.Struct, frozen=True, tag=True):
    """One code for each pair of the SUBSCRIBE: the QoS that was granted, or `NOT_GRANTED`."""

    packet_id: PacketId
    codes: tuple[int, ...]


class Unsubscribe(msgspec.Struct, frozen=True, tag=True):
    """Wants the topics of one or more filters no longer. `dup`: as in `PubRel`."""

    packet_id: PacketId
    filters: tuple[str, ...]
    dup: bool = False


class UnsubAck(msgspec.Struct, frozen=True, tag=True):
    """The answer to an UNSUBSCRIBE."""

    packet_id: PacketId


class PingReq(msgspec.Struct, frozen=True, tag=True):
    """The client is still there."""


class PingResp(msgspec.Struct, frozen=True, tag=True):
    """So is the broker."""


class Disconnect(msgspec.Struct, frozen=True, tag=True):
    """The client goes in good order: its will is void."""


Packet: TypeAlias = (
    Connect
    | ConnAck
    | Publish
    | PubAck
    | PubRec
    | PubRel
    | PubComp
    | Subscribe
    | SubAck
    | Unsubscribe
    | UnsubAck
    | PingReq
    | PingResp
    | Disconnect
)

# The packet's number in the upper half of the first byte.
NUMBERS: dict[type[Packet], int] = {
    Connect: 1,
    ConnAck: 2,
    Publish: 3,
    PubAck: 4,
    PubRec: 5,
    PubRel: 6,
    PubComp: 7,
    Subscribe: 8,
    SubAck: 9,
    Unsubscribe: 10,
    UnsubAck: 11,
    PingReq: 12,
    PingResp: 13,
    Disconnect: 14,
}
PROTOCOL_NAMES = {MQTT_31: "MQIsdp", MQTT_311: "MQTT"}
