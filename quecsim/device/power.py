"""Power: off, booting, on, stopping; which event leads where."""

from enum import StrEnum


class PowerState(StrEnum):
    """The device's power state."""

    OFF = "off"
    BOOTING = "booting"
    ON = "on"
    STOPPING = "stopping"


class PowerEvent(StrEnum):
    """What changes it; the words appear in the record."""

    POWER_ON = "power on"
    READY = "ready"
    RESTART = "restart"
    POWER_DOWN = "power down"
    STOPPED = "stopped"
    POWER_CUT = "power cut"


TRANSITIONS: dict[tuple[PowerState, PowerEvent], PowerState] = {
    (PowerState.OFF, PowerEvent.POWER_ON): PowerState.BOOTING,
    (PowerState.BOOTING, PowerEvent.READY): PowerState.ON,
    (PowerState.ON, PowerEvent.RESTART): PowerState.BOOTING,
    (PowerState.ON, PowerEvent.POWER_DOWN): PowerState.STOPPING,
    (PowerState.STOPPING, PowerEvent.STOPPED): PowerState.OFF,
    (PowerState.BOOTING, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.ON, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.STOPPING, PowerEvent.POWER_CUT): PowerState.OFF,
}
