"""What two simulators say of their devices' Bluetooth LE to one another: JSON lines.

    -> {"say":"hello","v":1,"device":"fcm242d"}
    -> {"say":"advertising","name":"FCM242D","address":"c0ffee000001","interval_ns":100000000}
    <- {"say":"connect","address":"c0ffee000002","interval":20,"latency":0,"timeout":500}
    -> {"say":"connected"}
    <- {"say":"write","uuid":"fff2","data":"ZnJvbSBwaG9uZQ=="}

Each says what its own device does, at the level of GATT. docs/BLE_BRIDGE.md is its specification.
"""

from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.border.ble import LARGEST_MTU, SMALLEST_MTU, BleWhy, GattService, Parameters
from quecsim.errors import QuecsimError

VERSION = 1
MOST_LINE_BYTES = 64 << 10

_MOST_SERVICES = 16
_MOST_CHARACTERISTICS = 32
_HEX_DIGITS = frozenset("0123456789abcdef")

Uuid = Annotated[str, Meta(pattern=r"^([0-9a-f]{4}|[0-9a-f]{32})\Z")]
Address = Annotated[str, Meta(pattern=r"^[0-9a-f]{12}\Z")]
Data = Annotated[bytes, Meta(max_length=LARGEST_MTU - 3)]


class _Said(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="say",
    tag=str.lower,
):
    """A line."""


class Hello(_Said, frozen=True, kw_only=True):
    """The first line of both."""

    v: int
    device: Annotated[str, Meta(max_length=64)] = ""


class Advertising(_Said, frozen=True, kw_only=True):
    """It advertises from now on, every `interval_ns`; who connects finds `services`."""

    address: Address
    name: Annotated[str, Meta(max_length=64)] = ""
    interval_ns: Annotated[int, Meta(ge=20_000_000, le=10_240_000_000)] = 100_000_000
    data: Annotated[bytes, Meta(max_length=62)] = b""
    services: tuple[GattService, ...] = ()

    def __post_init__(self) -> None:
        if len(self.services) > _MOST_SERVICES:
            raise ValueError(f"there are {_MOST_SERVICES} services at most")
        for service in self.services:
            if len(service.characteristics) > _MOST_CHARACTERISTICS:
                raise ValueError(f"a service has {_MOST_CHARACTERISTICS} characteristics at most")
            uuids = (service.uuid, *(each.uuid for each in service.characteristics))
            for uuid in uuids:
                if len(uuid) not in (4, 32) or not _HEX_DIGITS.issuperset(uuid):
                    raise ValueError("a UUID has 4 or 32 hexadecimal digits, in lower case")


class Silent(_Said, frozen=True, kw_only=True):
    """It does not advertise any more."""


class Connect(_Said, frozen=True, kw_only=True):
    """It wants to connect, with these parameters (see `quecsim.border.ble.Parameters`)."""

    address: Address
    is_random: bool = False
    interval: Annotated[int, Meta(ge=6, le=3200)] = 20
    latency: Annotated[int, Meta(ge=0, le=499)] = 0
    timeout: Annotated[int, Meta(ge=10, le=3200)] = 500


class Connected(_Said, frozen=True, kw_only=True):
    """It is connected to."""


class Busy(_Said, frozen=True, kw_only=True):
    """It cannot be connected to, as it does not advertise."""


class Left(_Said, frozen=True, kw_only=True):
    """It has left the connection, or has not come to it."""

    why: BleWhy = BleWhy.PEER


class Mtu(_Said, frozen=True, kw_only=True):
    """It wants this maximum transmission unit, and has it."""

    mtu: Annotated[int, Meta(ge=SMALLEST_MTU, le=LARGEST_MTU)]


class Paced(_Said, frozen=True, kw_only=True):
    """It wants these parameters, and has them."""

    interval: Annotated[int, Meta(ge=6, le=3200)]
    latency: Annotated[int, Meta(ge=0, le=499)]
    timeout: Annotated[int, Meta(ge=10, le=3200)]


class Write(_Said, frozen=True, kw_only=True):
    """It writes a characteristic of the other's."""

    uuid: Uuid
    data: Data = b""
    is_request: bool = False


class Written(_Said, frozen=True, kw_only=True):
    """A request to write, or a subscription, has been answered."""

    uuid: Uuid


class Error(_Said, frozen=True, kw_only=True):
    """One was refused: `error` is ATT's code."""

    uuid: Uuid
    error: Annotated[int, Meta(ge=1, le=255)]


class Subscribe(_Said, frozen=True, kw_only=True):
    """It wants notifications of a characteristic, or none any more."""

    uuid: Uuid
    is_on: bool = True


class Notify(_Said, frozen=True, kw_only=True):
    """It notifies the other of a characteristic of its own."""

    uuid: Uuid
    data: Data = b""


Said: TypeAlias = (
    Hello
    | Advertising
    | Silent
    | Connect
    | Connected
    | Busy
    | Left
    | Mtu
    | Paced
    | Write
    | Written
    | Error
    | Subscribe
    | Notify
)

_SAID = msgspec.json.Decoder(Said)


def read_said(line: bytes) -> Said:
    """What is on that line. Raises QuecsimError."""
    try:
        said: Said = _SAID.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise QuecsimError(f"it said what is none of the protocol: {error}") from None
    if isinstance(said, Paced | Connect) and not _can_be(said):
        raise QuecsimError("it wants parameters with which a connection ends by itself")
    return said


def line_of(said: Said) -> bytes:
    """The line of it."""
    return msgspec.json.encode(said) + b"\n"


def parameters_of(said: Connect | Paced) -> Parameters:
    """Those that it wants."""
    return Parameters(said.interval, said.latency, said.timeout)


def _can_be(said: Connect | Paced) -> bool:
    return (1 + said.latency) * said.interval * 2 < 8 * said.timeout


def values_of(parameters: Parameters) -> dict[str, Any]:
    """The other way round."""
    return msgspec.structs.asdict(parameters)
