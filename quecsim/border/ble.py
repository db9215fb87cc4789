"""Bluetooth LE across the border: what a device wants on the air, and what it hears there.

These are GATT's happenings, never the packets of a controller: what is on record can be run again
without a Bluetooth stack. A device has one connection at most, so nothing is numbered. UUIDs are
text of 4 or 32 hexadecimal digits, in lower case.
"""

from enum import StrEnum
from typing import Annotated, Protocol, TypeAlias

import msgspec
from msgspec import Meta

INTERVAL_NS = 1_250_000
"""The unit of connection intervals."""
SUPERVISION_NS = 10_000_000
"""The unit of supervision time-outs."""
SLOT_NS = 625_000
"""The unit of advertising and scanning."""

SMALLEST_MTU = 23
LARGEST_MTU = 517


class BleWhy(StrEnum):
    """Why a connection ended, or did not come about: a closed set."""

    PEER = "peer"  # the other side ended it
    LOCAL = "local"  # the device itself did
    TIMEOUT = "timeout"  # nothing was heard for as long as the supervision time-out
    REFUSED = "refused"  # the other side does not take connections


class Characteristic(msgspec.Struct, frozen=True):
    """One of a service, and what may be done with it."""

    uuid: str
    read: bool = False
    write: bool = False
    write_command: bool = False
    notify: bool = False


class GattService(msgspec.Struct, frozen=True):
    """One of a device, with its characteristics in order."""

    uuid: str
    characteristics: tuple[Characteristic, ...] = ()


class Parameters(msgspec.Struct, frozen=True):
    """Of a connection: `interval` in 1.25 ms (6 to 3200), `latency` in events that a peripheral may
    leave out (0 to 499), `timeout` in 10 ms (10 to 3200).
    """

    interval: Annotated[int, Meta(ge=6, le=3200)] = 20
    latency: Annotated[int, Meta(ge=0, le=499)] = 0
    timeout: Annotated[int, Meta(ge=10, le=3200)] = 500


# what the device wants


class Advertise(msgspec.Struct, frozen=True, tag=True):
    """Advertise from now on, every `interval_ns`; who connects finds `services`."""

    name: str
    address: str
    interval_ns: int
    data: bytes = b""
    services: tuple[GattService, ...] = ()


class StopAdvertising(msgspec.Struct, frozen=True, tag=True):
    """Do not advertise any more."""


class Scan(msgspec.Struct, frozen=True, tag=True):
    """Listen for advertisements: `window_ns` out of every `interval_ns`."""

    interval_ns: int
    window_ns: int


class StopScan(msgspec.Struct, frozen=True, tag=True):
    """Do not listen any more."""


class Join(msgspec.Struct, frozen=True, tag=True):
    """Connect to `address` when it advertises. `is_random`: the type of its address."""

    address: str
    is_random: bool = False
    parameters: Parameters = Parameters()


class GiveUp(msgspec.Struct, frozen=True, tag=True):
    """Do not try to connect any more."""


class Leave(msgspec.Struct, frozen=True, tag=True):
    """End the connection. A peer is told so, too, when it is over for another reason (`why`)."""

    why: BleWhy = BleWhy.LOCAL


class KeepMtu(msgspec.Struct, frozen=True, tag=True):
    """Never the device's own wish: a peer is told that they have agreed on `mtu` bytes after all,
    whatever it said.
    """

    mtu: int


class Vanish(msgspec.Struct, frozen=True, tag=True):
    """The device is gone from the air at once: a restart, or no power."""


class AskMtu(msgspec.Struct, frozen=True, tag=True):
    """Ask for a larger maximum transmission unit, in bytes."""

    mtu: int


class AskParameters(msgspec.Struct, frozen=True, tag=True):
    """Change the connection's parameters."""

    parameters: Parameters


class Discover(msgspec.Struct, frozen=True, tag=True):
    """Find the services of the other side, with their characteristics."""


class Read(msgspec.Struct, frozen=True, tag=True):
    """Read a characteristic."""

    uuid: str


