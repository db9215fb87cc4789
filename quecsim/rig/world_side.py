"""What the world does to a device beside its host: power, firmware, the network's whims.

Each is an input of the run, on record before anything that follows from it.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from quecsim.at.surroundings import Provision, ProvisionWay, WifiClient
from quecsim.border import Why
from quecsim.device import Device
from quecsim.errors import QuecsimError
from quecsim.profiles.schema import Profile
from quecsim.rig.air import Air
from quecsim.rig.beyond import Beyond
from quecsim.trace.event import Operated
from quecsim.trace.recorder import Recorder

T = TypeVar("T")


class WorldSide:
    """The world's part of `Rig`, which owns the parts and says what follows an input."""

    device: Device
    profile: Profile
    _air: Air
    _beyond: Beyond
    _record: Recorder

    def _come_in(self, now_ns: int) -> None:
        """Something comes from outside, after all that is due by now."""
        raise NotImplementedError

    def _follow_device(self) -> None:
        raise NotImplementedError

    def power_on(self, now_ns: int) -> None:
        """Switch the device on."""
        self._operate(now_ns, "power_on", self.device.power_on)

    def restore_firmware(self, now_ns: int) -> None:
        """Put the factory's firmware back, also into a device that does not start any more."""
        self._operate(now_ns, "restore_firmware", self.device.restore_firmware)

    def cut_power(self, now_ns: int) -> None:
        """Take the device's power away."""
        self._operate(now_ns, "cut_power", self.device.cut_power)

    def lose_bearer(self, now_ns: int, context: int = 0) -> None:
        """The network ends the packet contexts of the device's TCP/IP, or (not 0) one of them.
        QuecsimError: see below.
        """
        self._need_cell()
        act = partial(self.device.lose_bearer, context=context)
        self._operate(now_ns, "lose_bearer", act, context)

    def lose_registration(self, now_ns: int) -> None:
        """There is no network any more, until `find_network`; over Wi-Fi: no access point.
        QuecsimError: see below.
        """
        self._operate_network(now_ns, "lose_registration", self.device.lose_registration)

    def find_network(self, now_ns: int) -> None:
        """There is a network. QuecsimError: see below."""
        self._operate_network(now_ns, "find_network", self.device.find_network)

    def deauthenticate(self, now_ns: int) -> None:
        """The access point throws the device's station out. QuecsimError for one without Wi-Fi."""
        self._need_wifi()
        self._operate(now_ns, "deauthenticate", self.device.deauthenticate)

    def client_comes(self, now_ns: int, mac: str, ssid: str | None = None, key: str = "") -> None:
        """Somebody is here who joins the device's own access point where he can: only `ssid` with
        that `key`, or (None) any. QuecsimError: see above.
        """
        self._need_wifi()
        client = WifiClient(mac=mac, ssid=ssid, key=key)
        act = partial(self.device.client_comes, client=client)
        values = (mac,) if ssid is None else (mac, ssid, key)
        self._operate(now_ns, "client_comes", act, values=values)

    def client_goes(self, now_ns: int, mac: str) -> None:
        """He is gone. QuecsimError: see above."""
        self._need_wifi()
        act = partial(self.device.client_goes, mac=mac)
        self._operate(now_ns, "client_goes", act, values=(mac,))

    def provision(self, now_ns: int, ssid: str, key: str = "", by: ProvisionWay = "any") -> None:
        """A phone offers an access point, until the device listens. QuecsimError: see above."""
        self._need_wifi()
        act = partial(self.device.provision, offer=Provision(ssid=ssid, key=key, by=by))
        self._operate(now_ns, "provision", act, values=(ssid, key, by))

    def wake(self, now_ns: int) -> None:
        """The pin that wakes a sleeping device goes up."""
        self._operate(now_ns, "wake", self.device.wake)

    def end_link(self, now_ns: int, link: int, why: Why) -> None:
        """Something on the way ends a connection, `Why.FIN` or `Why.RESET`: for the device and for
        its peer. Raises QuecsimError where there is no such link, or its end is on its way.
        """
        self._come_in(now_ns)
        self._air.end(now_ns, link, why)

    def stir_peer(self, now_ns: int, act: Callable[[int], T]) -> T:
        """Somebody does something (`act`) with the peer in process, and what it says to that is
        heard at once: that is the input, and what was done to it is not. Returns what `act` does.
        """
        self._come_in(now_ns)
        result = act(now_ns)
        self._air.look(now_ns)
        return result

    def stir_air(self, now_ns: int, act: Callable[[int], T]) -> T:
        """Somebody on the air does something (`act`): as `stir_peer`."""
        self._come_in(now_ns)
        result = act(now_ns)
        self._beyond.ble.look(now_ns)
        return result

    def _operate_network(self, now_ns: int, did: str, act: Callable[[int], None]) -> None:
        """Raises QuecsimError for a device that has no network."""
        if self.profile.wifi is None:
            self._need_cell()
        self._operate(now_ns, did, act)

    def _need_cell(self) -> None:
        if self.profile.radio is None:
            raise QuecsimError(
                f"{self.profile.name} has no cellular network",
                hint="take one of the cellular devices: quecsim devices lists them",
            )

    def _need_wifi(self) -> None:
        if self.profile.wifi is None:
            raise QuecsimError(
                f"{self.profile.name} has no Wi-Fi",
                hint="take one of the Wi-Fi devices: quecsim devices lists them",
            )

    def _operate(
        self,
        now_ns: int,
        did: str,
        act: Callable[[int], None],
        context: int = 0,
        values: tuple[str, ...] = (),
    ) -> None:
        self._come_in(now_ns)
        self._record.add(Operated(now_ns, did, context, values))
        act(now_ns)
        self._follow_device()
