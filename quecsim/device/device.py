"""The device: bytes in, bytes out, one state machine. No clock, no I/O, no callbacks.

Four kinds of method, and the rule that goes with them: after any `handle_*` or command, look at
`deadline_ns` again. `now_ns` never goes back; an early or repeated `handle_timeout` does nothing.

    getters      phase, waiting, room, receiver, ...
    handle_*     handle_run, handle_timeout, handle_tx_change, set_cts
    commands     power_on, cut_power, start_up
    deadline_ns  when the device next wants to be woken

Bytes are read by whoever the phase says; what follows from them (`_then`) is done when they are
accounted for, so that nothing ever runs in the middle of a byte.
"""

from collections.abc import Callable, Sequence

from quecsim.at.effects import CloseData, DataEndWhy, OpenData
from quecsim.at.spec import Catalogue
from quecsim.commands.context import Context, Handles
from quecsim.commands.settings import Settings, factory_settings
from quecsim.device.board import Board, Phase, Timer
from quecsim.device.datamode import SinkStop
from quecsim.device.dataport import DataPort
from quecsim.device.gate import CONTROLS, RTS_CTS, XON_XOFF, TxGate, before_control
from quecsim.device.interpreter import ROOM, DataHooks, Interpreter, Wait, WaitKind
from quecsim.device.ledger import Ledger
from quecsim.device.power import TRANSITIONS, PowerEvent, PowerState
from quecsim.device.reader import CommandReader
from quecsim.device.receiver import Receiver
from quecsim.device.recorder import Recorder
from quecsim.device.responder import Responder
from quecsim.device.urcs import UrcDesk
from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.stall import Stall
from quecsim.flash.ufs import Ufs
from quecsim.profiles.schema import Profile
from quecsim.trace.event import DeviceLine, Power
from quecsim.uart.rate import BYTES_UNBOUNDED
from quecsim.uart.run import ByteRun
from quecsim.uart.transmitter import Transmitter
from quecsim.units import ms, us

_FLOW_TEXT = {0: "off", XON_XOFF: "XON/XOFF", RTS_CTS: "RTS/CTS"}
_LATENCY = "the command line was being processed"
_SETTLING = "the line settings were being changed"


