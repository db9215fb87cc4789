"""Where the Bluetooth LE of a device stands."""

from collections.abc import Mapping
from enum import Enum, IntEnum, StrEnum, auto


class Role(IntEnum):
    """What AT+QBLEINIT makes of the device."""

    NONE = 0
    CENTRAL = 1
    PERIPHERAL = 2
    WIFI = 3  # a peripheral that is given an access point


class State(StrEnum):
    """As AT+QBLESTAT names it."""

    NOINIT = "NOINIT"
    INIT = "INIT"
    ADVERTISING = "ADVERTISING"
    CONNECTED = "CONNECTED"
    DISCONNECTED = "DISCONNECTED"


class Step(Enum):
    """What happens to it."""

    INIT = auto()  # the host switches it on
    OFF = auto()  # and off again
    ADVERTISE = auto()
    STOP = auto()  # advertising
    JOINED = auto()  # there is a connection
    LEFT = auto()  # and it is over
    FAILED = auto()  # the connection that the host wanted has not come about


_ON = (State.INIT, State.ADVERTISING, State.CONNECTED, State.DISCONNECTED)
TRANSITIONS: Mapping[tuple[State, Step], State] = {
    (State.NOINIT, Step.INIT): State.INIT,
    **{(state, Step.OFF): State.NOINIT for state in _ON},
    (State.INIT, Step.ADVERTISE): State.ADVERTISING,
    (State.DISCONNECTED, Step.ADVERTISE): State.ADVERTISING,
    (State.ADVERTISING, Step.ADVERTISE): State.ADVERTISING,
    (State.ADVERTISING, Step.STOP): State.INIT,
    (State.INIT, Step.STOP): State.INIT,
    (State.DISCONNECTED, Step.STOP): State.DISCONNECTED,
    **{(state, Step.JOINED): State.CONNECTED for state in _ON},
    (State.CONNECTED, Step.LEFT): State.DISCONNECTED,
    **{(state, Step.FAILED): State.DISCONNECTED for state in (State.INIT, State.DISCONNECTED)},
}
