"""What a device does with bytes and time: bytes go to their sink, and jobs get their turn.

Bytes are read by the sink that owns them, unless the processor is taken or the sink waits for
nothing: then they stay in the ring. What follows from a byte is done when it is accounted for, so
nothing ever runs in the middle of one. `_go_on` is the one place where things follow one another.
"""

from collections.abc import Callable, Collection
from typing import Any

from quecsim.at.effects import DataEndWhy
from quecsim.at.wlan import Wlan
from quecsim.border import News
from quecsim.device.components import Components
from quecsim.device.flow_control import CONTROLS, before_control, control_host
from quecsim.device.power import PowerEvent
from quecsim.device.shared import Phase, Timer
from quecsim.device.sinks import Owner, Sink, SinkEvent, SinkStop
from quecsim.device.stalling import NAME, stall_steps
from quecsim.device.work import Work
from quecsim.flash.nor import PowerCut
from quecsim.profiles.schema import Profile
from quecsim.trace.event import DeviceLine
from quecsim.uart.run import ByteRun
from quecsim.units import ms

_MOST_TURNS = 1_000_000  # a ring of single bytes, each with a job that follows, is far below
_Reader = Callable[["Engine", ByteRun, int | None], tuple[int, SinkStop]]


class Engine:
    """The machine behind `Device`. Its levers are what commands may pull (`Control`)."""

    def __init__(self, profile: Profile, build: Callable[..., Components]) -> None:
        """`build` makes the components, given what of the engine they need."""
        self._owner = Owner()
        self.components = build(control=self, may_speak=self._may_speak)
        self.work: Work = Work(self.components, self._owner)
        self._profile = profile
        self._shared = self.components.shared
        self._receiver = self._shared.receiver
        self._reader = self.components.reader
        self._data = self.components.data
        self._flow = self.components.flow
        self._urcs = self.components.urcs
        self._links = self.components.links
        self._clients = self._links.clients
        self._ble = self.components.ble
        self._jobs, self._busy = self.work.jobs, self.work.busy
        self._switch = self.work.switch
        self._lf_wait_ns = ms(profile.at.lf_wait_ms)
        self._deaf_until_ns = 0

    # what happens to the device

    def receive(self, run: ByteRun) -> int:
        """Bytes on RXD: take a prefix; returns its length."""
        count = self._receive(run)
        self._shared.passed(run, count)
        self._go_on()
        return count

    def fire(self, timer: int) -> None:
        """A timer's time has come."""
        if timer >= Timer.BACKGROUND:
            self.work.on_background(timer - Timer.BACKGROUND)
        else:
            _ON_TIMER[timer](self)
        self._go_on()

    def tx_changed(self) -> None:
        """The transmitter was released or emptied: who waits for room may go on."""
        self.work.look_for_room()
        self._go_on()

    def hear(self, name: str, news: Any) -> bool:
        """News from outside, for a job that waits for it; False where too much is kept already."""
        is_taken = self.work.hear(name, news)
        self._go_on()
        return is_taken

    def hear_link(self, news: News) -> None:
        """News of a link have arrived."""
        self._links.hear(news)
        self._go_on()

    def change_network(self, change: Callable[[], None]) -> None:
        """The network becomes another one."""
        change()
        self._go_on()

    def drop_dtr(self) -> None:
        """The host's DTR goes off: data mode ends, where it does that."""
        self.work.drop_dtr()
        self._go_on()

    def stall(self, duration_ns: int, begun: Callable[[int], None]) -> None:
        """The processor is taken as soon as it is free; `begun` is told when that is."""
        steps = stall_steps(self._shared, self.components.data_taken, duration_ns, begun)
        self.work.spawn(steps, NAME)
        self._go_on()

    def cut_power(self, event: PowerEvent) -> None:
        """Power is gone, or the device starts anew: what the flash was doing is torn."""
        self._switch.cut(self._shared.now_ns - self._busy.flash_since_ns, event)
        self.apply_flow_control()

    def apply_flow_control(self) -> None:
        """Flow control towards the host, as the settings and the mode have it."""
        control_host(self._shared, in_data_mode=self._data.mode is not None)

    # levers of the commands (at.context.Control)

    def restart(self, now_ns: int) -> None:
        """AT+CFUN=1,1."""
        self._shared.move_to(now_ns)
        self._switch.restart()
        self.apply_flow_control()

    def power_down(self, now_ns: int, *, announce: bool) -> None:
        """AT+QPOWD."""
        self._shared.move_to(now_ns)
        self._switch.switch_off(announce=announce)
        self.apply_flow_control()

    def sleep(self, now_ns: int, *, is_deep: bool) -> None:
        """AT+QSCLK."""
        self._shared.move_to(now_ns)
        self._switch.sleep(is_deep=is_deep)
        self.apply_flow_control()

    def wake(self) -> None:
        """The pin that wakes the device goes up."""
        if self._switch.wake():
            self.work.be_ready()

    def apply_line(self, now_ns: int) -> None:
        """The line follows the settings; deaf while the UART reopens."""
        self._deaf_until_ns = now_ns + ms(self._profile.uart.reopen_ms)
        shared, settings = self._shared, self._shared.settings
        shared.follow_settings()
        shared.record.add(DeviceLine(now_ns, shared.line_baud, settings.frame, settings.ifc))
        self._flow.apply()
        self.apply_flow_control()

    def send_urc_later(self, now_ns: int, delay_ns: int, text: str) -> None:
        """Schedule an unsolicited result code."""
        self._urcs.schedule(now_ns + delay_ns, text)

    def cancel_urcs(self, now_ns: int, texts: Collection[str]) -> None:
        """Forget those of `texts` that are not due yet."""
        self._shared.move_to(now_ns)
        self._urcs.cancel(texts)

    # what there is to see

    @property
    def phase(self) -> Phase:
        """What the device does with bytes that arrive: it follows from sink, jobs and busy."""
        sink = self._owner.sink
        if sink is not Sink.DEAF and self._reading() is None:
            return Phase.BUSY
        return _PHASES[sink]

    # bytes

    def _receive(self, run: ByteRun) -> int:
        """Bytes off the line: to the sink, into the ring, or lost."""
        if self._owner.sink is Sink.DEAF:
            return self._receiver.lose_all(run, "off", f"the device was {self._switch.state}")
        if run.edge_ns(0) < self._deaf_until_ns:
            lost = run.head(max(1, run.arrived(self._deaf_until_ns - 1)))
            return self._receiver.lose_all(lost, "reopen", "the UART was being reopened")
        # The driver takes XON and XOFF out of the stream before anybody reads, also while all is
        # busy: were they to wait in a full ring, an XON could never release what fills it.
        if self._flow.obeys_xoff:
            run = before_control(run)
            if run.data[0] in CONTROLS:
                self._owner.stop = SinkStop.CONTROL
                return self._flow.take_control(run)
        read = self._reading()
        if read is None:
            count = self._receiver.fill(run, self.work.doing)
            self._shared.taken_at(run, count - 1, None)  # RTS or XOFF follow at that time
            return count
        count, self._owner.stop = read(self, run, None)
        self._shared.ledger.arrived += count
        return count

    def _reading(self) -> _Reader | None:
        """Who reads now; None where the bytes have to wait in the ring."""
        if self._busy.is_on:
            return None
        sink = self._owner.sink
        if sink is Sink.DATA:
            return Engine._take_data if self.work.wants_data else None
        return _READ[sink] if self._jobs.line is None else None

    def _go_on(self) -> None:
        """Do what followed from the bytes, read what waits in the ring, and let the next job go on;
        again and again, until nothing more follows. All of it takes no time, so it has an end.
        """
        owner, ring, jobs, busy = self._owner, self._receiver.ring, self._jobs, self._busy
        for _ in range(_MOST_TURNS):
            # The ring before the next job: between two pieces of flash work a module reads its
            # UART, and a job that always has work must not starve the host.
            stop = owner.stop
            if stop is not SinkStop.NONE:
                owner.stop = SinkStop.NONE
                _ON_STOP[stop](self)
            elif busy.is_on or not (
                self.work.begin_alone()
                or (ring.level and self._read_ring())
                or (jobs.ready and self._run_next())
            ):
                break
        else:
            raise AssertionError("the device goes round and round without time passing")
        if self._urcs.queue and self.work.may_speak():
            self._urcs.arm()
        if self._clients.clients:
            self._clients.arm()
        if self._ble.client is not None:
            self._ble.arm()

    def _run_next(self) -> bool:
        """The job whose turn it is goes on; always True."""
        try:
            self._jobs.run_next()
        except PowerCut:
            self._switch.die()
            self.apply_flow_control()
        if self._shared.tx.is_held:
            self._flow.arm()
        return True

    def _read_ring(self) -> bool:
        """The sink reads from the ring; False where its owner waits for something else."""
        ring = self._receiver.ring
        read = self._reading()
        if read is None:
            return False
        run = ring.peek()
        assert run is not None
        count, self._owner.stop = read(self, run, self._shared.now_ns)
        if count:
            ring.pop(count)
            self._receiver.drained(self._shared.now_ns)
        return True

    def _read_commands(self, run: ByteRun, taken_ns: int | None) -> tuple[int, SinkStop]:
        if self._shared.tx.is_held:
            run = run.head(1)  # its echo may be the first byte that waits
        count = self._reader.read(run, taken_ns)
        if self._shared.tx.is_held:
            self._flow.arm()
        return count, SinkStop.NONE if self._reader.line is None else SinkStop.LINE

    def _read_line_feed(self, run: ByteRun, taken_ns: int | None) -> tuple[int, SinkStop]:
        return self._reader.read_line_feed(run, taken_ns), SinkStop.LINE_FEED

    def _skip(self, run: ByteRun, taken_ns: int | None) -> tuple[int, SinkStop]:
        return self._reader.skip(run, taken_ns), SinkStop.NONE

    def _take_data(self, run: ByteRun, taken_ns: int | None) -> tuple[int, SinkStop]:
        if not self._data.echoes:
            return self._data.feed(run, taken_ns)
        if self._shared.tx.is_held:
            run = run.head(1)  # its echo may be the first byte that waits
        taken = self._data.feed(run, taken_ns)
        if self._shared.tx.is_held:
            self._flow.arm()
        return taken

    # a command line, from its CR to its final result

    def _line_read(self) -> None:
        line = self._reader.line
        assert line is not None
        wait_ns = 0 if line.repeated else self._lf_wait_ns
        if not wait_ns:
            self._begin_command()
            return
        self._owner.move(SinkEvent.LINE)
        self._shared.set_timer(Timer.LINE, wait_ns)

    def _line_feed_read(self) -> None:
        self._shared.stop_timer(Timer.LINE)
        self._owner.move(SinkEvent.LINE_OVER)
        self._begin_command()

    def _begin_command(self) -> None:
        line, self._reader.line = self._reader.line, None
        assert line is not None
        self._jobs.begin(self.components.lines.job(line, self._reader.count))

    def _on_line_timer(self) -> None:
        """No LF has come, or the host has paused after its surplus bytes."""
        if self._owner.sink is Sink.LINE_FEED:
            self._line_feed_read()
        else:
            self._owner.move(SinkEvent.PAUSE)
            self._urcs.arm()

    # the line

    def _may_speak(self) -> bool:
        return self.work.may_speak()

    def _on_registration(self) -> None:
        self.components.bearer.on_timer()

    @property
    def _wlan(self) -> Wlan:
        assert self.components.wlan is not None
        return self.components.wlan

    def _on_drop(self) -> None:
        self._flow.drop("cts")
        self.work.look_for_room()

    def _on_urc(self) -> None:
        self._urcs.on_timer()
        self._flow.arm()

    # power

    def _on_power(self) -> None:
        if self._switch.on_timer():
            self.apply_line(self._shared.now_ns)
            self.work.be_ready()