class Device:
    """A simulated part. See the module's text for how to drive it."""

    def __init__(
        self,
        profile: Profile,
        catalogue: Catalogue,
        *,
        tx: Transmitter,
        nor: Nor,
        ufs: Ufs,
        stalls: Sequence[Stall] = (),
        is_usb: bool = False,
        record: Recorder,
    ) -> None:
        self.profile = profile
        self.nor = nor
        self.power = PowerState.OFF
        self.line_changed = False
        self._board = _new_board(profile, tx, record, is_usb=is_usb)
        factory = self._board.settings
        self.context = self._new_context(ufs, factory, factory.copy())
        self._responder = Responder(lambda: self.settings, tx, record)
        self._reader = CommandReader(self._board, self._responder)
        self._data = DataPort(self._board, stalls)
        self._gate = TxGate(self._board)
        self._urcs = UrcDesk(self._board, self._responder)
        self._interpreter = Interpreter(
            catalogue,
            self.context,
            nor,
            self._responder,
            self.ledger,
            record,
            DataHooks(self._open_data, self._close_data, self._was_escaped),
            self._has_room,
        )
        self._doing = ""
        self._next_offset = 0
        self._work_from_ns = 0
        self._deaf_until_ns = 0
        self._wait_room = False
        self._is_stalled = False
        self._is_draining = False
        self._discards_surplus = False
        self._then: Callable[[], None] | None = None

    # getters

    @property
    def now_ns(self) -> int:
        """The time of the last thing that happened in the device."""
        return self._board.now_ns

    @property
    def phase(self) -> Phase:
        """What the device does with bytes that arrive."""
        return self._board.phase

    @property
    def settings(self) -> Settings:
        """The live settings."""
        return self._board.settings

    @property
    def ledger(self) -> Ledger:
        """Where the received bytes went."""
        return self._board.ledger

    @property
    def receiver(self) -> Receiver:
        """The receiving end: the ring and its flow control."""
        return self._board.receiver

    @property
    def is_waiting(self) -> bool:
        """The device has nothing to do until the host sends something."""
        idle = self.phase in (Phase.COMMAND, Phase.DATA, Phase.DEAF)
        return idle and not self.receiver.ring.level

    @property
    def room(self) -> int:
        """How many bytes can arrive now without any getting lost (a USB device's NAK)."""
        return self.receiver.ring.room if self.phase is Phase.BUSY else BYTES_UNBOUNDED

    @property
    def waiting(self) -> int:
        """Received bytes that are in no place of the ledger yet."""
        return self.receiver.ring.level + self._reader.pending + self._data.waiting

    def deadline_ns(self) -> int | None:
        """When the device next wants `handle_timeout`; None: only input can wake it."""
        timers = self._board.timers
        return min(timers.values()) if timers else None

    # input

    def handle_run(self, run: ByteRun) -> int:
        """Bytes on RXD. Takes a prefix, up to the first byte that changes something, and returns
        its length (0 where only the device's own state had to change first).
        """
        count = self._receive(run)
        self._next_offset = run.offset + count
        self._go_on()
        return count

    def handle_timeout(self, now_ns: int) -> None:
        """Do everything that is due at or before `now_ns`, in order, each at its own time."""
        board = self._board
        while board.timers:
            timer = board.next_timer()
            if board.timers[timer] > now_ns:
                return
            board.move_to(board.timers.pop(timer))
            _ON_TIMER[timer](self)

    def handle_tx_change(self, now_ns: int) -> None:
        """The transmitter was released or emptied: a command that waits for room may go on."""
        self._board.move_to(now_ns)
        if not self._wait_room:
            return
        if self._has_room():
            self._resume()
        else:
            self._wait_for_room(ROOM)

    def set_cts(self, now_ns: int, *, ready: bool) -> None:
        """The host's RTS (our CTS), or whether the USB host takes bytes: may we send?"""
        self._board.move_to(now_ns)
        self._gate.set_cts(ready=ready)
        self.handle_tx_change(self.now_ns)

    # commands of whoever runs the device

    def preset(self, ifc: tuple[int, int] | None, baud: int | None) -> None:
        """Settings that were made, and kept, before the run."""
        for settings in (self.context.settings, self.context.kept):
            settings.ifc = settings.ifc if ifc is None else ifc
            settings.baud = settings.baud if baud is None else baud
        self._apply_throttling()

    def start_up(self, now_ns: int) -> None:
        """Be on already, with the start-up texts long gone."""
        self.power = PowerState.ON
        self._board.phase = Phase.COMMAND
        self._board.record.add(Power(now_ns, self.power, "already up"))

    def power_on(self, now_ns: int) -> None:
        """Switch on: the start-up texts come at their times."""
        self._change_power(now_ns, PowerEvent.POWER_ON)
        self._boot(ms(self.profile.boot.ready_ms))

    def cut_power(self, now_ns: int) -> None:
        """Power is gone at once: what the flash was doing is torn."""
        if self.power is PowerState.OFF:
            return
        self._board.move_to(now_ns)
        self.nor.cut(self.now_ns - self._work_from_ns)
        self._die()

    # levers of the commands (commands.context.Control)

    def restart(self, now_ns: int) -> None:
        """AT+CFUN=1,1."""
        self._close_files()
        self._go_dark()
        self._change_power(now_ns, PowerEvent.RESTART)
        self._boot(ms(self.profile.boot.restart_ms))

    def power_down(self, now_ns: int, *, announce: bool) -> None:
        """AT+QPOWD."""
        self._close_files()
        self._go_dark()
        self._change_power(now_ns, PowerEvent.POWER_DOWN)
        if announce:
            self._responder.urc(now_ns, self.profile.boot.power_down_text)
        self._board.set_timer(Timer.POWER, ms(self.profile.boot.power_off_ms))

    def apply_line(self, now_ns: int) -> None:
        """The line follows the settings; deaf while the UART reopens."""
        self._deaf_until_ns = now_ns + ms(self.profile.uart.reopen_ms)
        self.line_changed = True
        settings = self.settings
        self._board.record.add(DeviceLine(now_ns, settings.baud, settings.frame, settings.ifc))
        self._gate.apply()
        self._apply_throttling()

    def send_urc_later(self, now_ns: int, delay_ns: int, text: str) -> None:
        """Schedule an unsolicited result code."""
        self._urcs.schedule(now_ns + delay_ns, text)

    # bytes

    def _receive(self, run: ByteRun) -> int:
        """Bytes off the line: to the reader of this phase, into the ring, or lost."""
        if self.phase is Phase.DEAF:
            return self.receiver.lose_all(run, "off", f"the device was {self.power}")
        if run.edge_ns(0) < self._deaf_until_ns:
            lost = run.head(max(1, run.arrived(self._deaf_until_ns - 1)))
            return self.receiver.lose_all(lost, "reopen", "the UART was being reopened")
        if self._gate.obeys_xoff:
            run = before_control(run)
            if run.data[0] in CONTROLS:
                self._then = lambda: self.handle_tx_change(self.now_ns)
                return self._gate.take_control(run)
        if self.phase is Phase.BUSY:
            return self.receiver.fill(run, self._doing)
        count = _READ[self.phase](self, run, None)
        self.ledger.arrived += count
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
        ring = self.receiver.ring
        while ring.level and self.phase in _READ:
            run = ring.peek()
            assert run is not None
            count = _READ[self.phase](self, run, self.now_ns)
            if count:
                ring.pop(count)
                self.receiver.drained(self.now_ns)
            then, self._then = self._then, None
            if then is not None:
                then()
        self._is_draining = False

    def _read_commands(self, run: ByteRun, taken_ns: int | None) -> int:
        count = self._reader.read(run, taken_ns)
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

    def _skip_surplus(self, run: ByteRun, taken_ns: int | None) -> int:
        return self._reader.skip(run, taken_ns)

    # a command line, from its CR to its final result

    def _line_read(self) -> None:
        line = self._reader.line
        assert line is not None
        wait_ns = 0 if line.repeated else ms(self.profile.at.lf_wait_ms)
        if not wait_ns:
            self._begin_command()
            return
        self._board.phase = Phase.LINE_FEED
        self._board.set_timer(Timer.WAKE, wait_ns)

    def _begin_command(self) -> None:
        self._board.stop_timer(Timer.WAKE)
        self._busy(us(self.profile.at.command_latency_us), _LATENCY)

    def _start_line(self) -> None:
        line, self._reader.line = self._reader.line, None
        assert line is not None
        self._run(lambda: self._interpreter.start(self.now_ns, line))

    def _resume(self) -> None:
        self._wait_room = False
        self._run(lambda: self._interpreter.resume(self.now_ns))

    def _run(self, step: Callable[[], Wait]) -> None:
        """Let the interpreter go on, and wait for what it waits for."""
        try:
            wait = step()
        except PowerCut:
            self._die()
            return
        _ON_WAIT[wait.kind](self, wait)
        self._gate.arm()

    def _line_done(self, _wait: Wait) -> None:
        """The final result is out. Changes of line or power wait until it has left the UART."""
        self._urcs.final_sent()
        if not self._interpreter.after_reply:
            self._idle()
            return
        tx = self._board.tx
        gone_ns = tx.next_edge_ns(tx.queued)
        if gone_ns is None and tx.queued:
            gone_ns = self.now_ns + ms(self.profile.uart.tx_drop_ms)
        self._busy(max(0, (gone_ns or 0) - self.now_ns), _SETTLING)

    def _after_reply(self) -> None:
        actions = list(self._interpreter.after_reply)
        self._interpreter.after_reply.clear()
        for action in actions:
            action(self.now_ns)
        if self.phase is Phase.BUSY:
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
        if self._discards_surplus and self.phase is not Phase.SURPLUS:
            self._discards_surplus = False
            self._board.phase = Phase.SURPLUS
            self._board.set_timer(Timer.WAKE, ms(self.profile.files.surplus_discard_ms))
        else:
            self._board.phase = Phase.COMMAND
            self._urcs.arm()
        self._drain()

    def _on_wake(self) -> None:
        """The phase's time is over."""
        if self.phase is Phase.LINE_FEED:
            self._begin_command()
        elif self.phase is Phase.SURPLUS:
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
        self._work_from_ns = self.now_ns
        self._busy(wait.until_ns - self.now_ns, wait.doing)

    def _wait_for_room(self, wait: Wait) -> None:
        tx = self._board.tx
        self._board.phase, self._doing, self._wait_room = Phase.BUSY, wait.doing, True
        at_ns = tx.next_edge_ns(tx.queued - self.profile.uart.tx_ring_bytes)
        if at_ns is not None:
            self._board.timers[Timer.WAKE] = max(at_ns, self.now_ns)

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
        self._data.open(opened, self._next_offset)
        self._apply_throttling()

    def _close_data(self, _now_ns: int, closed: CloseData) -> None:
        self._data.close(closed, self._interpreter.stored_in_transfer, self._next_offset)
        self._discards_surplus = self.profile.files.surplus == "discard"
        self._apply_throttling()

    def _was_escaped(self, _now_ns: int) -> bool:
        return self._data.was_escaped()

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

    def _apply_throttling(self) -> None:
        flow = self.settings.ifc[1]
        is_in_scope = self._data.mode is not None or self.profile.uart.flow_scope == "always"
        self.receiver.flow_texts.device = _FLOW_TEXT[flow]
        self.receiver.set_throttling(
            self.now_ns, throttles=bool(flow) and is_in_scope and not self._board.is_usb
        )

    def _on_drop(self) -> None:
        self._gate.drop("cts")
        self.handle_tx_change(self.now_ns)

    def _on_urc(self) -> None:
        self._urcs.on_timer()
        self._gate.arm()

    def _has_room(self) -> bool:
        return self._board.tx.queued <= self.profile.uart.tx_ring_bytes

    # power

    def _change_power(self, now_ns: int, event: PowerEvent) -> None:
        self._board.move_to(now_ns)
        self.power = TRANSITIONS[self.power, event]
        self._board.record.add(Power(now_ns, self.power.value, event.value))

    def _boot(self, ready_ns: int) -> None:
        self._board.set_timer(Timer.POWER, ready_ns)
        for urc in self.profile.boot.urcs:
            self._urcs.schedule(self.now_ns + ready_ns + ms(urc.at_ms), urc.text)

    def _on_power(self) -> None:
        if self.power is PowerState.STOPPING:
            self._change_power(self.now_ns, PowerEvent.STOPPED)
            return
        self._change_power(self.now_ns, PowerEvent.READY)
        self.apply_line(self.now_ns)
        self._idle()

    def _die(self) -> None:
        """Power is gone: only what the flash holds survives."""
        transfer = self._data.mode.opened if self._data.mode is not None else None
        stored = self._interpreter.stored_in_transfer
        self._gate.drop("power")
        files = self.profile.files
        self.context.ufs = Ufs(self.nor, name_bytes=files.name_bytes, cache_bytes=files.cache_bytes)
        if transfer is not None:
            kept = min(stored, self.context.ufs.stat(transfer.name) or 0)
            self.ledger.stored -= stored - kept
            self.ledger.lose("power", stored - kept)
        self._go_dark()
        self._change_power(self.now_ns, PowerEvent.POWER_CUT)

    def _go_dark(self) -> None:
        """Forget everything that lives in RAM."""
        self._interpreter.abandon()
        self._data.abandon(self._interpreter.stored_in_transfer, self._next_offset)
        self.ledger.lose("power", self.ledger.in_hand + self._reader.reset())
        self.ledger.in_hand = 0
        self.receiver.clear(self.now_ns, "power")
        self._board.timers.clear()
        self._urcs.reset()
        self._gate.reset()
        self._then = None
        self._is_stalled = self._wait_room = self._discards_surplus = False
        self._board.phase = Phase.DEAF
        kept = self.context.kept
        self._board.settings = kept.copy()
        self.context = self._new_context(self.context.ufs, self._board.settings, kept)
        self._interpreter.context = self.context
        self._apply_throttling()

    def _close_files(self) -> None:
        for opened in self.context.handles.files.values():
            opened.file.close()

    def _new_context(self, ufs: Ufs, settings: Settings, kept: Settings) -> Context:
        files = self.profile.files
        handles = Handles(files.first_handle, files.max_open_files)
        return Context(self.profile, settings, kept, ufs, handles, self)


