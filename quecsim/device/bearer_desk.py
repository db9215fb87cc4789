"""The network side's way to the device: its timer, and what it has the host told."""

from quecsim.at.bearer import Bearer, Changed, Outlet
from quecsim.at.clock import Clock
from quecsim.at.context import Control
from quecsim.commands.clock import follow_network
from quecsim.commands.network import registration_reports
from quecsim.device.shared import Shared, Timer


class BearerDesk:
    """Makes the `bearer` of a device, and says what becomes of it."""

    def __init__(
        self, shared: Shared, control: Control, clock: Clock, *, has_network: bool
    ) -> None:
        self._shared = shared
        self._control = control
        self._clock = clock
        outlet = Outlet(self._wake, self._report_registration, self._report_lost)
        profile = shared.profile
        self.bearer = Bearer(profile.radio, profile.tcpip, outlet, has_network=has_network)

    def _wake(self, delay_ns: int | None) -> None:
        if delay_ns is None:
            self._shared.stop_timer(Timer.REGISTRATION)
        else:
            self._shared.set_timer(Timer.REGISTRATION, delay_ns)

    def _report_registration(self, changed: Changed) -> None:
        radio = self._shared.profile.radio
        assert radio is not None
        settings = self._shared.settings
        if changed.circuit and self.bearer.is_registered:
            follow_network(settings, self._clock)
        for text in registration_reports(self.bearer, radio, settings.registration, changed):
            self._say(text)

    def _report_lost(self, number: int) -> None:
        tcpip = self._shared.profile.tcpip
        assert tcpip is not None
        self._say(tcpip.context_lost_text.replace("{context}", str(number)))

    def _say(self, text: str) -> None:
        if self._shared.line_baud:  # otherwise it does not know the rate at which to say it
            self._control.send_urc_later(self._shared.now_ns, 0, text)
