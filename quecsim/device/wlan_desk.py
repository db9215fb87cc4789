"""The way of a device's Wi-Fi to the device: its timers, and what it has the host told."""

from functools import partial

from quecsim.at.context import Control
from quecsim.at.surroundings import Surroundings
from quecsim.at.wifi_text import event_head, head, word
from quecsim.at.wlan import Wlan, WlanOutlet
from quecsim.device.shared import Shared, Timer
from quecsim.profiles.schema import Wifi


class WlanDesk:
    """Makes the `wlan` of a device, and says what becomes of it."""

    def __init__(self, shared: Shared, control: Control, wifi: Wifi, around: Surroundings) -> None:
        self._shared = shared
        self._control = control
        self._wifi = wifi
        outlet = WlanOutlet(
            partial(self._wake, Timer.STATION),
            partial(self._wake, Timer.SOFT_AP),
            partial(self._say, event_head(wifi)),
            partial(self._say, head(wifi, "+QAPSTAT")),
        )
        self.wlan = Wlan(wifi, around, outlet)

    def _wake(self, timer: Timer, delay_ns: int | None) -> None:
        if delay_ns is None:
            self._shared.stop_timer(timer)
        else:
            self._shared.set_timer(timer, delay_ns)

    def _say(self, opening: str, event: str) -> None:
        self._control.send_urc_later(self._shared.now_ns, 0, f"{opening}{word(self._wifi, event)}")
