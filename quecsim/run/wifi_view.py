"""How a running device stands with its Wi-Fi, as a plain record: for looking only."""

import msgspec

from quecsim.at.wlan import Wlan


class WifiState(msgspec.Struct, frozen=True, kw_only=True):
    """`station` is one of `quecsim.at.station.Standing`; `ssid` and `bssid` are empty unless it has
    joined an access point, and the addresses 0.0.0.0 unless it has some. `saved` is the access
    point that it joins at each start, `own_ssid` the one that it is itself, `own_clients` who has
    joined that; empty: none. `in_range` are the names of those that there are, `listens` the ways
    by which the device can be given one.
    """

    station: str
    ssid: str = ""
    bssid: str = ""
    address: str = ""
    gateway: str = ""
    dns: tuple[str, str] = ("", "")
    saved: str = ""
    own_ssid: str = ""
    own_address: str = ""
    own_clients: tuple[str, ...] = ()
    in_range: tuple[str, ...] = ()
    listens: tuple[str, ...] = ()


def wifi_state(wlan: Wlan) -> WifiState:
    """As it stands."""
    station, ap = wlan.station, wlan.ap
    return WifiState(
        station=station.standing.value,
        ssid="" if station.point is None else station.point.ssid,
        bssid="" if station.point is None else station.point.bssid,
        address=station.addresses.ip,
        gateway=station.addresses.gateway,
        dns=wlan.dns,
        saved="" if station.saved is None else station.saved.ssid,
        own_ssid=ap.ssid,
        own_address=ap.addresses.ip,
        own_clients=tuple(ap.clients),
        in_range=tuple(point.ssid for point in wlan.access_points),
        listens=tuple(sorted(wlan.listens)),
    )
