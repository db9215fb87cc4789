"""The way of a device's Wi-Fi to the device: its timer, and what it has the host told."""

from quecsim.at.access_point import Surroundings
from quecsim.at.context import Control
from quecsim.at.wlan import Wlan
from quecsim.device.shared import Shared, Timer
from quecsim.profiles.schema import Wifi


class WlanDesk:
    """Makes the `wlan` of a device, and says what becomes of it."""

    def __init__(self, shared: Shared, control: Control, wifi: Wifi, around: Surroundings) -> None:
        self._shared = shared
        self._control = control
        self._blank = " " if wifi.station_blank else ""
        self.wlan = Wlan(wifi, around, self._wake, self._say)

    def _wake(self, delay_ns: int | None) -> None:
        if delay_ns is None:
            self._shared.stop_timer(Timer.STATION)
        else:
            self._shared.set_timer(Timer.STATION, delay_ns)

    def _say(self, event: str) -> None:
        text = f'+QSTASTAT:{self._blank}"{event}"'
        self._control.send_urc_later(self._shared.now_ns, 0, text)
