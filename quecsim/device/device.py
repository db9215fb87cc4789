"""The device: bytes in, bytes out, one state machine. No clock, no I/O, no callbacks.

Four kinds of method, and the rule that goes with them: after any `handle_*` or command, look at
`deadline_ns` again. `now_ns` never goes back; an early or repeated `handle_timeout` does nothing.

    getters      phase, mode, waiting, tx, receiver, ...
    handle_*     handle_run, handle_timeout, handle_tx_change
    commands     power_on, cut_power, start_up
    deadline_ns  when the device next wants to be woken
"""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from quecsim.at.effects import CloseData, DataEndWhy, OpenData
from quecsim.at.lexer import Line, LineEditor
from quecsim.at.spec import Catalogue
from quecsim.commands.context import Context, Handles
from quecsim.commands.settings import Settings, factory_settings
from quecsim.device.datamode import DataMode, SinkStop
from quecsim.device.interpreter import ROOM, DataHooks, Interpreter, Wait, WaitKind
from quecsim.device.ledger import Ledger
from quecsim.device.power import TRANSITIONS, PowerEvent, PowerState
from quecsim.device.receiver import Receiver
from quecsim.device.recorder import Recorder
from quecsim.device.responder import Responder
from quecsim.device.urcs import UrcQueue
from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.stall import Stall
from quecsim.flash.ufs import Ufs
from quecsim.profiles.schema import Profile
from quecsim.trace.event import (
    CommandLine,
    DataBegin,
    DataEnd,
    DeviceLine,
    Eaten,
    Power,
    SendDropped,
    Urc,
    UrcDropped,
)
from quecsim.trace.event import Stall as StallEvent
from quecsim.uart.rate import BYTES_UNBOUNDED
from quecsim.uart.run import ByteRun
from quecsim.uart.transmitter import Transmitter
from quecsim.units import ms, us


class Phase(Enum):
    """What the device does with bytes that arrive."""

    DEAF = auto()  # off, booting or stopping: they are lost
    COMMAND = auto()  # the line editor reads them
    LINE_FEED = auto()  # a line is complete: an LF that follows its CR belongs to it
    BUSY = auto()  # the ring collects them until the device has time
    DATA = auto()  # data mode takes them
    SURPLUS = auto()  # after data mode: thrown away until the host pauses


class Timer(Enum):
    """The device's timers; earlier ones win a tie."""

    POWER = 0  # the power state changes
    WAKE = 1  # the phase is over: LF wait, command latency, flash work, stall, surplus
    GUARD = 2  # the escape's guard time
    IDLE = 3  # the time-out of data mode
    URC = 4  # the gap after a final result is over, or a URC is due
    DROP = 5  # a held transmitter gives up its bytes


