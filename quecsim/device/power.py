"""Power: off, booting, on, stopping; which event leads where, and what each does to the device."""

from contextlib import suppress
from enum import StrEnum
from typing import Protocol

from quecsim.at.effects import Steps
from quecsim.at.storage import surviving_bytes
from quecsim.device.components import Components
from quecsim.device.shared import Timer
from quecsim.flash.nor import PowerCut
from quecsim.flash.ufs import UfsError
from quecsim.trace.event import Power
from quecsim.units import ms


class PowerState(StrEnum):
    """The device's power state. `DEAD` has power, and no firmware that could start. `ASLEEP` keeps
    what it is at, and hears nothing; from `DEEP` it starts anew.
    """

    OFF = "off"
    BOOTING = "booting"
    ON = "on"
    STOPPING = "stopping"
    DEAD = "dead"
    ASLEEP = "asleep"
    DEEP = "deep asleep"


class PowerEvent(StrEnum):
    """What changes it; the words appear in the record."""

    POWER_ON = "power on"
    READY = "ready"
    BROKEN = "no firmware to start"
    RESTORED = "firmware restored"
    RESTART = "restart"
    POWER_DOWN = "power down"
    STOPPED = "stopped"
    POWER_CUT = "power cut"
    LOST = "power lost"  # by a fault, and so no input: a record's reader must tell them apart
    BACK = "power back"
    RESET = "reset"
    SLEEP = "sleep"
    DEEP_SLEEP = "deep sleep"
    WAKE = "woken"


TRANSITIONS: dict[tuple[PowerState, PowerEvent], PowerState] = {
    (PowerState.OFF, PowerEvent.POWER_ON): PowerState.BOOTING,
    (PowerState.BOOTING, PowerEvent.READY): PowerState.ON,
    (PowerState.BOOTING, PowerEvent.BROKEN): PowerState.DEAD,
    (PowerState.DEAD, PowerEvent.RESTORED): PowerState.BOOTING,
    (PowerState.DEAD, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.ON, PowerEvent.RESTART): PowerState.BOOTING,
    (PowerState.ON, PowerEvent.POWER_DOWN): PowerState.STOPPING,
    (PowerState.STOPPING, PowerEvent.STOPPED): PowerState.OFF,
    (PowerState.BOOTING, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.ON, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.STOPPING, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.DEAD, PowerEvent.LOST): PowerState.OFF,
    (PowerState.BOOTING, PowerEvent.LOST): PowerState.OFF,
    (PowerState.ON, PowerEvent.LOST): PowerState.OFF,
    (PowerState.STOPPING, PowerEvent.LOST): PowerState.OFF,
    (PowerState.OFF, PowerEvent.BACK): PowerState.BOOTING,
    (PowerState.BOOTING, PowerEvent.RESET): PowerState.BOOTING,
    (PowerState.ON, PowerEvent.RESET): PowerState.BOOTING,
    (PowerState.ON, PowerEvent.SLEEP): PowerState.ASLEEP,
    (PowerState.ASLEEP, PowerEvent.WAKE): PowerState.ON,
    (PowerState.ASLEEP, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.ASLEEP, PowerEvent.LOST): PowerState.OFF,
    (PowerState.ASLEEP, PowerEvent.RESET): PowerState.BOOTING,
    (PowerState.ON, PowerEvent.DEEP_SLEEP): PowerState.DEEP,
    (PowerState.DEEP, PowerEvent.WAKE): PowerState.BOOTING,
    (PowerState.DEEP, PowerEvent.POWER_CUT): PowerState.OFF,
    (PowerState.DEEP, PowerEvent.LOST): PowerState.OFF,
    (PowerState.DEEP, PowerEvent.RESET): PowerState.BOOTING,
}

_UNREAD = "the device went down before it had read them"
_UNSTORED = "the power went before they were safe in the flash"


class Machine(Protocol):
    """What runs on the device: it comes and goes with the power."""

    def go_dark(self) -> None:
        """Nothing runs any more."""

    def be_ready(self) -> None:
        """It has been running for long."""

    def be_deaf(self) -> None:
        """What runs goes on, and nobody owns the host's bytes, until it is ready again."""


