"""The Wi-Fi of a device: its station and its access point, what is around, and name servers.

Nothing here knows the time, or what a host is told.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from quecsim.at.access_point import AccessPoint
from quecsim.at.soft_ap import ApOutlet, SoftAp
from quecsim.at.station import Aim, Gone, Outlet, Standing, Station
from quecsim.at.surroundings import Provision, ProvisionWay, Surroundings
from quecsim.profiles.schema import Wifi

NO_DNS = ("0.0.0.0", "0.0.0.0")
LINKS = 0
"""The context of links over Wi-Fi, which has no packet contexts."""
_MOST_PROVISIONS = 16  # that wait for a device that listens

OnDown: TypeAlias = Callable[[tuple[int, ...], Gone], None]
"""(the contexts of the links that end, why)."""


class WlanOutlet(NamedTuple):
    """Where it leaves what it has to say: see `station.Outlet` and `soft_ap.ApOutlet`."""

    wake_station: Callable[[int | None], None]
    wake_ap: Callable[[int | None], None]
    station_event: Callable[[str], None]
    ap_event: Callable[[str], None]


class Wlan:
    """One device's Wi-Fi; it stays through restarts, as does the saved access point.

    `has_network`: there are access points where the device is. `dns` are the name servers.
    `listens` are the ways of provisioning that the host has switched on. `on_down` are called when
    what runs over Wi-Fi has lost it; they stay through restarts, too.
    """

    def __init__(self, wifi: Wifi, around: Surroundings, outlet: WlanOutlet) -> None:
        self._wifi = wifi
        self._around = around
        self.has_network = True
        self.dns = NO_DNS
        self.listens: set[ProvisionWay] = set()
        self.on_down: list[OnDown] = []
        self._offered: list[Provision] = []
        to_station = Outlet(outlet.wake_station, outlet.station_event, self._lost, self.set_dns)
        self.station = Station(wifi, self._find, to_station, _saved(around))
        to_ap = ApOutlet(outlet.wake_ap, outlet.ap_event, self._ap_stopped)
        self.ap = SoftAp(wifi, to_ap)

    @property
    def is_online(self) -> bool:
        """There is something for a link to run over: an address, or its own access point."""
        return self.station.standing is Standing.GOT_IP or self.ap.is_up

    @property
    def access_points(self) -> list[AccessPoint]:
        """What a scan finds, the strongest first."""
        points = self._around.access_points if self.has_network else ()
        return sorted(points, key=lambda point: -point.rssi_dbm)

    def set_dns(self, addresses: Sequence[str]) -> None:
        """Name servers: the first, and perhaps the second."""
        self.dns = (addresses[0], addresses[1] if len(addresses) > 1 else self.dns[1])

    def raise_ap(self, ssid: str, key: str, *, says: bool) -> None:
        """The device's own access point is up; `says`: tell the host."""
        self.ap.start(ssid, key, says=says)
        self.look_for_offers()

    def listen(self, way: ProvisionWay, *, is_on: bool) -> None:
        """Whether an access point may be given from outside that way."""
        if is_on:
            self.listens.add(way)
            self.look_for_offers()
        else:
            self.listens.discard(way)

    def look_for_offers(self) -> None:
        """Something has changed that a phone may have waited for."""
        for offer in self._offered:
            ways = {way for way in self.listens if offer.by in (way, "any") and self._can(way)}
            if ways:
                self._offered.remove(offer)
                self.listens.discard(min(ways))
                aim = Aim(offer.ssid, offer.key)
                self.station.join(aim, saves=self._wifi.provision_saves)
                return

    def fall_asleep(self) -> None:
        """The device sleeps, and its Wi-Fi with it where it does that."""
        if self._wifi.sleep_drops:
            self.ap.stop()
            self.station.fall_asleep()

    def wake_up(self) -> None:
        """It is awake again, and joins what it had joined."""
        if self._wifi.sleep_drops:
            self.station.wake_up()

    def go_dark(self) -> None:
        """The device restarts, or has no power."""
        self.station.go_dark()
        self.ap.go_dark()
        self.listens.clear()
        self.dns = NO_DNS

    # what the world does

    def lose_network(self) -> None:
        """There is no access point any more, until `find_network`."""
        self.has_network = False
        self.station.lose(Gone.NETWORK_LOST)

    def find_network(self) -> None:
        """There are access points: a station that looks for one finds it in its time."""
        self.has_network = True

    def deauthenticate(self) -> None:
        """The access point throws the station out, which joins it again."""
        self.station.lose(Gone.DEAUTHENTICATED)

    def provision(self, offer: Provision) -> None:
        """A phone offers an access point, until the device listens."""
        if len(self._offered) < _MOST_PROVISIONS:
            self._offered.append(offer)
            self.look_for_offers()

    # inside

    def _find(self, ssid: str) -> list[AccessPoint]:
        return [point for point in self.access_points if point.ssid == ssid]

    def _can(self, way: ProvisionWay) -> bool:
        return way != "web" or self.ap.is_up or not self._wifi.web_needs_ap

    def _lost(self, why: Gone) -> None:
        for notice in self.on_down:
            notice((LINKS,), why)

    def _ap_stopped(self) -> None:
        if not self.is_online:  # otherwise they run over the station
            self._lost(Gone.AP_STOPPED)


def _saved(around: Surroundings) -> Aim | None:
    if not around.is_joined or not around.access_points:
        return None
    first = around.access_points[0]
    return Aim(first.ssid, first.key)