XON, XOFF = 0x11, 0x13
_CONTROLS = (XON, XOFF)
_XON_XOFF, _RTS_CTS = 1, 2  # the values of AT+IFC
_FLOW_TEXT = {0: "off", _XON_XOFF: "XON/XOFF", _RTS_CTS: "RTS/CTS"}
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
        self.tx = tx
        self.nor = nor
        self.is_usb = is_usb
        self.ledger = Ledger()
        self.power = PowerState.OFF
        self.phase = Phase.DEAF
        self.line_changed = False
        self.cts = True
        self._record = record
        self._stalls = stalls
        self._now_ns = 0
        self._timers: dict[Timer, int] = {}
        self._editor = LineEditor(profile.at.line_bytes)
        self._urcs = UrcQueue(profile.at)
        self._later: list[tuple[int, int, str]] = []
        self._later_count = 0
        self._last_final_ns = 0
        self._doing = ""
        self._line: Line | None = None
        self._command_end = -1
        self._next_offset = 0
        self._work_from_ns = 0
        self._wait_room = False
        self._is_stalled = False
        self._is_draining = False
        self._discards_surplus = False
        self._is_xoffed = False
        self._then: Callable[[], None] | None = None
        self.mode: DataMode | None = None
        uart, usb = profile.uart, profile.usb
        self.receiver = Receiver(
            usb.rx_ring_bytes if is_usb else uart.rx_ring_bytes,
            uart.rts_off_bytes,
            uart.rts_on_bytes,
            self.ledger,
            record,
        )
        self._deaf_until_ns = 0
        factory = factory_settings(profile)
        factory.urc_port = self._port_name
        self.context = self._new_context(ufs, factory, factory.copy())
        self._responder = Responder(lambda: self.settings, tx, record)
        hooks = DataHooks(self._open_data, self._close_data, self._was_escaped)
        self._interpreter = Interpreter(
            catalogue, self.context, nor, self._responder, self.ledger, record, hooks, self._has_room
        )

    # getters

    @property
    def now_ns(self) -> int:
        """The time of the last thing that happened in the device."""
        return self._now_ns

    @property
    def room(self) -> int:
        """How many bytes can arrive now without any getting lost (a USB device's NAK)."""
        return self.receiver.ring.room if self.phase is Phase.BUSY else BYTES_UNBOUNDED

    @property
    def settings(self) -> Settings:
        """The live settings."""
        return self.context.settings

    @property
    def waiting(self) -> int:
        """Received bytes that are in no place of the ledger yet."""
        held = self.mode.waiting if self.mode is not None else 0
        return self.receiver.ring.level + self._editor.pending + held

    def deadline_ns(self) -> int | None:
        """When the device next wants `handle_timeout`; None: only input can wake it."""
        return min(self._timers.values()) if self._timers else None

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
        while self._timers:
            timer = min(self._timers, key=lambda t: (self._timers[t], t.value))
            if self._timers[timer] > now_ns:
                return
            self._now_ns = max(self._now_ns, self._timers.pop(timer))
            _ON_TIMER[timer](self)

    def handle_tx_change(self, now_ns: int) -> None:
        """Bytes have left the transmitter, or it was released: a waiting command may go on."""
        self._now_ns = max(self._now_ns, now_ns)
        if self._wait_room:
            if self._has_room():
                self._resume()
            else:
                self._wait_room_in_tx(ROOM)

    def set_cts(self, now_ns: int, *, ready: bool) -> None:
        """The host's RTS (our CTS): may we send?"""
        self._now_ns = max(self._now_ns, now_ns)
        self.cts = ready
        self._apply_cts()

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
        self.phase = Phase.COMMAND
        self._record.add(Power(now_ns, self.power, "already up"))

    def power_on(self, now_ns: int) -> None:
        """Switch on: the start-up texts come at their times."""
        self._change_power(now_ns, PowerEvent.POWER_ON)
        self._boot(now_ns, ms(self.profile.boot.ready_ms))

    def cut_power(self, now_ns: int) -> None:
        """Power is gone at once: what the flash was doing is torn."""
        if self.power is PowerState.OFF:
            return
        self._now_ns = max(self._now_ns, now_ns)
        self.nor.cut(self._now_ns - self._work_from_ns)
        self._die(self._now_ns)

    # levers of the commands (commands.context.Control)

    def restart(self, now_ns: int) -> None:
        """AT+CFUN=1,1."""
        self._close_files()
        self._go_dark(now_ns)
        self._change_power(now_ns, PowerEvent.RESTART)
        self._boot(now_ns, ms(self.profile.boot.restart_ms))

    def power_down(self, now_ns: int, *, announce: bool) -> None:
        """AT+QPOWD."""
        self._close_files()
        self._go_dark(now_ns)
        self._change_power(now_ns, PowerEvent.POWER_DOWN)
        if announce:
            self._responder.urc(now_ns, self.profile.boot.power_down_text)
        self._timers[Timer.POWER] = now_ns + ms(self.profile.boot.power_off_ms)

    def apply_line(self, now_ns: int) -> None:
        """The line follows the settings; deaf while the UART reopens."""
        self._deaf_until_ns = now_ns + ms(self.profile.uart.reopen_ms)
        self.line_changed = True
        settings = self.settings
        self._record.add(DeviceLine(now_ns, settings.baud, settings.frame, settings.ifc))
        self._apply_cts()
        self._apply_throttling()

    def send_urc_later(self, now_ns: int, delay_ns: int, text: str) -> None:
        """Schedule an unsolicited result code."""
        self._later_count += 1
        self._later.append((now_ns + delay_ns, self._later_count, text))
        self._later.sort()
        self._arm_urc()

    # bytes to whoever reads them in this phase

    def _receive(self, run: ByteRun) -> int:
        """Bytes off the line: to the reader of this phase, into the ring, or lost."""
        if self.phase is Phase.DEAF:
            return self.receiver.lose_all(run, "off", f"the device was {self.power}")
        if run.edge_ns(0) < self._deaf_until_ns:
            lost = run.head(max(1, run.arrived(self._deaf_until_ns - 1)))
            return self.receiver.lose_all(lost, "reopen", "the UART was being reopened")
        if self.settings.ifc[0] == _XON_XOFF and not self.is_usb:
            run = self._up_to_control(run)
            if run.data[0] in _CONTROLS:
                return self._obey(run.head(1))
        if self.phase is Phase.BUSY:
            return self.receiver.fill(run, self._doing)
        count = self._consume(run, None)
        self.ledger.arrived += count
        return count

    def _consume(self, run: ByteRun, taken_ns: int | None) -> int:
        """Give a prefix of `run` to the reader of this phase; `taken_ns` for bytes off the ring.

        What follows from it is left in `_then`, to be done when the bytes are accounted for.
        """
        return _CONSUME[self.phase](self, run, taken_ns)

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
        while ring.level and self.phase in _CONSUME:
            run = ring.peek()
            assert run is not None
            count = self._consume(run, self._now_ns)
            if count:
                ring.pop(count)
                self.receiver.drained(self._now_ns)
            then, self._then = self._then, None
            if then is not None:
                then()
        self._is_draining = False

    def _at(self, run: ByteRun, index: int, taken_ns: int | None) -> int:
        """Move the device's time to when byte `index` was taken."""
        at_ns = run.edge_ns(index) if taken_ns is None else taken_ns
        self._now_ns = max(self._now_ns, at_ns)
        return self._now_ns

    def _read_commands(self, run: ByteRun, taken_ns: int | None) -> int:
        settings, editor = self.settings, self._editor
        count, line = 0, None
        while count < len(run.data) and line is None:
            byte, at_ns = run.data[count], self._at(run, count, taken_ns)
            if settings.echo:
                self._responder.echo(at_ns, byte)
            line = editor.feed(byte, run.offset + count, settings.s3, settings.s5)
            count += 1
        for junk in editor.ignored():
            self._eat(junk.offset, junk.data, "no command")
        if line is not None:
            self._line, self._command_end = line, run.offset + count
            self.ledger.eaten += line.count
            self._then = self._line_read
        return count

    def _line_read(self) -> None:
        line = self._line
        assert line is not None
        self._responder.flush_echo()
        self._record.add(CommandLine(self._now_ns, line.offset, line.count, line.text))
        wait_ns = 0 if line.repeated else ms(self.profile.at.lf_wait_ms)
        if not wait_ns:
            self._begin_command()
            return
        self.phase = Phase.LINE_FEED
        self._timers[Timer.WAKE] = self._now_ns + wait_ns

    def _read_line_feed(self, run: ByteRun, taken_ns: int | None) -> int:
        at_ns = self._at(run, 0, taken_ns)
        self._then = self._begin_command
        if run.data[0] != self.settings.s4:
            return 0
        self._eat(run.offset, run.data[:1], "LF after CR")
        if self.settings.echo and self.profile.at.echo_lf:
            self._responder.echo(at_ns, run.data[0])
        return 1

    def _take_data(self, run: ByteRun, taken_ns: int | None) -> int:
        mode = self.mode
        assert mode is not None
        before = mode.taken
        count, stop = mode.feed(run, taken_ns)
        self._at(run, max(count - 1, 0), taken_ns)
        self.ledger.in_hand += mode.taken - before
        self._stop_sink(stop)
        return count

    def _skip_surplus(self, run: ByteRun, taken_ns: int | None) -> int:
        at_ns = self._at(run, len(run.data) - 1, taken_ns)
        self._eat(run.offset, run.data, "surplus after the data")
        self._timers[Timer.WAKE] = at_ns + ms(self.profile.files.surplus_discard_ms)
        return len(run.data)

    def _eat(self, offset: int, data: bytes, why: str) -> None:
        self.ledger.eaten += len(data)
        self._record.add(Eaten(self._now_ns, offset, len(data), why, data))

    def _up_to_control(self, run: ByteRun) -> ByteRun:
        """The part of `run` before the first XON or XOFF, or that byte where it comes first."""
        places = [place for byte in _CONTROLS if (place := run.data.find(byte)) >= 0]
        return run.head(max(1, min(places))) if places else run

    def _obey(self, run: ByteRun) -> int:
        """XON or XOFF from the host: not data, whatever mode."""
        self._at(run, 0, None)
        self.ledger.arrived += 1
        self._eat(run.offset, run.data, "flow control")
        self._is_xoffed = run.data[0] == XOFF
        self._apply_cts()
        return 1

    # phases

    def _busy(self, duration_ns: int, doing: str) -> None:
        """Read nothing for `duration_ns`, then wake up."""
        self.phase, self._doing = Phase.BUSY, doing
        self._timers.pop(Timer.IDLE, None)
        self._timers.pop(Timer.GUARD, None)
        if duration_ns:
            self._timers[Timer.WAKE] = self._now_ns + duration_ns
        else:
            self._on_wake()

    def _begin_command(self) -> None:
        self._timers.pop(Timer.WAKE, None)
        self._busy(us(self.profile.at.command_latency_us), _LATENCY)

    def _on_wake(self) -> None:
        """The phase's time is over."""
        if self.phase is Phase.LINE_FEED:
            self._begin_command()
        elif self.phase is Phase.SURPLUS:
            self._idle()
        elif self._is_stalled:
            self._is_stalled = False
            self._receive_data()
        elif self._line is not None:
            self._start_line()
        elif self._interpreter.is_running:
            self._resume()
        else:
            self._after_reply()

    def _start_line(self) -> None:
        line, self._line = self._line, None
        assert line is not None
        self._run(lambda: self._interpreter.start(self._now_ns, line))

    def _resume(self) -> None:
        self._wait_room = False
        self._run(lambda: self._interpreter.resume(self._now_ns))

    def _run(self, step: Callable[[], Wait]) -> None:
        """Let the interpreter go on, and wait for what it waits for."""
        try:
            wait = step()
        except PowerCut:
            self._die(self._now_ns)
            return
        _ON_WAIT[wait.kind](self, wait)
        self._arm_drop()

    def _wait_time(self, wait: Wait) -> None:
        self._work_from_ns = self._now_ns
        self._busy(wait.until_ns - self._now_ns, wait.doing)

    def _wait_room_in_tx(self, wait: Wait) -> None:
        self.phase, self._doing, self._wait_room = Phase.BUSY, wait.doing, True
        at_ns = self.tx.next_edge_ns(self.tx.queued - self._tx_ring_bytes)
        if at_ns is not None:
            self._timers[Timer.WAKE] = max(at_ns, self._now_ns)

    def _wait_data(self, wait: Wait) -> None:
        assert self.mode is not None
        before = self.mode.taken
        stop = self.mode.want(self._now_ns, wait.count)
        self.ledger.in_hand += self.mode.taken - before
        if stop is SinkStop.NONE:
            self._receive_data()
        else:
            self._stop_sink(stop)
            self._go_on()

    def _receive_data(self) -> None:
        """Data mode reads what comes."""
        assert self.mode is not None
        if self.mode.is_complete:
            self._stop_sink(SinkStop.BLOCK)
            self._go_on()
            return
        self.phase = Phase.DATA
        self._timers[Timer.IDLE] = max(self.mode.timeout_ns(), self._now_ns)
        self._arm_guard()
        self._drain()

    def _stop_sink(self, stop: SinkStop) -> None:
        """Note what follows from the bytes that data mode took."""
        if stop is SinkStop.BLOCK:
            self._then = lambda: self._hand_over(None)
        elif stop is SinkStop.STALL:
            self._then = self._stall
        elif stop is SinkStop.ESCAPE:
            self._then = self._escape
        elif self.phase is Phase.DATA:
            self._arm_guard()

    def _hand_over(self, end: DataEndWhy | None) -> None:
        """The block goes to the command that asked for it."""
        assert self.mode is not None
        self._timers.pop(Timer.IDLE, None)
        self._timers.pop(Timer.GUARD, None)
        self.phase, self._doing = Phase.BUSY, _LATENCY
        self._interpreter.answer(self.mode.take(end))
        self._resume()

    def _stall(self) -> None:
        assert self.mode is not None
        stall = self.mode.stall()
        assert stall is not None
        self._is_stalled = True
        until_ns = self._now_ns + stall.duration_ns
        self._record.add(StallEvent(self._now_ns, until_ns, self.mode.taken))
        self._busy(stall.duration_ns, f"a stall that the scenario adds at byte {self.mode.taken}")

    def _escape(self) -> None:
        assert self.mode is not None
        self.ledger.eaten += self.mode.escaped()
        self._hand_over(DataEndWhy.ESCAPE)

    def _line_done(self, _wait: Wait) -> None:
        """The final result is out. Changes of line or power wait until it has left the UART."""
        self._last_final_ns = self._now_ns
        if not self._interpreter.after_reply:
            self._idle()
            return
        gone_ns = self.tx.next_edge_ns(self.tx.queued)
        if gone_ns is None and self.tx.queued:
            gone_ns = self._now_ns + ms(self.profile.uart.tx_drop_ms)
        self._busy(max(0, (gone_ns or 0) - self._now_ns), _SETTLING)

    def _after_reply(self) -> None:
        actions = list(self._interpreter.after_reply)
        self._interpreter.after_reply.clear()
        for action in actions:
            action(self._now_ns)
        if self.phase is Phase.BUSY:
            self._idle()

    def _idle(self) -> None:
        """Ready for the next command line."""
        if self._discards_surplus and self.phase is not Phase.SURPLUS:
            self._discards_surplus = False
            self.phase = Phase.SURPLUS
            wait_ns = ms(self.profile.files.surplus_discard_ms)
            self._timers[Timer.WAKE] = self._now_ns + wait_ns
        else:
            self.phase = Phase.COMMAND
            self._arm_urc()
        self._drain()

    # data mode

    def _open_data(self, now_ns: int, opened: OpenData) -> None:
        if self.profile.at.urc_on_data_mode == "clear":
            for text in self._urcs.clear():
                self._record.add(UrcDropped(now_ns, text, "data mode"))
        self._drop_before_connect()
        ring = self.receiver.ring
        first = ring.peek()
        start = first.offset if first is not None else self._next_offset
        self._record.add(
            DataBegin(
                now_ns, start, opened.command, opened.name, opened.size, opened.ack, ring.level
            )
        )
        self.mode = DataMode(
            opened, start, now_ns, self.profile.escape, self._stalls, self._record
        )
        self._apply_throttling()

    def _drop_before_connect(self) -> None:
        """An LF right behind the command's CR is part of the line; the rest is the quirk's."""
        ring, end = self.receiver.ring, self._command_end
        first = ring.peek()
        if first is not None and first.offset == end and first.data[0] == self.settings.s4:
            self._eat(end, ring.pop(1).data, "LF after CR")
        if self.profile.files.early_bytes == "discard":
            while ring.level:
                run = ring.pop(ring.level)
                self._eat(run.offset, run.data, "sent before CONNECT")

    def _close_data(self, now_ns: int, closed: CloseData) -> None:
        mode = self.mode
        assert mode is not None
        self.receiver.ring.unpop(mode.leftovers())
        first = self.receiver.ring.peek()
        offset = first.offset if first is not None else self._next_offset
        stored = self._interpreter.stored_in_transfer
        self._record.add(
            DataEnd(now_ns, offset, closed.why.value, mode.taken, stored, closed.summary)
        )
        self.mode = None
        self._discards_surplus = self.profile.files.surplus == "discard"
        self._apply_throttling()

    def _was_escaped(self, now_ns: int) -> bool:
        """QFDWL asks: has the host sent `+++`? Whatever else it sent is thrown away."""
        mode, ring = self.mode, self.receiver.ring
        assert mode is not None
        while ring.level:
            run = ring.pop(ring.level)
            thrown, is_escape = mode.discard(run)
            self.ledger.eaten += thrown
            if is_escape:
                self.ledger.eaten += mode.escaped()
                return True
        guard_ns = mode.guard_ns()
        if guard_ns is not None and guard_ns <= now_ns:
            self.ledger.eaten += mode.escaped()
            return mode.is_escape_complete
        return False

    def _on_idle(self) -> None:
        """The data time-out, unless data came since it was set."""
        assert self.mode is not None
        due_ns = self.mode.timeout_ns()
        if due_ns > self._now_ns:
            self._timers[Timer.IDLE] = due_ns
            return
        self._hand_over(DataEndWhy.IDLE)
        self._drain()

    def _on_guard(self) -> None:
        assert self.mode is not None
        before = self.mode.taken
        stop = self.mode.expire(self._now_ns)
        self.ledger.in_hand += self.mode.taken - before
        self._stop_sink(stop)
        self._go_on()

    def _arm_guard(self) -> None:
        assert self.mode is not None
        guard_ns = self.mode.guard_ns()
        if guard_ns is None:
            self._timers.pop(Timer.GUARD, None)
        else:
            self._timers[Timer.GUARD] = max(guard_ns, self._now_ns)

    # unsolicited result codes

    def _on_urc(self) -> None:
        while self._later and self._later[0][0] <= self._now_ns:
            self._queue_urc(self._later.pop(0)[2])
        while self._urcs and self._may_send_urc():
            text = self._urcs.get()
            self._responder.urc(self._now_ns, text)
            self._record.add(Urc(self._now_ns, text))
        self._arm_urc()

    def _queue_urc(self, text: str) -> None:
        if not self.settings.indications.get("all", 1):
            self._record.add(UrcDropped(self._now_ns, text, "switched off by AT+QINDCFG"))
        elif self.settings.urc_port not in ("all", self._port_name):
            self._record.add(UrcDropped(self._now_ns, text, "sent to another port"))
        elif not self._urcs.put(text):
            self._record.add(UrcDropped(self._now_ns, text, "queue full"))

    def _may_send_urc(self) -> bool:
        return self.phase is Phase.COMMAND and self._now_ns >= self._urc_from_ns

    def _arm_urc(self) -> None:
        times = [self._later[0][0]] if self._later else []
        if self._urcs and self.phase is Phase.COMMAND:
            times.append(max(self._urc_from_ns, self._now_ns))
        if times:
            self._timers[Timer.URC] = min(times)
        else:
            self._timers.pop(Timer.URC, None)

    # the line

    def _apply_cts(self) -> None:
        """Hold the transmitter where the host's RTS, its XOFF or the USB host says so."""
        obeys_cts = self.is_usb or self.settings.ifc[0] == _RTS_CTS
        obeys_xoff = not self.is_usb and self.settings.ifc[0] == _XON_XOFF
        if (obeys_cts and not self.cts) or (obeys_xoff and self._is_xoffed):
            self.tx.hold(self._now_ns)
            self._arm_drop()
        else:
            self.tx.release(self._now_ns)
            self._timers.pop(Timer.DROP, None)
            self.handle_tx_change(self._now_ns)

    def _apply_throttling(self) -> None:
        flow = self.settings.ifc[1]
        is_in_scope = self.mode is not None or self.profile.uart.flow_scope == "always"
        self.receiver.flow_texts.device = _FLOW_TEXT[flow]
        self.receiver.set_throttling(
            self._now_ns, throttles=bool(flow) and is_in_scope and not self.is_usb
        )

    def _arm_drop(self) -> None:
        if self.tx.held and self.tx.queued and not self.is_usb and Timer.DROP not in self._timers:
            self._timers[Timer.DROP] = self._now_ns + ms(self.profile.uart.tx_drop_ms)

    def _on_drop(self) -> None:
        dropped = self.tx.clear()
        if dropped:
            self._record.add(SendDropped(self._now_ns, dropped, "cts"))
        self.handle_tx_change(self._now_ns)

    def _has_room(self) -> bool:
        return self.tx.queued <= self._tx_ring_bytes

    # power

    def _change_power(self, now_ns: int, event: PowerEvent) -> None:
        self._now_ns = max(self._now_ns, now_ns)
        self.power = TRANSITIONS[self.power, event]
        self._record.add(Power(now_ns, self.power.value, event.value))

    def _boot(self, now_ns: int, ready_ns: int) -> None:
        self._timers[Timer.POWER] = now_ns + ready_ns
        for urc in self.profile.boot.urcs:
            self.send_urc_later(now_ns, ready_ns + ms(urc.at_ms), urc.text)

    def _on_power(self) -> None:
        if self.power is PowerState.STOPPING:
            self._change_power(self._now_ns, PowerEvent.STOPPED)
            return
        self._change_power(self._now_ns, PowerEvent.READY)
        self.apply_line(self._now_ns)
        self._last_final_ns = self._now_ns - self._urc_gap_ns
        self._idle()

    def _die(self, now_ns: int) -> None:
        """Power is gone: only what the flash holds survives."""
        transfer = self.mode.opened if self.mode is not None else None
        stored = self._interpreter.stored_in_transfer
        dropped = self.tx.clear()
        if dropped:
            self._record.add(SendDropped(now_ns, dropped, "power"))
        self.context.ufs = self._mount()
        if transfer is not None:
            kept = min(stored, self.context.ufs.stat(transfer.name) or 0)
            self.ledger.stored -= stored - kept
            self.ledger.lose("power", stored - kept)
        self._go_dark(now_ns)
        self._change_power(now_ns, PowerEvent.POWER_CUT)

    def _go_dark(self, now_ns: int) -> None:
        """Forget everything that lives in RAM."""
        self._interpreter.abandon()
        if self.mode is not None:
            self.receiver.ring.unpop(self.mode.leftovers())
            stored = self._interpreter.stored_in_transfer
            self._record.add(
                DataEnd(now_ns, self._next_offset, "power", self.mode.taken, stored, "")
            )
        self.mode = self._line = self._then = None
        self.ledger.lose("power", self.ledger.in_hand + self._editor.reset())
        self.ledger.in_hand = 0
        self.receiver.clear(now_ns, "power")
        self._timers.clear()
        self._urcs.clear()
        self._later.clear()
        self._is_stalled = self._wait_room = self._discards_surplus = self._is_xoffed = False
        self.phase = Phase.DEAF
        kept = self.context.kept
        self.context = self._new_context(self.context.ufs, kept.copy(), kept)
        self._interpreter.context = self.context
        self._apply_throttling()

    def _close_files(self) -> None:
        for opened in self.context.handles.files.values():
            opened.file.close()

    def _new_context(self, ufs: Ufs, settings: Settings, kept: Settings) -> Context:
        files = self.profile.files
        handles = Handles(files.first_handle, files.max_open_files)
        return Context(self.profile, settings, kept, ufs, handles, self)

    def _mount(self) -> Ufs:
        files = self.profile.files
        return Ufs(self.nor, name_bytes=files.name_bytes, cache_bytes=files.cache_bytes)

    @property
    def _tx_ring_bytes(self) -> int:
        return self.profile.uart.tx_ring_bytes

    @property
    def _port_name(self) -> str:
        return "usbat" if self.is_usb else "uart1"

    @property
    def _urc_gap_ns(self) -> int:
        return ms(self.profile.at.urc_gap_ms)

    @property
    def _urc_from_ns(self) -> int:
        return self._last_final_ns + self._urc_gap_ns


_CONSUME: dict[Phase, Callable[[Device, ByteRun, int | None], int]] = {
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
    WaitKind.ROOM: Device._wait_room_in_tx,
    WaitKind.DATA: Device._wait_data,
}
