"""What can be done with the Wi-Fi of a running device, and with the pin that wakes it."""

from abc import abstractmethod
from contextlib import AbstractContextManager
from typing import Any

import msgspec

from quecsim.at.surroundings import Provision, ProvisionWay, WifiClient
from quecsim.errors import QuecsimError
from quecsim.run.device_run import DeviceRun


class WifiActions:
    """Raises QuecsimError for what cannot be, and where the device has no Wi-Fi."""

    _run: DeviceRun

    @abstractmethod
    def _now(self) -> AbstractContextManager[int]:
        """See `DeviceActions`."""

    def deauthenticate(self) -> None:
        """The access point throws the device out, which joins it again by itself."""
        with self._now() as now_ns:
            self._run.rig.deauthenticate(now_ns)

    def wifi_client(
        self, mac: str, *, ssid: str | None = None, key: str = "", is_here: bool = True
    ) -> None:
        """Somebody comes who joins the device's own access point where he can (only `ssid` with
        that `key`, or any), or leaves (`is_here` False).
        """
        _checked(WifiClient, mac=mac, ssid=ssid, key=key)
        with self._now() as now_ns:
            if is_here:
                self._run.rig.client_comes(now_ns, mac, ssid, key)
            else:
                self._run.rig.client_goes(now_ns, mac)

    def provision(self, ssid: str, key: str = "", *, by: ProvisionWay = "any") -> None:
        """A phone offers an access point, until the device listens: "airkiss", "web", "ble" or
        "any".
        """
        _checked(Provision, ssid=ssid, key=key, by=by)
        with self._now() as now_ns:
            self._run.rig.provision(now_ns, ssid, key, by)

    def wake(self) -> None:
        """The pin goes up that wakes a sleeping device. Nothing, where it is awake."""
        with self._now() as now_ns:
            self._run.rig.wake(now_ns)


def _checked(kind: type[msgspec.Struct], **values: Any) -> None:
    """Raises QuecsimError for values that a scenario could not have either."""
    try:
        msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise QuecsimError(f"that cannot be: {error}", hint="docs/WIFI.md says what can") from None
