"""What those are like who are on the air with a Bluetooth LE device: the tables of a scenario."""

import re
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.border.ble import LARGEST_MTU, SMALLEST_MTU, Parameters
from quecsim.rng import Stream

Uuid = Annotated[
    str,
    Meta(
        pattern=r"^([0-9a-fA-F]{4}|[0-9a-fA-F]{32})\Z",
        description="a UUID of 4 or 32 hexadecimal digits",
    ),
]
Hex = Annotated[
    str, Meta(pattern=r"^([0-9a-fA-F]{2})*\Z", description="bytes as hexadecimal digits")
]
BleAddress = Annotated[
    str,
    Meta(
        pattern=r"^([0-9a-fA-F]{12})?\Z",
        description="12 hexadecimal digits, for instance c0ffee000001",
    ),
]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
AddressType = Literal["public", "random"]
Property = Literal["read", "write", "write_command", "notify"]
Rssi = Annotated[int, Meta(ge=-127, le=20)]
AdvertisingMs = Annotated[int, Meta(ge=20, le=10_240)]
Ms = Annotated[int, Meta(ge=0, le=86_400_000)]
Mtu = Annotated[int, Meta(ge=SMALLEST_MTU, le=LARGEST_MTU)]
Interval = Annotated[int, Meta(ge=6, le=3200)]
Latency = Annotated[int, Meta(ge=0, le=499)]
Timeout = Annotated[int, Meta(ge=10, le=3200)]
MOST_OTHERS = 1000
"""All together, who only advertise."""
_FIRST_ADDRESS = 0xC0FFEE000001  # a random static one: its two highest bits are set
_VALUE_BYTES = 512  # the largest value of an attribute
_DECLARATION = re.compile(r"(0000)?280[0-3](00001000800000805f9b34fb)?", re.IGNORECASE)
"""What GATT itself says of services and characteristics."""


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes: `text`, or `hex`, or `drawn_bytes` of the seed's."""

    text: Annotated[str, Meta(max_length=1 << 20)] = ""
    hex: Hex = ""
    drawn_bytes: Annotated[int, Meta(ge=0, le=1 << 24)] = 0

    def __post_init__(self) -> None:
        if sum(map(bool, (self.text, self.hex, self.drawn_bytes))) > 1:
            raise ValueError("data is text, hex or drawn_bytes: one of them")

    def data(self, drawn: Stream) -> bytes:
        """The bytes themselves."""
        if self.drawn_bytes:
            return bytes(drawn.below(256) for _ in range(self.drawn_bytes))
        return bytes.fromhex(self.hex) or self.text.encode("utf-8", "surrogateescape")


def _check(parameters: Parameters) -> None:
    """Raises ValueError where a connection with them would end by itself."""
    least = (1 + parameters.latency) * parameters.interval * 2  # in 1.25 ms
    if 8 * parameters.timeout <= least:
        raise ValueError(
            f"a timeout of {parameters.timeout} (10 ms) is too short for an interval of "
            f"{parameters.interval} (1.25 ms) and a latency of {parameters.latency}: "
            f"take {least // 8 + 1} or more"
        )


class BleParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a connection: `interval` in 1.25 ms, `latency` in events, `timeout` in 10 ms."""

    interval: Interval = 24
    latency: Latency = 0
    timeout: Timeout = 500

    def __post_init__(self) -> None:
        _check(self.made)

    @property
    def made(self) -> Parameters:
        """As they cross the border."""
        return Parameters(self.interval, self.latency, self.timeout)


class BleValue(_Data, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A characteristic: what may be done with it, and its value. Who has notifications of it on is
    notified `every_ms`, if that is set.
    """

    uuid: Uuid
    properties: Annotated[tuple[Property, ...], Meta(min_length=1, max_length=4)] = ("read",)
    every_ms: Annotated[int, Meta(ge=1, le=86_400_000)] | None = None

    def __post_init__(self) -> None:
        _Data.__post_init__(self)
        if _DECLARATION.fullmatch(self.uuid):
            raise ValueError(f"{self.uuid} is GATT's own, and of no characteristic")
        if max(self.drawn_bytes, len(self.text.encode()), len(self.hex) // 2) > _VALUE_BYTES:
            raise ValueError(f"a value has {_VALUE_BYTES} bytes at most")
        if self.every_ms is not None and "notify" not in self.properties:
            raise ValueError('every_ms needs the property "notify"')


class BleService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of a sensor's, with its characteristics in order."""

    uuid: Uuid
    characteristics: Annotated[tuple[BleValue, ...], Meta(max_length=32)] = ()


class BleStep(_Data, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a phone does next on its connection.

    It waits until the device has notified it of `after_bytes` more, and from then on for
    `after_ms`. Then it asks for the `mtu`, discovers, subscribes to `uuid` (or not any more),
    writes its data to it, reads it, asks for other parameters, or leaves.

    Data goes in pieces of `piece_bytes` (None: as large as the MTU allows), `window` of them on
    their way at a time; with an answer (`is_request`), one at a time.
    """

    do: Literal[
        "wait", "mtu", "discover", "subscribe", "unsubscribe", "write", "read", "parameters",
        "leave",
    ]  # fmt: skip
    after_bytes: Annotated[int, Meta(ge=0, le=1 << 30)] = 0
    after_ms: Ms = 0
    mtu: Mtu = 247
    uuid: Uuid | Literal[""] = ""
    is_request: bool = False
    piece_bytes: Annotated[int, Meta(ge=1, le=_VALUE_BYTES)] | None = None
    window: Annotated[int, Meta(ge=1, le=64)] = 8
    parameters: BleParameters = BleParameters()

    def __post_init__(self) -> None:
        _Data.__post_init__(self)
        if self.do in ("subscribe", "unsubscribe", "write", "read") and not self.uuid:
            raise ValueError(f'"{self.do}" needs the uuid of a characteristic')
        if self.do == "write" and not (self.text or self.hex or self.drawn_bytes):
            raise ValueError('"write" needs text, hex or drawn_bytes')


class BleSensor(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind",
    tag="sensor",
):  # fmt: skip
    """Somebody who advertises every `adv_interval_ms`, from `from_ms` until `until_ms`, and whom
    the device can connect to, unless it is not `connectable`, or `refuses`.

    It says `adv_data` (hexadecimal); without, that it is there, and its name. Its MTU is `mtu` at
    most. It asks for the connection parameters `asks`, and leaves `leaves_ms` after it was
    connected to, or when it was written `leaves_after_bytes`.
    """

    name: Name
    address: BleAddress = ""
    address_type: AddressType = "random"
    rssi_dbm: Rssi = -60
    adv_interval_ms: AdvertisingMs = 100
    adv_data: Annotated[Hex, Meta(max_length=124)] = ""
    from_ms: Ms = 0
    until_ms: Ms | None = None
    connectable: bool = True
    refuses: bool = False
    services: Annotated[tuple[BleService, ...], Meta(max_length=16)] = ()
    mtu: Mtu = 247
    asks: BleParameters | None = None
    leaves_ms: Ms | None = None
    leaves_after_bytes: Annotated[int, Meta(ge=1, le=1 << 30)] | None = None

    def __post_init__(self) -> None:
        if self.until_ms is not None and self.until_ms <= self.from_ms:
            raise ValueError("until_ms must be after from_ms")


class BlePhone(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind",
    tag="phone",
):  # fmt: skip
    """Somebody who connects to the device when it advertises, from `from_ms` on; as soon as it has
    advertised for `after_ms`.

    It looks for a device that `looks_for` names, by name or address ("": any), `times` in all.
    Connected, with its `parameters`, it does its `steps`. It leaves in the middle of them
    `leaves_ms` after it was connected, or when it has written `leaves_after_bytes`. With times 0 it
    only does what it is told from outside.
    """

    name: Name
    address: BleAddress = ""
    address_type: AddressType = "random"
    looks_for: str = ""
    from_ms: Ms = 0
    after_ms: Ms = 0
    times: Annotated[int, Meta(ge=0, le=1_000_000)] = 1
    parameters: BleParameters = BleParameters()
    steps: Annotated[tuple[BleStep, ...], Meta(max_length=100)] = ()
    leaves_ms: Ms | None = None
    leaves_after_bytes: Annotated[int, Meta(ge=1, le=1 << 30)] | None = None


class BleOthers(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind",
    tag="crowd",
):  # fmt: skip
    """`count` others who only advertise, as `name 1` and so on, with addresses, signals and times
    that the seed draws.
    """

    name: Name = "other"
    count: Annotated[int, Meta(ge=1, le=500)]
    adv_interval_ms: AdvertisingMs = 1000


AnyBlePeer: TypeAlias = BleSensor | BlePhone | BleOthers
"""One `[[ble_peer]]`, by its `kind`."""


def address_of(one: BleSensor | BlePhone, index: int) -> str:
    """Its own, or the one of its place in the scenario (from 0)."""
    return one.address.lower() or f"{_FIRST_ADDRESS + index:012x}"
