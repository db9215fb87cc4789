"""What an MQTT client is at, as a table; and how it is set."""

from dataclasses import dataclass
from enum import Enum, auto

from quecsim.mqtt import Will
from quecsim.units import S


class State(Enum):
    """Of a client, and of its connection."""

    IDLE = auto()
    OPENING = auto()
    OPEN = auto()
    CONNECTING = auto()
    CONNECTED = auto()


class Step(Enum):
    """What changes it."""

    OPEN = auto()
    OPENED = auto()
    CONNECT = auto()
    ACCEPTED = auto()
    REFUSED = auto()
    GONE = auto()


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.IDLE, Step.OPEN): State.OPENING,
    (State.OPENING, Step.OPENED): State.OPEN,
    (State.OPEN, Step.CONNECT): State.CONNECTING,
    (State.CONNECTING, Step.ACCEPTED): State.CONNECTED,
    (State.CONNECTING, Step.REFUSED): State.OPEN,
    **{(state, Step.GONE): State.IDLE for state in State},
}

CONNECTION_NUMBERS = {State.OPEN: 1, State.CONNECTING: 2, State.CONNECTED: 3}
"""The state in the answer of AT+QMTCONN?; 4, disconnecting, takes no time here."""


REFUSALS = {
    1: "protocol version",
    2: "client identifier",
    3: "service not available",
    4: "user name or password",
    5: "not authorized",
}
"""The return codes of a CONNACK (MQTT 3.1.1, 3.2.2.3)."""


class Stat(Enum):
    """Why a connection is over, as +QMTSTAT has it (FCM242D&FGM842D AT Commands Manual)."""

    CLOSED = 1  # by the peer
    NO_PING = 2
    NO_CONNECT = 3
    NO_CONNACK = 4
    DISCONNECTED = 5
    UNSENT = 6
    NO_LINK = 7
    CLIENT_CLOSED = 8


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """What AT+QMTCFG says of a client, read when it is needed.

    A packet is repeated `retries` times, `packet_timeout_ns` after one another; the host
    `is_notified` of each. `is_buffered`: received messages wait for AT+QMTRECV; `has_length`: those
    that do not are told with their length. `is_hex`: payloads to the host are pairs of digits;
    `is_quoted`: they are in quotes.
    """

    level: int = 4
    is_clean: bool = True
    keep_alive_s: int = 120
    will: Will | None = None
    packet_timeout_ns: int = 5 * S
    retries: int = 3
    is_notified: bool = False
    is_buffered: bool = False
    has_length: bool = False
    is_hex: bool = False
    is_quoted: bool = True