class Write(msgspec.Struct, frozen=True, tag=True):
    """Write one: with an answer (`is_request`), or without."""

    uuid: str
    data: bytes
    is_request: bool = False


class Subscribe(msgspec.Struct, frozen=True, tag=True):
    """Have notifications of a characteristic, or not any more."""

    uuid: str
    is_on: bool


class Notify(msgspec.Struct, frozen=True, tag=True):
    """Notify the other side of a characteristic's new value."""

    uuid: str
    data: bytes


class Hold(msgspec.Struct, frozen=True, tag=True):
    """The device takes no data (`is_on`), or does again. The other side only sees that what it
    sends is not acknowledged.
    """

    is_on: bool


BleWish: TypeAlias = (
    Advertise
    | StopAdvertising
    | Scan
    | StopScan
    | Join
    | GiveUp
    | Leave
    | Vanish
    | KeepMtu
    | AskMtu
    | AskParameters
    | Discover
    | Read
    | Write
    | Subscribe
    | Notify
    | Hold
)

# what it hears


class Heard(msgspec.Struct, frozen=True, tag=True):
    """Somebody advertises: `data` is all that it says, its scan response behind it."""

    address: str
    is_random: bool = False
    name: str = ""
    rssi_dbm: int = -60
    data: bytes = b""
    is_connectable: bool = True


class Joined(msgspec.Struct, frozen=True, tag=True):
    """There is a connection. `is_central`: the device is its central."""

    address: str
    is_central: bool = False
    parameters: Parameters = Parameters()
    is_random: bool = False


class NotJoined(msgspec.Struct, frozen=True, tag=True):
    """There will be none."""

    why: BleWhy


class Left(msgspec.Struct, frozen=True, tag=True):
    """The connection is over."""

    why: BleWhy


class MtuIs(msgspec.Struct, frozen=True, tag=True):
    """What both have agreed on, whoever asked."""

    mtu: int


class ParametersAre(msgspec.Struct, frozen=True, tag=True):
    """The connection has other parameters, whoever asked."""

    parameters: Parameters


class Discovered(msgspec.Struct, frozen=True, tag=True):
    """All services of the other side. It took `exchanges` questions, each with its answer."""

    services: tuple[GattService, ...] = ()
    exchanges: int = 1


class Value(msgspec.Struct, frozen=True, tag=True):
    """What was read."""

    uuid: str
    data: bytes


class Written(msgspec.Struct, frozen=True, tag=True):
    """A write request, or a subscription, was answered."""

    uuid: str


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The other side refused to be read or written: `error` is ATT's code."""

    uuid: str
    error: int


class Came(msgspec.Struct, frozen=True, tag=True):
    """Data for a characteristic: written by the other side, or what it notifies of."""

    uuid: str
    data: bytes
    is_notification: bool = False


class Subscribed(msgspec.Struct, frozen=True, tag=True):
    """The other side has notifications of a characteristic switched on, or off."""

    uuid: str
    is_on: bool


BleNews: TypeAlias = (
    Heard
    | Joined
    | NotJoined
    | Left
    | MtuIs
    | ParametersAre
    | Discovered
    | Value
    | Written
    | Refused
    | Came
    | Subscribed
)


class BlePeer(Protocol):
    """Everybody else on the air. Times are the model's, in nanoseconds. A peer in process is pure:
    what it says follows from the wishes and their times alone.
    """

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        """A wish has got there."""

    def handle_taken(self, now_ns: int) -> None:
        """The device has heard the oldest of what a peer waits for: that there is a connection
        (`Joined`), or data (`Came`). What a fault swallows counts as taken.
        """

    def deadline_ns(self) -> int | None:
        """When somebody has something to say by himself; None: only the device can wake them."""

    def take_news(self, now_ns: int) -> list[BleNews]:
        """What they say up to now, each once, in order."""


def data_bytes(what: BleWish | BleNews) -> int:
    """How many bytes of data go with it."""
    return len(what.data) if isinstance(what, Write | Notify | Came) else 0
