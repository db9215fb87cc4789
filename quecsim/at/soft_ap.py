"""The access point that a device is itself, and who has joined it. Nothing here knows the time."""

from collections.abc import Callable
from typing import NamedTuple

from quecsim.at.station import NO_ADDRESSES, Addresses
from quecsim.at.surroundings import WifiClient
from quecsim.profiles.schema import Wifi
from quecsim.units import ms

_MASK = "255.255.255.0"


class ApOutlet(NamedTuple):
    """Where it leaves what it has to say. All may be called from inside any method.

    `wake(delay_ns)`: call `on_timer` after that time, once; None: not any more.
    `say(event)`: the host is told. `stopped()`: what ran over it ends.
    """

    wake: Callable[[int | None], None]
    say: Callable[[str], None]
    stopped: Callable[[], None]


class SoftAp:
    """`clients` are those that have joined it, by their addresses (`mac`), in that order; `here`
    all that would. `static` are its own addresses (None: the device's), until the next start.
    """

    def __init__(self, wifi: Wifi, outlet: ApOutlet) -> None:
        self._wifi = wifi
        self._outlet = outlet
        self.is_up = False
        self.ssid = ""
        self.static: Addresses | None = None
        self.clients: list[str] = []
        self.here: dict[str, WifiClient] = {}
        self._key = ""

    @property
    def addresses(self) -> Addresses:
        """Its own; none while it is down."""
        if not self.is_up:
            return NO_ADDRESSES
        return self.static or Addresses(self._wifi.ap_address, _MASK)

    # what the host wants

    def start(self, ssid: str, key: str, *, says: bool = True) -> None:
        """Be there, in place of one that is; `says`: tell the host."""
        self.stop()
        self.is_up, self.ssid, self._key = True, ssid, key
        if says:
            self._outlet.say("AP_UP")
        self._look()

    def stop(self) -> None:
        """Be there no more; who has joined it is out, which is no event of its own."""
        if self.is_up:
            self._end()
            self._outlet.say("AP_DOWN")

    def go_dark(self) -> None:
        """The device restarts, or has no power."""
        self.static = None
        if self.is_up:
            self._end()

    def on_timer(self) -> None:
        """The time of `ApOutlet.wake` has come: those that can join have."""
        for mac in self._waiting:
            self.clients.append(mac)
            self._outlet.say("AP_CONNECT")

    # what the world does

    def come(self, client: WifiClient) -> None:
        """Somebody is here, who joins where he can."""
        self.here[client.mac] = client
        self._look()

    def go(self, mac: str) -> None:
        """He is gone. Nothing, where he was not here."""
        self.here.pop(mac, None)
        if mac in self.clients:
            self.clients.remove(mac)
            self._outlet.say("AP_DISCONNECT")
            self._look()

    # inside

    @property
    def _waiting(self) -> list[str]:
        """Those that can join now, as many as there is room for."""
        room = self._wifi.ap_clients - len(self.clients) if self.is_up else 0
        able = [
            one.mac
            for one in self.here.values()
            if one.mac not in self.clients and one.ssid in (None, self.ssid)
            if one.ssid is None or one.key == self._key
        ]
        return able[:room]

    def _look(self) -> None:
        if self._waiting:
            self._outlet.wake(ms(self._wifi.ap_client_ms))

    def _end(self) -> None:
        self.is_up, self.ssid, self._key = False, "", ""
        self.clients.clear()
        self._outlet.wake(None)
        self._outlet.stopped()