class PowerSwitch:
    """Starts and stops a device's components."""

    def __init__(self, components: Components, machine: Machine) -> None:
        self.state = PowerState.OFF
        self._machine = machine
        self._components = components
        self._shared = components.shared
        self._farewell = ""  # still to be said
        self._job: Steps | None = None  # to be done before the device is ready

    def be_up(self) -> None:
        """Be on already, with the start-up texts long gone; or start, if that has work to do."""
        if self._components.is_broken():
            self.state = PowerState.DEAD
            self._record(PowerEvent.BROKEN.value)
            return
        if self._components.boot_job() is not None:
            self.switch_on()
            return
        self.state = PowerState.ON
        self._components.be_up()
        self._machine.be_ready()
        self._record("already up")

    def switch_on(self, event: PowerEvent = PowerEvent.POWER_ON) -> None:
        """Power comes: the start-up texts follow at their times."""
        self._change(event)
        self._boot(self._shared.profile.boot.ready_ms)

    def restart(self) -> None:
        """AT+CFUN=1,1."""
        if not self._close_files():
            return
        self._go_dark()
        self._change(PowerEvent.RESTART)
        self._boot(self._shared.profile.boot.restart_ms)

    def switch_off(self, *, announce: bool) -> None:
        """AT+QPOWD: the farewell, if `announce`, is said at the end."""
        if not self._close_files():
            return
        self._go_dark()
        self._change(PowerEvent.POWER_DOWN)
        self._components.powered.clear()
        boot = self._shared.profile.boot
        self._farewell = boot.power_down_text if announce else ""
        self._shared.set_timer(Timer.POWER, ms(boot.power_off_ms))

    def sleep(self, *, is_deep: bool) -> None:
        """AT+QSCLK: until it is woken it hears nothing; out of a deep sleep it starts anew."""
        if is_deep:
            if self._close_files():
                self._go_dark()
                self._change(PowerEvent.DEEP_SLEEP)
            return
        self._machine.be_deaf()
        self._components.fall_asleep()
        self._change(PowerEvent.SLEEP)

    def wake(self) -> bool:
        """The pin goes up; True if the device hears again."""
        if self.state not in (PowerState.ASLEEP, PowerState.DEEP):
            return False
        is_deep = self.state is PowerState.DEEP
        self._change(PowerEvent.WAKE)
        if is_deep:
            self._boot(self._shared.profile.boot.restart_ms)
            return False
        self._components.wake_up()
        return True

    def on_timer(self) -> bool:
        """Booting or stopping is over; True if the device is ready now."""
        if self.state is PowerState.STOPPING and self._farewell:
            self._say_farewell()
            return False
        if self.state is PowerState.STOPPING:
            self._components.flow.drop("power")
            self._change(PowerEvent.STOPPED)
            return False
        if self._components.is_broken():
            self._change(PowerEvent.BROKEN)
            return False
        self._change(PowerEvent.READY)
        return True

    def take_job(self) -> Steps | None:
        """What there is to do before the device answers, once."""
        job, self._job = self._job, None
        return job

    def restore(self) -> None:
        """The firmware was put back, with the power off or the device dead: that one starts."""
        if self.state is PowerState.DEAD:
            self._change(PowerEvent.RESTORED)
            self._boot(self._shared.profile.boot.ready_ms)
        else:
            self._record(PowerEvent.RESTORED.value)

    def cut(self, elapsed_ns: int, event: PowerEvent) -> None:
        """Power is gone `elapsed_ns` after the flash's last work began, or a reset came."""
        self._components.nor.cut(elapsed_ns)
        self.die(event)

    def die(self, event: PowerEvent = PowerEvent.POWER_CUT) -> None:
        """Power is gone: only what the flash holds survives."""
        components, shared = self._components, self._shared
        if components.faults.power_gone(shared.now_ns):
            event = PowerEvent.LOST
        components.flow.drop("power")
        survivor = components.context.disks["UFS"] = components.context.ufs.after_restart()
        if components.data.mode is not None:
            kept = min(
                components.data.mode.stored,
                surviving_bytes(survivor, components.data.mode.opened.name),
            )
            self._lose_in_hand()  # the newest bytes first
            components.data.unstore(kept, "power", _UNSTORED)
        self._go_dark()
        self._change(event)
        if event is PowerEvent.RESET:
            self._boot(shared.profile.boot.restart_ms)
        else:
            components.powered.clear()

    def _say_farewell(self) -> None:
        """The last words; the power goes when they have left the transmitter."""
        text, self._farewell = self._farewell, ""
        self._components.responder.urc(self._shared.now_ns, text)
        self._components.flow.arm()
        self._shared.set_timer(Timer.POWER, self._shared.sending_ns())

    def _boot(self, ready_ms: int) -> None:
        shared = self._shared
        shared.set_timer(Timer.POWER, ms(ready_ms))
        if self._components.is_broken():
            return
        try:
            self._job = self._components.boot_job()
        except PowerCut:
            self.die()
            return
        if self._job is not None:
            return  # it ends with a restart, and that one says them
        knows_rate = shared.settings.baud != 0  # at which to say them
        for urc in shared.profile.boot.urcs if knows_rate else ():
            self._components.urcs.schedule(shared.now_ns + ms(ready_ms + urc.at_ms), urc.text)
        self._components.boot(ms(ready_ms))

    def _go_dark(self) -> None:
        """Forget everything that lives in RAM; what was on its way is lost."""
        components, shared = self._components, self._shared
        self._machine.go_dark()
        components.lose_network()
        self._lose_in_hand()
        components.data.abandon()
        components.transfers.end(shared.now_ns, "")
        for offset, count in components.reader.reset():
            shared.receiver.lose(shared.now_ns, offset, count, "power", _UNREAD)
        shared.receiver.clear(shared.now_ns, "power", _UNREAD)
        shared.timers.clear()
        self._farewell = ""
        components.urcs.reset()
        components.flow.reset()
        kept = components.context.kept
        shared.settings = kept.copy()
        shared.found_baud = 0
        components.context = components.new_context(components.context.ufs, shared.settings, kept)
        components.lines.context = components.context
        components.flow.apply()  # by the kept settings, and without the XOFF of before

    def _lose_in_hand(self) -> None:
        """Bytes between the ring and the storage."""
        if in_hand := self._shared.ledger.in_hand:
            self._components.data.lose_taken(in_hand, "power", _UNSTORED)
            self._shared.ledger.in_hand = 0

    def _close_files(self) -> bool:
        """Put the open files away; False where the power went over it."""
        context = self._components.context
        try:
            for opened in context.handles.files.values():
                with suppress(UfsError):  # its changes are lost, and nobody is there to be told
                    opened.file.close()
        except PowerCut:
            self.die()
            return False
        context.disks["UFS"] = context.ufs.after_restart()
        return True

    def _change(self, event: PowerEvent) -> None:
        self.state = TRANSITIONS[self.state, event]
        self._record(event.value)

    def _record(self, why: str) -> None:
        is_down = self.state is PowerState.OFF or why == PowerEvent.RESET.value
        found = self._components.firmware_state() if is_down else ""
        self._shared.record.add(Power(self._shared.now_ns, self.state.value, why, found))
