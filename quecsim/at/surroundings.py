"""What there is of Wi-Fi where a device is, and what people do there, as plain data."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.at.access_point import THE_USUAL, AccessPoint, Bssid, Key, Ssid

AtMs = Annotated[int, Meta(ge=0, le=86_400_000)]
ProvisionWay: TypeAlias = Literal["airkiss", "web", "ble", "any"]


class WifiClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who joins the device's own access point while he is there: from `at_ms` of the run
    until `leaves_ms` (None: for good).

    With a `ssid` it is only that access point, and only where its key is `key`; None: any.
    """

    mac: Bssid
    at_ms: AtMs = 0
    leaves_ms: AtMs | None = None
    ssid: Ssid | None = None
    key: Key = ""


class Provision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A phone that tells the device which access point to join, from `at_ms` on until it listens:
    AT+QAIRKISS=1, AT+QWEBCFG=1 or AT+QBLEINIT=3.
    """

    ssid: Ssid
    key: Key = ""
    at_ms: AtMs = 0
    by: ProvisionWay = "any"


class Wake(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody pulls the pin up that wakes a sleeping device."""

    at_ms: AtMs


class Surroundings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it. `is_joined`: the first of the access points is saved in the device, which has
    joined it before the run, or does so when it starts.
    """

    access_points: tuple[AccessPoint, ...] = (THE_USUAL,)
    is_joined: bool = True
    clients: tuple[WifiClient, ...] = ()
    provisions: tuple[Provision, ...] = ()
    wakes: tuple[Wake, ...] = ()