_READ: dict[Sink, _Reader] = {
    Sink.COMMANDS: Engine._read_commands,
    Sink.LINE_FEED: Engine._read_line_feed,
    Sink.SURPLUS: Engine._skip,
}
_PHASES: dict[Sink, Phase] = {
    Sink.DEAF: Phase.DEAF,
    Sink.COMMANDS: Phase.COMMAND,
    Sink.LINE_FEED: Phase.LINE_FEED,
    Sink.DATA: Phase.DATA,
    Sink.SURPLUS: Phase.SURPLUS,
}
_ON_STOP: dict[SinkStop, Callable[[Engine], None]] = {
    SinkStop.LINE: Engine._line_read,
    SinkStop.LINE_FEED: Engine._line_feed_read,
    SinkStop.CONTROL: lambda engine: engine.work.look_for_room(),
    SinkStop.BLOCK: lambda engine: engine.work.hand_over(None),
    SinkStop.STALL: lambda engine: engine.work.on_stall(),
    SinkStop.ESCAPE: lambda engine: engine.work.hand_over(DataEndWhy.ESCAPE),
    SinkStop.TERMINATOR: lambda engine: engine.work.hand_over(DataEndWhy.TERMINATOR),
    SinkStop.CANCEL: lambda engine: engine.work.hand_over(DataEndWhy.CANCEL),
}
_ON_TIMER: dict[int, Callable[[Engine], None]] = {
    Timer.POWER: Engine._on_power,
    Timer.REGISTRATION: Engine._on_registration,
    Timer.STATION: lambda engine: engine._wlan.station.on_timer(),
    Timer.SOFT_AP: lambda engine: engine._wlan.ap.on_timer(),
    Timer.BUSY: lambda engine: engine.work.on_busy_over(),
    Timer.LINE: Engine._on_line_timer,
    Timer.JOB: lambda engine: engine.work.on_line_job(),
    Timer.GUARD: lambda engine: engine.work.on_guard(),
    Timer.IDLE: lambda engine: engine.work.on_silence(),
    Timer.URC: Engine._on_urc,
    Timer.DROP: Engine._on_drop,
    Timer.CLIENTS: lambda engine: engine.components.links.clients.on_time(),
    Timer.BLE: lambda engine: engine.components.ble.on_time(),
}
