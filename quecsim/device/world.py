"""What the world does to a device's network, and to a pin: the commands of `Device` for that."""

from collections.abc import Callable

from quecsim.at.bearer import Bearer
from quecsim.at.context import Context, wlan
from quecsim.at.surroundings import Provision, WifiClient
from quecsim.at.wlan import Wlan
from quecsim.device.engine import Engine
from quecsim.device.shared import Shared


class World:
    """The world's part of `Device`."""

    _engine: Engine
    _shared: Shared

    @property
    def context(self) -> Context:
        """See `Device`."""
        raise NotImplementedError

    @property
    def network_side(self) -> Bearer | Wlan:
        """Where it stands with its network, whichever that is."""
        return self.context.bearer if self.context.wlan is None else self.context.wlan

    def lose_bearer(self, now_ns: int, context: int = 0) -> None:
        """The network ends the packet contexts of the device's TCP/IP, or one of them: the host has
        to put them away before it can have them again. Nothing, where none is active.
        """
        self._change_network(now_ns, lambda: self.context.bearer.lose_bearer(context))

    def lose_registration(self, now_ns: int) -> None:
        """There is no network any more, until `find_network`; the contexts end with it. Over Wi-Fi:
        no access point.
        """
        self._change_network(now_ns, self.network_side.lose_network)

    def find_network(self, now_ns: int) -> None:
        """There is a network: a device that looks for one finds it in its time."""
        self._change_network(now_ns, self.network_side.find_network)

    def deauthenticate(self, now_ns: int) -> None:
        """The access point throws the station out, which joins it again by itself. Nothing, where
        it has joined none.
        """
        self._change_network(now_ns, wlan(self.context).deauthenticate)

    def client_comes(self, now_ns: int, client: WifiClient) -> None:
        """Somebody is here who joins the device's own access point where he can."""
        self._change_network(now_ns, lambda: wlan(self.context).ap.come(client))

    def client_goes(self, now_ns: int, mac: str) -> None:
        """He is gone. Nothing, where he was not here."""
        self._change_network(now_ns, lambda: wlan(self.context).ap.go(mac))

    def provision(self, now_ns: int, offer: Provision) -> None:
        """A phone offers an access point, until the device listens."""
        self._change_network(now_ns, lambda: wlan(self.context).provision(offer))

    def wake(self, now_ns: int) -> None:
        """The pin that wakes a sleeping device goes up. Nothing, where it is awake."""
        self._change_network(now_ns, self._engine.wake)

    def _change_network(self, now_ns: int, change: Callable[[], None]) -> None:
        self._shared.move_to(now_ns)
        self._engine.change_network(change)
