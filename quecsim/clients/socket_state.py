"""Where a socket of a device can be, and what gets it there."""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum, auto

MOST_SOCKETS = 12
"""Of each kind."""


class Service(StrEnum):
    """What a socket is for, in the words of AT+QIOPEN and AT+QISTATE."""

    TCP = "TCP"
    UDP = "UDP"
    LISTENER = "TCP LISTENER"
    DATAGRAMS = "UDP SERVICE"
    INCOMING = "TCP INCOMING"
    TLS = "SSLClient"


IS_CALLED = frozenset((Service.LISTENER, Service.DATAGRAMS))
"""Those that do not reach for anybody: they listen at a port of the device's own."""

HAS_DATAGRAMS = frozenset((Service.UDP, Service.DATAGRAMS))


class Mode(IntEnum):
    """How a socket hands over what it receives."""

    BUFFER = 0  # the host fetches it
    PUSH = 1  # in unsolicited result codes
    TRANSPARENT = 2  # the serial line is the connection


class State(IntEnum):
    """As AT+QISTATE numbers them."""

    INITIAL = 0
    OPENING = 1
    CONNECTED = 2
    LISTENING = 3
    CLOSING = 4


class Step(Enum):
    """What happens to a socket."""

    OPEN = auto()  # the host wants it
    OPENED = auto()
    LISTENS = auto()
    CALLED = auto()  # somebody has called one that listens, and this one takes the call up
    FAILED = auto()
    LOST = auto()  # by the other side, or the network
    LEAVE = auto()  # the host wants no more of it
    FREED = auto()


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.INITIAL, Step.OPEN): State.OPENING,
    (State.INITIAL, Step.CALLED): State.CONNECTED,
    (State.OPENING, Step.OPENED): State.CONNECTED,
    (State.OPENING, Step.LISTENS): State.LISTENING,
    (State.OPENING, Step.FAILED): State.INITIAL,
    (State.OPENING, Step.FREED): State.INITIAL,
    (State.CONNECTED, Step.LOST): State.CLOSING,
    (State.CONNECTED, Step.LEAVE): State.CLOSING,
    (State.CONNECTED, Step.FREED): State.INITIAL,
    (State.LISTENING, Step.LOST): State.CLOSING,
    (State.LISTENING, Step.FREED): State.INITIAL,
    (State.CLOSING, Step.FREED): State.INITIAL,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Plain sockets, or those with TLS: two tables of them, each with its own commands."""

    words: str
    opens: str
    news: str


PLAIN = Kind("socket", "+QIOPEN", "+QIURC")
SECURE = Kind("TLS socket", "+QSSLOPEN", "+QSSLURC")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a socket was opened for.

    `local_port` 0 is any. `context` is the packet context (0: Wi-Fi), `tls` the TLS context, None
    without TLS. `server` is the socket that was called, for one that took the call up.
    `timeout_s` is how long opening may take, `most_callers` how many a listener has at once.
    """

    service: Service
    host: str
    port: int
    local_port: int = 0
    mode: Mode = Mode.BUFFER
    context: int = 0
    tls: int | None = None
    server: int | None = None
    timeout_s: int | None = None
    most_callers: int = MOST_SOCKETS


@dataclass(frozen=True, slots=True)
class SocketSettings:
    """What AT+QICFG says at the moment.

    `accepts`: who calls is taken up at once. `frees_itself`: a socket that has lost its connection
    closes by itself. `is_hex`: what was received is shown as pairs of digits. `header_end` stands
    between the length of data and the data. `tells_length`: with the word that something can be
    fetched, how much that is. `is_late`: AT+QICLOSE does not wait for the end.
    """

    accepts: bool = True
    frees_itself: bool = False
    is_hex: bool = False
    header_end: str = "\r\n"
    tells_length: bool = False
    is_late: bool = False
