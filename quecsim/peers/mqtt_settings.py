"""What a broker is like: who may come in, what it says of its own accord, how much it keeps."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.mqtt.packets import Qos
from quecsim.mqtt.topics import is_filter, is_name
from quecsim.units import ms

DurationMs: TypeAlias = Annotated[int, Meta(ge=0, le=86_400_000)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=10_000)]


class ScriptedMessage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that the broker publishes by itself.

    It does so `at_ms` of the model's time, or `after_ms` from the moment at which the first client
    has been accepted (exactly one of the two is set); and `times` in all, `every_ms` apart. The
    payload is `text`, or bytes as `base64`.
    """

    topic: str
    text: str = ""
    base64: bytes = b""
    qos: Qos = 0
    retain: bool = False
    at_ms: DurationMs | None = None
    after_ms: DurationMs | None = None
    every_ms: Annotated[int, Meta(ge=1, le=86_400_000)] | None = None
    times: Annotated[int, Meta(ge=1, le=1_000_000)] = 1

    def __post_init__(self) -> None:
        if not is_name(self.topic):
            raise ValueError(f"{self.topic!r} is no topic: not empty, and without + and #")
        if (self.at_ms is None) == (self.after_ms is None):
            raise ValueError("a message needs one of at_ms and after_ms")
        if self.times > 1 and self.every_ms is None:
            raise ValueError("a message that comes more than once needs every_ms")
        if self.text and self.base64:
            raise ValueError("a message has text or base64, not both")

    @property
    def payload(self) -> bytes:
        """The payload's bytes."""
        return self.base64 or self.text.encode("utf-8", "surrogateescape")

    @property
    def every_ns(self) -> int:
        """The time between two, in nanoseconds."""
        return ms(self.every_ms or 0)


class BrokerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A broker. What is left out makes one that takes every client and says nothing by itself.

    `users` are names and their passwords; where there are some, nobody else is let in (return code
    5 without a name, 4 with a wrong one or a wrong password). `refuse` refuses with that return
    code, every CONNECT or the first `refuse_first`. `levels` are the protocol levels it speaks
    (others: 1). A client's QoS is granted up to `most_qos`. `deny` are filters of topics that no
    client may use: subscriptions to them fail, messages to them are taken and go nowhere.
    A connection without a CONNECT ends after `connect_ms`. With `acknowledges_first` a publisher
    who hears himself has his answer before his message; mosquitto has it the other way round.

    The rest bounds what it keeps. A larger packet than `packet_bytes` ends the connection, a client
    beyond `sessions` is refused (3), a filter beyond `subscriptions` of one client fails. A message
    finds no room where `queued_messages` wait for a client already, or `retained_messages` topics
    have one: it is lost. `in_flight` are sent to a client before it acknowledges one of them.
    `unsent_bytes` wait for a connection that does not take them: then QoS 0 is lost, QoS 1 and 2
    stay in the queue, and a client that asks for ever more answers is cut off.
    """

    users: dict[str, str] = {}
    refuse: Annotated[int, Meta(ge=0, le=5)] = 0
    refuse_first: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    levels: tuple[Literal[3, 4], ...] = (3, 4)
    most_qos: Qos = 2
    deny: tuple[str, ...] = ()
    messages: Annotated[tuple[ScriptedMessage, ...], Meta(max_length=1000)] = ()
    acknowledges_first: bool = False
    connect_ms: Annotated[int, Meta(ge=1, le=86_400_000)] = 30_000
    packet_bytes: Annotated[int, Meta(ge=64, le=1 << 24)] = 1 << 16
    connections: Count = 64
    sessions: Count = 64
    subscriptions: Count = 100
    queued_messages: Count = 100
    in_flight: Annotated[int, Meta(ge=1, le=1000)] = 20
    retained_messages: Count = 1000
    unsent_bytes: Annotated[int, Meta(ge=1024, le=1 << 24)] = 1 << 18

    def __post_init__(self) -> None:
        for wanted in self.deny:
            if not is_filter(wanted):
                raise ValueError(f"{wanted!r} in deny is no filter of topics")
