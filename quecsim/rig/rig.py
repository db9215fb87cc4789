"""The rig: far UART, wire and device on one clock, and the one stepping loop.

host_write, host_line, host_ready what the host does, at `now_ns`
advance(now_ns)                   run all that is due, in order, each thing at its own time
deadline_ns()                     when to call `advance` next; None: only the host can wake it
take_output(), take_events()      what has left since the last call
"""

from quecsim.border import News, Peer
from quecsim.border.ble import BleNews, BlePeer
from quecsim.commands.catalogue import catalogue
from quecsim.device import Device
from quecsim.faults.fault import Fault
from quecsim.faults.places.agenda import Agenda
from quecsim.flash.nor import Storage
from quecsim.profiles.schema import Profile
from quecsim.rig.account import Account
from quecsim.rig.air import Air, bearer_pace
from quecsim.rig.beyond import Beyond
from quecsim.rig.ble_air import BleAir
from quecsim.rig.config import RigConfig
from quecsim.rig.far_end import FarEnd, line_rate
from quecsim.rig.flow_signal import FlowSignal
from quecsim.rig.happenings import happenings
from quecsim.rig.host_side import HostSide
from quecsim.rig.inbound import Inbound
from quecsim.rig.moment import Moment
from quecsim.rig.outbound import Outbound
from quecsim.rig.places import new_injector
from quecsim.rig.setup import start_event
from quecsim.rig.storage import new_nor, new_ufs
from quecsim.rig.tap import Tap
from quecsim.rig.world_side import WorldSide
from quecsim.trace.event import End, Event
from quecsim.trace.recorder import ROW_BYTES, Recorder
from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender
from quecsim.uart.transmitter import Transmitter
from quecsim.units import ms

_QUANTUM_NS = ms(1)
_FAR_NS = 1 << 62


