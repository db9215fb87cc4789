"""The Wi-Fi of a device: its station, what is around it, and the name servers that it uses.

Nothing here knows the time, or what a host is told.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from quecsim.at.access_point import AccessPoint, Surroundings
from quecsim.at.station import Aim, Gone, Outlet, Standing, Station
from quecsim.profiles.schema import Wifi

NO_DNS = ("0.0.0.0", "0.0.0.0")
LINKS = 0
"""The context of links over Wi-Fi, which has no packet contexts."""

OnDown: TypeAlias = Callable[[tuple[int, ...], Gone], None]
"""(the contexts of the links that end, why)."""


class Wlan:
    """One device's Wi-Fi; it stays through restarts, as does the saved access point.

    `has_network`: there are access points where the device is. `dns` are the name servers.
    `on_down` are called when what runs over Wi-Fi has lost it; they stay through restarts, too.
    """

    def __init__(
        self,
        wifi: Wifi,
        around: Surroundings,
        wake: Callable[[int | None], None],
        say: Callable[[str], None],
    ) -> None:
        """`wake` is that of `Outlet`; `say(event)` tells the host of the station."""
        self._around = around
        self.has_network = True
        self.dns = NO_DNS
        self.on_down: list[OnDown] = []
        outlet = Outlet(wake, say, self._lost, self.set_dns)
        self.station = Station(wifi, self._find, outlet, _saved(around))

    @property
    def is_online(self) -> bool:
        """There is something for a link to run over."""
        return self.station.standing is Standing.GOT_IP

    @property
    def access_points(self) -> list[AccessPoint]:
        """What a scan finds, the strongest first."""
        points = self._around.access_points if self.has_network else ()
        return sorted(points, key=lambda point: -point.rssi_dbm)

    def set_dns(self, addresses: Sequence[str]) -> None:
        """Name servers: the first, and perhaps the second."""
        self.dns = (addresses[0], addresses[1] if len(addresses) > 1 else self.dns[1])

    def go_dark(self) -> None:
        """The device restarts, or has no power."""
        self.station.go_dark()
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

    # inside

    def _find(self, ssid: str) -> list[AccessPoint]:
        return [point for point in self.access_points if point.ssid == ssid]

    def _lost(self, why: Gone) -> None:
        for notice in self.on_down:
            notice((LINKS,), why)


def _saved(around: Surroundings) -> Aim | None:
    if not around.is_joined or not around.access_points:
        return None
    first = around.access_points[0]
    return Aim(first.ssid, first.key)
