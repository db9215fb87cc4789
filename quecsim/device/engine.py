"""What a device does with bytes and time: the phases, and one command line after the other.

Bytes are read by whoever the phase says; what follows from them (`_then`) is done when they are
accounted for, so that nothing ever runs in the middle of a byte.
"""

from collections.abc import Callable, Collection

from quecsim.at.effects import CloseData, DataEndWhy, OpenData
from quecsim.device.board import Phase, Timer
from quecsim.device.datamode import SinkStop
from quecsim.device.gate import CONTROLS, before_control, throttle
from quecsim.device.interpreter import ROOM, DataHooks, Wait, WaitKind
from quecsim.device.parts import Parts
from quecsim.device.power import PowerEvent, PowerState, PowerSwitch
from quecsim.flash.nor import PowerCut
from quecsim.profiles.schema import Profile
from quecsim.trace.event import DeviceLine
from quecsim.uart.run import ByteRun
from quecsim.units import ms, us

_LATENCY = "the command line was being processed"
_SETTLING = "the line settings were being changed"


class Engine:
    """The state machine behind `Device`. Its levers are what commands may pull (`Control`)."""

    def __init__(self, profile: Profile, build: Callable[..., Parts]) -> None:
        """`build` makes the parts, given the `control` and `hooks` that are the engine's own."""
        hooks = DataHooks(
            opened=self._open_data,
            closed=self._close_data,
            was_escaped=lambda _now_ns: self._data.was_escaped(),
            spoiled=lambda n: self._data.lose_taken(n, "storage", "the storage did not take them"),
            discarded=lambda effect: self._data.discard(effect),
            announce=lambda text: self._urcs.send_now(text),
        )
        self.parts = build(control=self, hooks=hooks)
        self.switch = PowerSwitch(self.parts)
        self._profile = profile
        self._board = self.parts.board
        self._receiver = self._board.receiver
        self._reader = self.parts.reader
        self._data = self.parts.data
        self._gate = self.parts.gate
        self._urcs = self.parts.urcs
        self._interpreter = self.parts.interpreter
        self._doing = ""
        self._work_from_ns = 0
        self._deaf_until_ns = 0
        self._wait_room = False
        self._is_stalled = False
        self._is_draining = False
        self._discards_surplus = False
        self._then: Callable[[], None] | None = None

    # what happens to the device

    def receive(self, run: ByteRun) -> int:
        """Bytes on RXD: take a prefix; returns its length."""
        count = self._receive(run)
        self._board.passed(run, count)
        self._go_on()
        return count

    def fire(self, timer: Timer) -> None:
        """A timer's time has come."""
        _ON_TIMER[timer](self)

    def tx_changed(self) -> None:
        """The transmitter was released or emptied: a command that waits for room may go on."""
        if not self._wait_room:
            return
        if self._board.has_room:
            self._resume()
        else:
            self._wait_for_room(ROOM)

    def cut_power(self, event: PowerEvent) -> None:
        """Power is gone, or the device starts anew: what the flash was doing is torn."""
        self.switch.cut(self._board.now_ns - self._work_from_ns, event)
        self._begin_anew()

    def apply_throttling(self) -> None:
        """Flow control towards the host, as the settings and the mode have it."""
        throttle(self._board, in_data_mode=self._data.mode is not None)

    # levers of the commands (commands.context.Control)

    def restart(self, now_ns: int) -> None:
        """AT+CFUN=1,1."""
        self._board.move_to(now_ns)
        self.switch.restart()
        self._begin_anew()

    def power_down(self, now_ns: int, *, announce: bool) -> None:
        """AT+QPOWD."""
        self._board.move_to(now_ns)
        self.switch.switch_off(announce=announce)
        self._begin_anew()

    def apply_line(self, now_ns: int) -> None:
        """The line follows the settings; deaf while the UART reopens."""
        self._deaf_until_ns = now_ns + ms(self._profile.uart.reopen_ms)
        board, settings = self._board, self._board.settings
        board.follow_settings()
        board.record.add(DeviceLine(now_ns, board.line_baud, settings.frame, settings.ifc))
        self._gate.apply()
        self.apply_throttling()

    def send_urc_later(self, now_ns: int, delay_ns: int, text: str) -> None:
        """Schedule an unsolicited result code."""
        self._urcs.schedule(now_ns + delay_ns, text)

    def cancel_urcs(self, now_ns: int, texts: Collection[str]) -> None:
        """Forget those of `texts` that are not due yet."""
        self._board.move_to(now_ns)
        self._urcs.cancel(texts)

    # bytes

    def _receive(self, run: ByteRun) -> int:
        """Bytes off the line: to the reader of this phase, into the ring, or lost."""
        if self._board.phase is Phase.DEAF:
            return self._receiver.lose_all(run, "off", f"the device was {self.switch.state}")
        if run.edge_ns(0) < self._deaf_until_ns:
            lost = run.head(max(1, run.arrived(self._deaf_until_ns - 1)))
            return self._receiver.lose_all(lost, "reopen", "the UART was being reopened")
        if self._gate.obeys_xoff:
            run = before_control(run)
            if run.data[0] in CONTROLS:
                self._then = self.tx_changed
                return self._gate.take_control(run)
        if self._board.phase is Phase.BUSY:
            count = self._receiver.fill(run, self._doing)
            self._board.taken_at(run, count - 1, None)  # RTS or XOFF follow at that time
            return count
        count = _READ[self._board.phase](self, run, None)
        self._board.ledger.arrived += count
        return count

    def _go_on(self) -> None:
        """Do what followed from the bytes, then read what waits in the ring."""
        then, self._then = self._then, None
        if then is not None:
            then()
        self._drain()

    def _drain(self) -> None:
        """Read from the ring until it is empty or the device gets busy. Never nests."""
        if self._is_draining:
            return
        self._is_draining = True
        ring = self._receiver.ring
        while ring.level and self._board.phase in _READ:
            run = ring.peek()
            assert run is not None
            count = _READ[self._board.phase](self, run, self._board.now_ns)
            if count:
                ring.pop(count)
                self._receiver.drained(self._board.now_ns)
            then, self._then = self._then, None
            if then is not None:
                then()
        self._is_draining = False

    def _read_commands(self, run: ByteRun, taken_ns: int | None) -> int:
        if self._gate.is_holding:
            run = run.head(1)  # its echo may be the first byte that waits
        count = self._reader.read(run, taken_ns)
        self._gate.arm()
        if self._reader.line is not None:
            self._then = self._line_read
        return count

    def _read_line_feed(self, run: ByteRun, taken_ns: int | None) -> int:
        self._then = self._begin_command
        return self._reader.read_line_feed(run, taken_ns)

    def _take_data(self, run: ByteRun, taken_ns: int | None) -> int:
        count, stop = self._data.feed(run, taken_ns)
        self._follow_sink(stop)
        return count

    # a command line, from its CR to its final result

    def _line_read(self) -> None:
        line = self._reader.line
        assert line is not None
        wait_ns = 0 if line.repeated else ms(self._profile.at.lf_wait_ms)
        if not wait_ns:
            self._begin_command()
            return
        self._board.phase = Phase.LINE_FEED
        self._board.set_timer(Timer.WAKE, wait_ns)

    def _begin_command(self) -> None:
        self._board.stop_timer(Timer.WAKE)
        self._busy(us(self._profile.at.command_latency_us), _LATENCY)

    def _start_line(self) -> None:
        line, self._reader.line = self._reader.line, None
        assert line is not None
        self._run(lambda: self._interpreter.start(self._board.now_ns, line, self._reader.count))

    def _resume(self) -> None:
        self._wait_room = False
        self._board.stop_timer(Timer.WAKE)  # room may come before the time it was expected at
        self._run(lambda: self._interpreter.resume(self._board.now_ns))

    def _run(self, step: Callable[[], Wait]) -> None:
        """Let the interpreter go on, and wait for what it waits for."""
        try:
            wait = step()
        except PowerCut:
            self.switch.die()
            self._begin_anew()
            return
        _ON_WAIT[wait.kind](self, wait)
        self._gate.arm()

    def _line_done(self, _wait: Wait) -> None:
        """The final result is out. Changes of line or power wait until it has left the UART."""
        self._urcs.final_sent()
        if not self._interpreter.after_reply:
            self._idle()
            return
        self._busy(self._board.sending_ns(), _SETTLING)

    def _after_reply(self) -> None:
        actions, self._interpreter.after_reply = self._interpreter.after_reply, []
        for action in actions:
            if self.switch.state is PowerState.ON:  # the first that ends this is the last
                action(self._board.now_ns)
        if self._board.phase is Phase.BUSY:
            self._idle()

    # phases

    def _busy(self, duration_ns: int, doing: str) -> None:
        """Read nothing for `duration_ns`, then wake up."""
        self._board.phase, self._doing = Phase.BUSY, doing
        self._data.disarm()
        if duration_ns:
            self._board.set_timer(Timer.WAKE, duration_ns)
        else:
            self._on_wake()

    def _idle(self) -> None:
        """Ready for the next command line."""
        if self._discards_surplus and self._board.phase is not Phase.SURPLUS:
            self._discards_surplus = False
            self._board.phase = Phase.SURPLUS
            self._board.set_timer(Timer.WAKE, ms(self._profile.files.surplus_discard_ms))
        else:
            self._board.phase = Phase.COMMAND
            self._urcs.arm()
        self._drain()

    def _on_wake(self) -> None:
        """The phase's time is over."""
        if self._board.phase is Phase.LINE_FEED:
            self._begin_command()
        elif self._board.phase is Phase.SURPLUS:
            self._idle()
        elif self._is_stalled:
            self._is_stalled = False
            self._receive_data()
        elif self._reader.line is not None:
            self._start_line()
        elif self._interpreter.is_running:
            self._resume()
        else:
            self._after_reply()

    def _wait_time(self, wait: Wait) -> None:
        if wait.is_flash:
            self._work_from_ns = self._board.now_ns
        self._busy(wait.until_ns - self._board.now_ns, wait.doing)

    def _wait_for_room(self, wait: Wait) -> None:
        tx = self._board.tx
        self._board.phase, self._doing, self._wait_room = Phase.BUSY, wait.doing, True
        at_ns = tx.next_edge_ns(tx.queued - self._profile.uart.tx_ring_bytes)
        if at_ns is not None:
            self._board.timers[Timer.WAKE] = max(at_ns, self._board.now_ns)

    def _wait_data(self, wait: Wait) -> None:
        stop = self._data.want(wait.count)
        if stop is SinkStop.NONE:
            self._receive_data()
        else:
            self._follow_sink(stop)
            self._go_on()

    # data mode

    def _open_data(self, _now_ns: int, opened: OpenData) -> None:
        self._urcs.enter_data_mode()
        self._reader.drop_line_feed()
        self._data.open(opened)
        self.apply_throttling()

    def _close_data(self, _now_ns: int, closed: CloseData) -> None:
        self._data.close(closed, self._interpreter.stored_in_transfer)
        self._discards_surplus = self._profile.files.surplus == "discard"
        self.apply_throttling()

    def _receive_data(self) -> None:
        """Data mode reads what comes."""
        if self._data.open_mode.is_complete:
            self._follow_sink(SinkStop.BLOCK)
            self._go_on()
            return
        self._board.phase = Phase.DATA
        self._data.arm()
        self._drain()

    def _follow_sink(self, stop: SinkStop) -> None:
        """Note what follows from the bytes that data mode took."""
        if stop is SinkStop.BLOCK:
            self._then = lambda: self._hand_over(None)
        elif stop is SinkStop.STALL:
            self._then = self._stall
        elif stop is SinkStop.ESCAPE:
            self._then = lambda: self._hand_over(DataEndWhy.ESCAPE)

    def _hand_over(self, end: DataEndWhy | None) -> None:
        """The block goes to the command that asked for it."""
        self._data.disarm()
        self._board.phase, self._doing = Phase.BUSY, _LATENCY
        self._interpreter.answer(self._data.hand_over(end))
        self._resume()

    def _stall(self) -> None:
        self._is_stalled = True
        self._busy(*self._data.begin_stall())

    def _on_idle(self) -> None:
        if self._data.is_timed_out():
            self._hand_over(DataEndWhy.IDLE)
            self._drain()

    def _on_guard(self) -> None:
        self._follow_sink(self._data.guard_over())
        self._go_on()

    # the line

    def _on_drop(self) -> None:
        self._gate.drop("cts")
        self.tx_changed()

    def _on_urc(self) -> None:
        self._urcs.on_timer()
        self._gate.arm()

    # power

    def _on_power(self) -> None:
        if self.switch.on_timer():
            self.apply_line(self._board.now_ns)
            self._start_up()

    def _start_up(self) -> None:
        """The device runs: first what it has to finish from before, if anything."""
        job = self.switch.take_job()
        if job is None:
            self._idle()
        else:
            self._run(lambda: self._interpreter.start_job(self._board.now_ns, job))

    def _begin_anew(self) -> None:
        """Nothing of what was going on goes on."""
        self._then = None
        self._is_stalled = self._wait_room = self._discards_surplus = False
        self.apply_throttling()


_READ: dict[Phase, Callable[[Engine, ByteRun, int | None], int]] = {
    Phase.COMMAND: Engine._read_commands,
    Phase.LINE_FEED: Engine._read_line_feed,
    Phase.DATA: Engine._take_data,
    Phase.SURPLUS: lambda engine, run, taken_ns: engine._reader.skip(run, taken_ns),
}
_ON_TIMER: dict[Timer, Callable[[Engine], None]] = {
    Timer.POWER: Engine._on_power,
    Timer.WAKE: Engine._on_wake,
    Timer.GUARD: Engine._on_guard,
    Timer.IDLE: Engine._on_idle,
    Timer.URC: Engine._on_urc,
    Timer.DROP: Engine._on_drop,
}
_ON_WAIT: dict[WaitKind, Callable[[Engine, Wait], None]] = {
    WaitKind.DONE: Engine._line_done,
    WaitKind.TIME: Engine._wait_time,
    WaitKind.ROOM: Engine._wait_for_room,
    WaitKind.DATA: Engine._wait_data,
}