class Rig(HostSide, WorldSide):
    """One device with its line and the far UART. Times count from the start of the run."""

    def __init__(
        self,
        profile: Profile,
        config: RigConfig | None = None,
        *,
        storage: Storage | None = None,
        peer: Peer | None = None,
        ble_peer: BlePeer | None = None,
    ) -> None:
        """`peer` answers the device's wishes, `ble_peer` is everybody else on its air; None: their
        news come by `hear_news` and `hear_ble` alone.
        """
        self.profile = profile
        self.config = config if config is not None else RigConfig()
        self._record = Recorder()
        self._port = self.config.port_kind
        self._host_queue_bytes = self.config.host_queue_bytes
        self.nor = new_nor(profile, self.config, storage)
        self._tx = Sender(UnlimitedRate())  # until the device's settings are known
        self.device = Device(
            profile,
            catalogue(profile),
            tx=self._tx,
            nor=self.nor,
            ufs=new_ufs(profile, self.config, self.nor),
            stalls=self.config.stalls,
            port=self._port,
            record=self._record,
            outside=self.config.outside,
            clock_s=self.config.clock_s,
            has_network=self.config.has_network,
            around=self.config.around,
        )
        self.device.preset(self.config.ifc, self.config.ipr)
        rate = line_rate(self._port, self.device)
        self._tx.set_rate(0, rate)
        self._timers, self._receiver = self.device.timers, self.device.receiver
        self._power_faults = self.device.faults.power
        self._far = FarEnd(self.config, self.device, rate, self._record)
        self.moment = Moment(self._record, self._far.tx)
        pace, points = bearer_pace(profile), self.device.faults.points
        self._air = Air(self.device, pace, peer, self._record, self.config.seed, points)
        ble = BleAir(self.device, ble_peer, self._record, self.config.seed, points)
        self._beyond = Beyond(self.device, self._air, ble)
        self._connect()

    def _connect(self) -> None:
        """The two wires between the device and the far end, and what goes wrong on them."""
        config, device, far, record = self.config, self.device, self._far, self._record
        agenda = Agenda()
        self._hold = FlowSignal(device, far, self._tx, is_lossless=self._port.is_lossless)
        self._inbound = Inbound(device, far, self._tx, config, record)
        self._account = Account(device, far, self._inbound, self._beyond)
        self._outbound = Outbound(self._tx, far, config, agenda, record)
        self._injector = new_injector(
            device, self._port, self._inbound, self._outbound, self._hold, self._beyond, agenda,
            record,
        )  # fmt: skip

    def clamp(self, tap: Tap) -> None:
        """`tap` hears the wires from now on; it changes nothing."""
        self._inbound.tap, self._outbound.tap = tap.to_device.add, tap.to_host.add
        self._air.tap, self._air.near_tap = tap.wished, tap.crosses

    # the run

    def start(self, now_ns: int = 0, *, is_up: bool = True) -> None:
        """Begin: the device is up already, or it is switched on now."""
        ring_bytes = self.device.receiver.ring.capacity
        self.moment.reach(now_ns)
        self._record.add(start_event(now_ns, self.profile, self.config, ring_bytes, is_up=is_up))
        self._injector.begin(now_ns, self.config.faults)
        self._injector.plan(now_ns, happenings(self.device, self.config.around))
        if is_up:
            self.device.start_up(now_ns)
        else:
            self.device.power_on(now_ns)
        self._follow_line(now_ns)
        self._apply_flow(now_ns)

    def finish(self, now_ns: int) -> None:
        """End the run in good order: what is on its way stays counted as on its way."""
        self._come_in(now_ns)
        if (loss := self.device.receiver.open_loss(now_ns)) is not None:
            self._record.add(loss)
        self._injector.finish(now_ns)
        self._record.add(End(now_ns, self.counters()))

    def _come_in(self, now_ns: int) -> None:
        """Something comes from outside, after all that is due by now."""
        if now_ns != self.moment.now_ns or not self.moment.is_settled:
            self.advance(now_ns)
        self.moment.come_in()

    def _reach(self, now_ns: int) -> None:
        self.moment.reach(now_ns)
        if self._tx.queued or self._tx.left:
            self._outbound.collect(now_ns)

    def advance(self, now_ns: int) -> None:
        """Run everything that is due up to `now_ns`, in order, each at its own time."""
        has_moved = False
        self.moment.go_on()
        while now_ns >= self.moment.idle_until_ns and self._step(now_ns):
            has_moved = True
        self._reach(now_ns)
        self.moment.is_settled = True
        if has_moved:
            self.check()

    def run_to_output(self, limit_ns: int) -> int:
        """Run until the first byte from the device has arrived, or `limit_ns`; returns the time."""
        collected = len(self._outbound.runs)
        has_moved = False
        moment, tx, outbound = self.moment, self._tx, self._outbound
        moment.go_on()
        while True:
            bound_ns = limit_ns
            if tx.queued or tx.left:
                first_ns = tx.next_arrival_ns()
                if first_ns is not None and first_ns < limit_ns:
                    bound_ns = first_ns
            if bound_ns < moment.now_ns:  # a train rounds by a nanosecond
                bound_ns = moment.now_ns
            if bound_ns < moment.idle_until_ns or not self._step(bound_ns):
                break
            has_moved = True
            if len(outbound.runs) > collected:  # by what is due when the byte arrives, or a break
                bound_ns = moment.now_ns  # of the line
                break
        self._reach(bound_ns)
        if has_moved:
            self.check()
        return bound_ns

    def foreseen_output(self) -> ByteRun | None:
        """Bytes that the device is sending and that arrive before anything else happens.

        They come at these times unless the host does something first.
        """
        if not self._tx.queued or self._outbound.is_spoiled:
            return None
        bound_ns = self.moment.idle_until_ns or self._next_ns()
        return self._tx.foresee(bound_ns - 1)

    def _next_ns(self) -> int:
        """When anything but the device's sending is due."""
        others_ns = (
            self.device.deadline_ns(),
            self._inbound.next_ns(1),
            self._hold.next_ns(),
            None if self._injector.is_idle else self._injector.next_ns(),
            self._beyond.next_ns() if self._beyond.is_used else None,
            self._beyond.peer_ns() if self._beyond.is_used else None,
        )
        return min((t for t in others_ns if t is not None), default=_FAR_NS)

    def run_to_queued(self, limit_ns: int, queued: int, *, or_output: bool = False) -> int:
        """Run until the far UART has no more than `queued` bytes to send, or `limit_ns`; with
        `or_output` until the first byte has arrived, if that is earlier. Returns the time.
        """
        collected = len(self._outbound.runs)
        bound_ns = limit_ns
        self.moment.go_on()
        while (surplus := self._far.tx.queued - queued) > 0:
            first_ns = self._tx.next_arrival_ns() if or_output else None
            bound_ns = min(
                t for t in (limit_ns, self._inbound.next_ns(surplus), first_ns) if t is not None
            )
            bound_ns = max(bound_ns, self.moment.now_ns)
            if bound_ns < self.moment.idle_until_ns or not self._step(bound_ns):
                break
            if or_output and len(self._outbound.runs) > collected:
                bound_ns = self.moment.now_ns
                break
        self._reach(bound_ns)
        self.check()
        return bound_ns

    def deadline_ns(self) -> int | None:
        """When `advance` is due next. On a moving line: about every millisecond."""
        far_tx, tx = self._far.tx, self._tx  # where nothing is sent, nothing is asked
        times = (
            min(self._timers.values()) if self._timers else None,
            self._inbound.next_ns(self._quantum(far_tx)) if far_tx.queued else None,
            tx.next_arrival_ns(self._quantum(tx)) if tx.queued or tx.left else None,
            self._hold.next_ns() if self._hold.signals else None,
            None if self._injector.is_idle else self._injector.next_ns(),
            self._beyond.next_ns() if self._beyond.is_used else None,
            self._beyond.peer_ns() if self._beyond.is_used else None,
            self.moment.next_ns(),
        )
        return min([t for t in times if t is not None], default=None)

    def hear_news(self, now_ns: int, news: News) -> None:
        """The network has something to tell."""
        self._come_in(now_ns)
        self._air.hear(now_ns, news)

    def hear_ble(self, now_ns: int, news: BleNews) -> None:
        """Somebody on the air says something."""
        self._come_in(now_ns)
        self._beyond.ble.hear(now_ns, news)

    # faults

    def inject(self, now_ns: int, fault: Fault) -> int:
        """Put a fault into the running device; it counts times and bytes from now.

        Returns its number in the record. Raises QuecsimError for a fault that cannot be.
        """
        self._come_in(now_ns)
        index = self._injector.inject(now_ns, fault)
        self._follow_device()
        return index

    def fault_points(self) -> dict[str, int]:
        """How much the run has had so far that a fault could hit: bytes, replies, operations."""
        return self._injector.points()

    # what the host sees

    @property
    def rts(self) -> bool:
        """The device's RTS as the host sees it on its CTS, stuck or not; True: go."""
        return self._hold.rts

    def take_output(self) -> list[ByteRun]:
        """Bytes from the device since the last call, as runs with their times."""
        return self._outbound.take()

    def take_events(self) -> list[Event]:
        """Events since the last call. They have no bound: take them in time."""
        return self._record.take()

    def open_events(self, now_ns: int) -> list[Event]:
        """What is going on right now, as it stands: bytes that are being lost, or read in vain.

        They are not on record yet, and `take_events` gives them when they are over.
        """
        going_on = (self._record.open_row, self.device.receiver.open_loss(now_ns))
        return [event for event in going_on if event is not None]

    def counters(self) -> dict[str, int]:
        """Where all bytes are: sent + inserted = stored + lost + eaten + in_flight."""
        return self._account.counters()

    def check(self) -> None:
        """The conservation law of bytes."""
        self._account.check()

    # the stepping loop

    def _step(self, limit_ns: int) -> bool:
        """Do the next thing due at or before `limit_ns`; False where there is none.

        At equal times a byte comes before a signal, that before a fault, a fault before what
        arrives over a link, that before the device's timers; and what a peer in process says comes
        last, as everything from outside does.
        """
        wire_ns = self._inbound.next_ns(1) if self._far.tx.queued else None
        device_ns = min(self._timers.values()) if self._timers else None
        signal_ns = self._hold.next_ns() if self._hold.signals else None
        fault_ns = None if self._injector.is_idle else self._injector.next_ns()
        link_ns = peer_ns = None
        if self._beyond.is_used:
            link_ns, peer_ns = self._beyond.next_ns(), self._beyond.peer_ns()
        self.moment.idle_until_ns = 0
        bound_ns = _FAR_NS
        if device_ns is not None and device_ns < bound_ns:
            bound_ns = device_ns
        if signal_ns is not None and signal_ns < bound_ns:
            bound_ns = signal_ns
        if fault_ns is not None and fault_ns < bound_ns:
            bound_ns = fault_ns
        if link_ns is not None and link_ns < bound_ns:
            bound_ns = link_ns
        if peer_ns is not None and peer_ns < bound_ns:
            bound_ns = peer_ns
        if bound_ns > limit_ns and (wire_ns is None or wire_ns > limit_ns):
            idle_ns = bound_ns if wire_ns is None else min(bound_ns, wire_ns)
            self.moment.idle_until_ns = idle_ns
            return False
        if wire_ns is not None and wire_ns <= bound_ns:
            bound_ns = min(bound_ns, limit_ns)
            # An echo that something may happen to has to be known before the next byte comes.
            is_spoiled = self._outbound.is_watched or self._far.is_misheard
            is_slow = is_spoiled and self.device.settings.echo
            self._inbound.deliver(bound_ns, 1 if is_slow else ROW_BYTES)
            self._follow_device()
            self._turn_line()
        elif signal_ns is not None and signal_ns <= bound_ns:
            self._reach(signal_ns)
            self._hold.act()
        elif fault_ns is not None and fault_ns <= bound_ns:
            self._reach(fault_ns)
            self._injector.act(fault_ns)
            self._follow_device()
        elif link_ns is not None and link_ns <= bound_ns:
            self._reach(link_ns)
            self._beyond.act(link_ns)
            self._follow_device()
        elif device_ns is not None and device_ns <= bound_ns:
            self._reach(device_ns)
            self.device.handle_timeout(device_ns)
            self._follow_device()
        else:
            assert peer_ns is not None
            self._reach(peer_ns)
            self._beyond.look(peer_ns)
        return True

    def _follow_device(self) -> None:
        """Let the wire follow what the device has just done."""
        device = self.device
        if self._power_faults.due:
            self._injector.follow()
        if device.has_wishes or device.has_ble_wishes:
            self._beyond.follow()
        if self._receiver.rts != self._hold.asked:
            self._hold.follow()
        if device.take_line_change():
            self._follow_line(device.now_ns)
        if self._tx.queued and not self._far.is_matched and self._tx.is_sending(device.now_ns):
            self._far.check_mismatch(device.now_ns, sender="device")
        if self._inbound.is_naked and device.room:
            self._inbound.restart(device.now_ns)

    def _apply_flow(self, now_ns: int) -> None:
        self._hold.apply(now_ns)
        self._follow_device()

    def _turn_line(self) -> None:
        """What comes next from the host may have been written with other settings."""
        if (at_ns := self._far.turn()) is not None:
            self._apply_flow(max(at_ns, self.moment.now_ns))

    def _follow_line(self, now_ns: int) -> None:
        rate = line_rate(self._port, self.device)
        self._tx.set_rate(now_ns, rate)
        self._far.follow(now_ns, rate)

    def _quantum(self, transmitter: Transmitter) -> int:
        """Bytes that make it worth waking up: about a millisecond of the line."""
        return max(1, transmitter.rate.arrived(_QUANTUM_NS)) if transmitter.queued else 1
