"""The device: bytes in, bytes out, one state machine. No clock, no I/O, no callbacks.

Four kinds of method, and the rule that goes with them: after any `handle_*` or command, look at
`deadline_ns` again. `now_ns` never goes back; an early or repeated `handle_timeout` does nothing.

    getters      phase, waiting, room, receiver, ...
    handle_*     handle_run, handle_timeout, set_cts
    commands     preset, start_up, power_on, cut_power, lose_bearer, lose_registration, ...
    deadline_ns  when the device next wants to be woken
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from quecsim.at.context import Context, Outside
from quecsim.at.settings import Settings
from quecsim.at.spec import Catalogue
from quecsim.at.surroundings import Surroundings
from quecsim.border import News, Send, Wish
from quecsim.commands import firmware
from quecsim.device.ble_side import BleSide
from quecsim.device.components import Components
from quecsim.device.engine import Engine
from quecsim.device.ledger import Ledger
from quecsim.device.links import Link
from quecsim.device.power import PowerEvent, PowerState
from quecsim.device.receiver import Receiver
from quecsim.device.shared import Phase
from quecsim.device.world import World
from quecsim.faults.device_faults import DeviceFaults
from quecsim.flash.nor import Nor
from quecsim.flash.stall import AddedStall
from quecsim.flash.ufs import Ufs
from quecsim.profiles.schema import Profile
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.recorder import Recorder
from quecsim.uart.port_kind import UART, PortKind
from quecsim.uart.rate import BYTES_UNBOUNDED
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender


class Device(World, BleSide):
    """A simulated part. See the module's text for how to drive it."""

    def __init__(
        self,
        profile: Profile,
        catalogue: Catalogue,
        *,
        tx: Sender,
        nor: Nor,
        ufs: Ufs,
        stalls: Sequence[AddedStall] = (),
        port: PortKind = UART,
        record: Recorder,
        outside: Outside | None = None,
        clock_s: int | None = None,
        has_network: bool = True,
        around: Surroundings | None = None,
    ) -> None:
        self.profile = profile
        build = partial(
            Components,
            profile,
            catalogue,
            tx=tx,
            nor=nor,
            ufs=ufs,
            stalls=stalls,
            port=port,
            record=record,
            outside=outside or Outside(),
            clock_s=clock_s,
            has_network=has_network,
            around=around or Surroundings(),
        )
        self._engine = Engine(profile, build)
        self._components = self._engine.components
        self._shared = self._engine.components.shared

    # getters

    @property
    def now_ns(self) -> int:
        """The time of the last thing that happened in the device."""
        return self._shared.now_ns

    @property
    def power(self) -> PowerState:
        """Off, booting, on or stopping."""
        return self._engine.work.switch.state

    @property
    def context(self) -> Context:
        """What the commands see: settings, storage, open files."""
        return self._components.context

    @property
    def phase(self) -> Phase:
        """What the device does with bytes that arrive."""
        return self._engine.phase

    @property
    def settings(self) -> Settings:
        """The live settings."""
        return self._shared.settings

    @property
    def line_baud(self) -> int:
        """The baud rate of the UART; a nominal one while the host's is being looked for."""
        return self._shared.line_baud or self.profile.uart.baud

    @property
    def is_finding_rate(self) -> bool:
        """It listens at any rate, until it knows the host's."""
        return not self._shared.line_baud

    @property
    def has_carrier(self) -> bool:
        """Data mode stands on a connection."""
        mode = self._components.data.mode
        return mode is not None and bool(mode.opened.carrier)

    @property
    def ledger(self) -> Ledger:
        """Where the received bytes went."""
        return self._shared.ledger

    @property
    def timers(self) -> Mapping[int, int]:
        """When the device wants to be woken, by what for: the live table, for looking only."""
        return self._shared.timers

    @property
    def receiver(self) -> Receiver:
        """The receiving end: the ring and its flow control."""
        return self._shared.receiver

    @property
    def faults(self) -> DeviceFaults:
        """The places of the device where faults strike."""
        return self._components.faults

    @property
    def is_idle(self) -> bool:
        """The device has nothing to do until somebody outside does something."""
        idle = self.phase in (Phase.COMMAND, Phase.DATA, Phase.DEAF)
        return idle and not self.receiver.ring.level and not self._engine.work.is_under_way

    @property
    def under_way(self) -> str:
        """What the device still has to do by itself, in words; empty: nothing."""
        return self._engine.work.under_way

    @property
    def room(self) -> int:
        """How many bytes can arrive now without any getting lost (a USB device's NAK)."""
        return self.receiver.ring.room if self.phase is Phase.BUSY else BYTES_UNBOUNDED

    @property
    def pending_bytes(self) -> int:
        """Received bytes that are in no place of the ledger yet."""
        components = self._components
        in_ring = self._shared.receiver.ring.level
        return in_ring + components.reader.pending + components.data.waiting

    @property
    def links(self) -> Mapping[int, Link]:
        """Its connections, by number: the live table, for looking only."""
        return self._components.links.links

    @property
    def link_bytes(self) -> tuple[int, int]:
        """How many bytes its connections were given, of which wishes speak that were taken; and
        how many have reached it.
        """
        links = self._components.links
        waiting = sum(len(wish.data) for wish in links.wishes if isinstance(wish, Send))
        return links.sent_bytes - waiting, links.received_bytes

    def take_line_change(self) -> bool:
        """True once after the line's settings took effect."""
        changed, self._shared.line_changed = self._shared.line_changed, False
        return changed

    def deadline_ns(self) -> int | None:
        """When the device next wants `handle_timeout`; None: only input can wake it."""
        timers = self._shared.timers
        return min(timers.values()) if timers else None

    # input

    def handle_run(self, run: ByteRun) -> int:
        """Bytes on RXD. Takes a prefix, up to the first byte that changes something, and returns
        its length (0 where only the device's own state had to change first).
        """
        return self._engine.receive(run)

    def handle_timeout(self, now_ns: int) -> None:
        """Do everything that is due at or before `now_ns`, in order, each at its own time."""
        shared = self._shared
        timers = shared.timers
        while timers and min(timers.values()) <= now_ns:
            timer = shared.next_timer()
            shared.move_to(timers.pop(timer))
            self._engine.fire(timer)

    def set_cts(self, now_ns: int, *, ready: bool) -> None:
        """The host's RTS (our CTS), or whether the USB host takes bytes: may we send?"""
        self._shared.move_to(now_ns)
        self._components.flow.set_cts(ready=ready)
        self._engine.tx_changed()

    def drop_dtr(self, now_ns: int) -> None:
        """The host's DTR goes off."""
        self._shared.move_to(now_ns)
        self._engine.drop_dtr()

    def handle_news(self, now_ns: int, name: str, news: Any) -> bool:
        """News for a job that waits for it under that name, as a client of the network has it (no
        input of a run); False where too much is kept already, and nothing was taken.
        """
        self._shared.move_to(now_ns)
        return self._engine.hear(name, news)

    @property
    def has_wishes(self) -> bool:
        """There is something to take."""
        return bool(self._components.links.wishes)

    def take_wishes(self) -> list[Wish]:
        """What the device has wished of the network since the last call."""
        wishes = self._components.links.wishes
        if wishes:
            self._components.links.wishes = []
        return wishes

    def hear(self, now_ns: int, news: News) -> None:
        """News of a link have arrived."""
        self._shared.move_to(now_ns)
        self._engine.hear_link(news)

    def never_sent(self, now_ns: int, offset: int, data: bytes) -> None:
        """Bytes of the host's stream will not come: the host has thrown them away."""
        self._shared.move_to(now_ns)
        self._shared.ledger.arrived += len(data)
        self._shared.eat(offset, data, EatenWhy.NEVER_SENT)

    # commands of whoever runs the device

    def preset(self, ifc: tuple[int, int] | None, baud: int | None) -> None:
        """Settings that were made, and kept, before the run."""
        for settings in (self.context.settings, self.context.kept):
            settings.ifc = settings.ifc if ifc is None else ifc
            settings.baud = settings.baud if baud is None else baud
        self._engine.apply_flow_control()

    def start_up(self, now_ns: int) -> None:
        """Be on already, with the start-up texts long gone."""
        self._shared.move_to(now_ns)
        self._engine.work.switch.be_up()

    def power_on(self, now_ns: int) -> None:
        """Switch on: the start-up texts come at their times."""
        self._shared.move_to(now_ns)
        self._engine.work.switch.switch_on()

    def power_back(self, now_ns: int) -> None:
        """The same after a fault took the power; nothing, where somebody else was quicker."""
        if self.power is PowerState.OFF:
            self._shared.move_to(now_ns)
            self._engine.work.switch.switch_on(PowerEvent.BACK)

    def restore_firmware(self, now_ns: int) -> None:
        """Put the factory's firmware back, also into a device that does not start any more.

        A device that runs loses its power for that, whatever it is doing, and starts anew. Raises
        UfsError where the flash does not allow it.
        """
        runs = self.power not in (PowerState.OFF, PowerState.DEAD)
        if runs:
            self.cut_power(now_ns)
        self._shared.move_to(now_ns)
        try:
            with self.faults.flash.paused():
                firmware.restore(self.context.ufs)
            self.context.revision = self.profile.identity.revision
            self._engine.work.switch.restore()
        finally:
            if runs:
                self.power_on(now_ns)

    def cut_power(self, now_ns: int) -> None:
        """Power is gone at once: what the flash was doing is torn."""
        if self.power is not PowerState.OFF:
            self._shared.move_to(now_ns)
            self._engine.cut_power(PowerEvent.POWER_CUT)

    # faults

    @property
    def ufs(self) -> Ufs:
        """Its files on the flash."""
        return self.context.ufs

    def follow_faults(self) -> None:
        """Others are armed now, which may have to see the command that runs."""
        line = self._engine.work.jobs.line
        if line is not None:
            self._components.lines.watch(line)

    def lose_power(self, now_ns: int) -> None:
        """A fault takes the power away."""
        if self.power is not PowerState.OFF:
            self._shared.move_to(now_ns)
            self._engine.cut_power(PowerEvent.LOST)

    def reset(self, now_ns: int) -> None:
        """A fault has it start anew."""
        if self.can_reset:
            self._shared.move_to(now_ns)
            self._engine.cut_power(PowerEvent.RESET)

    @property
    def has_power(self) -> bool:
        """There is power that could be taken away."""
        return self.power is not PowerState.OFF

    @property
    def can_reset(self) -> bool:
        """There is something running that a reset would end."""
        return self.power not in (PowerState.OFF, PowerState.DEAD, PowerState.STOPPING)

    @property
    def has_network(self) -> bool:
        """It has power, and there is a network that could go away."""
        return self.has_power and self.network_side.has_network

    @property
    def has_joined(self) -> bool:
        """Its station has joined an access point, which could throw it out."""
        side = self.context.wlan
        return side is not None and side.station.is_connected

    @property
    def has_bearer(self) -> bool:
        """Its TCP/IP has a packet context that the network could end."""
        return bool(self.context.bearer.used)

    def lose_run(self, run: ByteRun, doing: str) -> int:
        """Noise on the line: the bytes of `run` never become any; returns their count."""
        count = self.receiver.lose_all(run, "noise", doing)
        self._shared.passed(run, count)
        return count

    def stall(self, now_ns: int, duration_ns: int, begun: Callable[[int], None]) -> None:
        """A fault takes the processor, as soon as it is free; nothing, where the device is off."""
        if self.power in (PowerState.ON, PowerState.ASLEEP):
            self._shared.move_to(now_ns)
            self._engine.stall(duration_ns, begun)

    def say(self, now_ns: int, text: str) -> bool:
        """A fault has it say something at once; False where nothing comes of it: the host has it
        off, or the device is.
        """
        if self.power is not PowerState.ON:
            return False
        self._shared.move_to(now_ns)
        self._components.responder.end_block()
        return self._components.urcs.send_now(text)
