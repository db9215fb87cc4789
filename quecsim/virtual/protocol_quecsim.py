"""`quecsim://` for pyserial: the port of a device that its URL names."""

import errno

from serial import PortNotOpenError, SerialException

from quecsim.errors import QuecsimError
from quecsim.virtual import registry
from quecsim.virtual.device import VirtualDevice
from quecsim.virtual.host_end import HostEnd
from quecsim.virtual.host_time import OwnClock, current_clock
from quecsim.virtual.port import SimulatedPort, let_others_go_on


class Serial(SimulatedPort):
    """A pyserial port with a simulated device behind it."""

    _device: VirtualDevice | None = None
    _device_url = ""

    def close(self) -> None:
        """Close the port; the device goes on, if it has not ended before."""
        if self.is_open and self.device.has_ended:
            self.is_open = False
        super().close()

    @property
    def device(self) -> VirtualDevice:
        """The device behind the port, once it has been opened."""
        if self._device is None:
            raise PortNotOpenError
        return self._device

    def _find_end(self) -> HostEnd:
        url = str(self.portstr)
        if self._device is None or self._device_url != url:
            try:
                self._device, self._device_url = _device_of(url), url
            except QuecsimError as error:
                raise SerialException(errno.ENOENT, f"could not open port {url}: {error}") from None
        self._check_runs()
        return self._device.end

    def _check_runs(self) -> None:
        device = self._device  # asked at every call: no more than this where all is well
        if device is not None and not device.has_ended and not device.end.is_broken:
            return
        let_others_go_on()
        url = self.device.url
        if self.device.has_ended:
            raise SerialException(errno.ENODEV, f"{url} does not run any more")
        raise SerialException(errno.EIO, f"{url} was interrupted in the middle of a step")


def _device_of(url: str) -> VirtualDevice:
    clock = current_clock()
    device = registry.running(url)
    if device is not None:
        return device
    if clock is not None and url in clock.devices:
        found: VirtualDevice = clock.devices[url]
        return found
    scenario, is_up = registry.scenario_of(url)
    made = VirtualDevice(scenario, clock=clock or OwnClock(), is_up=is_up)
    if clock is not None:
        clock.devices[url] = made
    return made