def _new_board(profile: Profile, tx: Transmitter, record: Recorder, *, is_usb: bool) -> Board:
    ledger, uart = Ledger(), profile.uart
    ring_bytes = profile.usb.rx_ring_bytes if is_usb else uart.rx_ring_bytes
    receiver = Receiver(ring_bytes, uart.rts_off_bytes, uart.rts_on_bytes, ledger, record)
    board = Board(profile, factory_settings(profile), is_usb, record, ledger, tx, receiver)
    board.settings.urc_port = board.port_name
    return board


_READ: dict[Phase, Callable[[Device, ByteRun, int | None], int]] = {
    Phase.COMMAND: Device._read_commands,
    Phase.LINE_FEED: Device._read_line_feed,
    Phase.DATA: Device._take_data,
    Phase.SURPLUS: Device._skip_surplus,
}
_ON_TIMER: dict[Timer, Callable[[Device], None]] = {
    Timer.POWER: Device._on_power,
    Timer.WAKE: Device._on_wake,
    Timer.GUARD: Device._on_guard,
    Timer.IDLE: Device._on_idle,
    Timer.URC: Device._on_urc,
    Timer.DROP: Device._on_drop,
}
_ON_WAIT: dict[WaitKind, Callable[[Device, Wait], None]] = {
    WaitKind.DONE: Device._line_done,
    WaitKind.TIME: Device._wait_time,
    WaitKind.ROOM: Device._wait_for_room,
    WaitKind.DATA: Device._wait_data,
}
