"""Data mode on the device's side: opening and closing it, feeding it, its timers and its record."""

from collections.abc import Sequence

from quecsim.at.effects import CloseData, DataEndWhy, Discard, OpenData, Taken
from quecsim.at.spec import Ask
from quecsim.device.datamode import DataMode
from quecsim.device.responder import Responder
from quecsim.device.shared import Shared, Timer
from quecsim.device.sinks import SinkStop
from quecsim.device.transfers import Transfers
from quecsim.faults.device_faults import DeviceFaults
from quecsim.flash.stall import AddedStall
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.event import DataBegin, DataEnd, Stalled, Stored
from quecsim.uart.run import ByteRun

_POWER = "its power was going"
_UNUSED = "the command ended before they were stored"
_END_BYTES = {SinkStop.TERMINATOR: EatenWhy.TERMINATOR, SinkStop.CANCEL: EatenWhy.CANCEL}


class DataPort:
    """Owns the current stay in data mode, if there is one (`mode`)."""

    def __init__(
        self,
        shared: Shared,
        stalls: Sequence[AddedStall],
        faults: DeviceFaults,
        transfers: Transfers,
        responder: Responder,
    ) -> None:
        self.mode: DataMode | None = None
        self._shared = shared
        self._stalls = stalls
        self._faults = faults
        self._transfers = transfers
        self._responder = responder

    @property
    def open_mode(self) -> DataMode:
        """The stay in data mode that must be there."""
        assert self.mode is not None
        return self.mode

    @property
    def waiting(self) -> int:
        """Bytes that data mode holds back."""
        return self.mode.waiting if self.mode is not None else 0

    def open(self, opened: OpenData) -> None:
        """The host's bytes are data from here on: first those in the ring, by the quirk."""
        shared, ring = self._shared, self._shared.receiver.ring
        if shared.profile.files.early_bytes == "discard":
            while ring.level:
                run = ring.pop(ring.level)
                shared.eat(run.offset, run.data, EatenWhy.EARLY)
                shared.receiver.drained(shared.now_ns)
        start = ring.first_offset(shared.next_offset)
        ask = Ask(opened.name, opened.size, opened.timeout_ns or 0, opened.command != "+QFDWL")
        number = self._transfers.begin(shared.now_ns, opened.command, ask)
        shared.record.add(
            DataBegin(
                shared.now_ns,
                start,
                opened.command,
                opened.name,
                opened.size,
                opened.ack,
                ring.level,
                number,
                opened.block_bytes,
            )
        )
        self.mode = DataMode(
            opened,
            start,
            shared.now_ns,
            shared.profile.escape,
            self._stalls,
            shared.record,
            self._faults.data.triggers,
            number,
        )

    def close(self, closed: CloseData) -> None:
        """The host's bytes are commands again: also those that data mode has not used."""
        shared, ring = self._shared, self._shared.receiver.ring
        ring.unpop(self.open_mode.leftovers())
        self._end(ring.first_offset(shared.next_offset), closed)

    def give_up(self) -> None:
        """The command that opened data mode is over and has not closed it: so that is an error,
        and what it had in hand is nowhere.
        """
        if in_hand := self._shared.ledger.in_hand:
            self.lose_taken(in_hand, "storage", _UNUSED)
            self._shared.ledger.in_hand = 0
        self.close(CloseData(DataEndWhy.ERROR, ""))

    def abandon(self) -> None:
        """Power has gone: what was held falls back into the ring, and is lost with it."""
        if self.mode is not None:
            self._shared.receiver.ring.unpop(self.mode.leftovers())
            self._end(self._shared.next_offset, None)

    def want(self, count: int, gather_ns: int | None = None) -> SinkStop:
        """The next block is `count` bytes long; with `gather_ns`, or ends with such a pause."""
        mode = self.open_mode
        before = mode.taken
        stop = mode.want(self._shared.now_ns, count, gather_ns)
        self._shared.ledger.in_hand += mode.taken - before
        return stop

    def feed(self, run: ByteRun, taken_ns: int | None) -> tuple[int, SinkStop]:
        """Take a prefix of `run`; returns its length and why it stops there."""
        mode = self.open_mode
        before = mode.taken
        count, stop = mode.feed(run, taken_ns)
        if self.echoes and stop not in _END_BYTES:
            self._echo(run.head(count), taken_ns)
        self._shared.taken_at(run, max(count - 1, 0), taken_ns)
        self._shared.ledger.in_hand += mode.taken - before
        if stop is SinkStop.NONE:
            self._arm_guard()
            if mode.is_gathering:
                self._arm_timeout()
        elif stop in _END_BYTES:
            self._shared.eat(run.offset, run.data[:1], _END_BYTES[stop])
        return count, stop

    @property
    def echoes(self) -> bool:
        """The host sees what it types."""
        return self.open_mode.opened.echoes and bool(self._shared.settings.echo)

    def _echo(self, run: ByteRun, taken_ns: int | None) -> None:
        while run.data:
            room = self._responder.echo_room
            self._responder.echo_run(run.head(room), taken_ns)
            if self._responder.has_long_echo:
                self._responder.flush_echo()
            run = run.tail(min(room, len(run.data)))

    def hand_over(self, end: DataEndWhy | None) -> Taken:
        """The block for the command that asked for it."""
        if end is DataEndWhy.ESCAPE:
            self._shared.eat_runs(self.open_mode.escaped(), EatenWhy.ESCAPE)
        return self.open_mode.take(end)

    def arm(self) -> None:
        """Data mode reads from now on: its timers run."""
        self._arm_timeout()
        self._arm_guard()

    def disarm(self) -> None:
        """Data mode reads nothing for a while."""
        self._shared.stop_timer(Timer.IDLE)
        self._shared.stop_timer(Timer.GUARD)

    def is_timed_out(self) -> bool:
        """The time-out has come; if data came since it was set, it is set anew."""
        due_ns = self.open_mode.timeout_ns()
        if due_ns is None or due_ns > self._shared.now_ns:
            self._arm_timeout()
            return False
        return True

    def guard_over(self) -> SinkStop:
        """The escape's guard time is over."""
        mode = self.open_mode
        before = mode.taken
        stop = mode.expire(self._shared.now_ns)
        self._shared.ledger.in_hand += mode.taken - before
        if stop is SinkStop.NONE:
            self._arm_guard()
        return stop

    def begin_stall(self) -> tuple[int, str]:
        """The stall that is due, or the faults: how long they take, and in words."""
        shared, mode = self._shared, self.open_mode
        for trigger in mode.due_triggers():
            if self._faults.data.hit(trigger, shared.now_ns):
                return 1, _POWER  # whoever runs the device does it, now
        stall = mode.stall()
        if stall is None:
            return 0, ""
        until_ns = shared.now_ns + stall.duration_ns
        shared.record.add(Stalled(shared.now_ns, until_ns, mode.taken))
        return stall.duration_ns, f"the stall that was asked for at byte {mode.taken} lasted"

    def was_escaped(self) -> bool:
        """Has the host sent `+++` during a download? Whatever else it sent is thrown away."""
        shared, mode, ring = self._shared, self.open_mode, self._shared.receiver.ring
        is_escape = False
        while ring.level and not is_escape:
            thrown, is_escape = mode.discard(ring.pop(ring.level))
            shared.eat_runs(thrown, EatenWhy.IN_DOWNLOAD)
            shared.receiver.drained(shared.now_ns)
        guard_ns = mode.guard_ns()
        is_over = guard_ns is not None and guard_ns <= shared.now_ns
        is_escape = is_escape or (is_over and mode.is_escape_complete)
        if is_escape or is_over:
            shared.eat_runs(mode.escaped(), EatenWhy.ESCAPE if is_escape else EatenWhy.IN_DOWNLOAD)
        return is_escape

    def discard(self, effect: Discard) -> None:
        """The last bytes that were taken are no file."""
        done = 0
        for offset, length in self.open_mode.untake(len(effect.data)):
            self._shared.eat(offset, effect.data[done : done + length], effect.why)
            done += length
        self._shared.ledger.in_hand -= done

    def lose_taken(self, count: int, cause: str, doing: str) -> None:
        """The last `count` bytes that were taken never got into the file, or not for good."""
        for offset, length in self.open_mode.untake(count):
            self._shared.receiver.lose(self._shared.now_ns, offset, length, cause, doing)

    def unstore(self, kept: int, cause: str, doing: str) -> None:
        """All but `kept` of the bytes that were counted as stored did not survive."""
        mode = self.open_mode
        count = mode.stored - kept
        if count > 0:
            now_ns, transfer = self._shared.now_ns, mode.transfer
            self._shared.ledger.stored -= count
            mode.stored = kept
            self._shared.record.add(Stored(now_ns, mode.opened.name, -count, kept, transfer))
            self.lose_taken(count, cause, doing)

    def _arm_timeout(self) -> None:
        timeout_ns = self.open_mode.timeout_ns()
        if timeout_ns is None:
            self._shared.stop_timer(Timer.IDLE)
        else:
            self._shared.timers[Timer.IDLE] = max(timeout_ns, self._shared.now_ns)

    def _end(self, offset: int, closed: CloseData | None) -> None:
        """Data mode is over; `closed` is None where the power went."""
        taken, stored = self.open_mode.taken, self.open_mode.stored
        self.open_mode.end(self._shared.now_ns)
        points = self._faults.points
        points["data_byte"] = max(points["data_byte"], taken)
        transfer = self.open_mode.transfer
        self._shared.record.add(
            DataEnd(
                self._shared.now_ns,
                offset,
                closed.why.value if closed else "power",
                taken,
                stored,
                closed.summary if closed else "",
                transfer,
                closed.checksum if closed else None,
                closed.file_bytes if closed else None,
            )
        )
        self.mode = None

    def _arm_guard(self) -> None:
        guard_ns = self.open_mode.guard_ns()
        if guard_ns is None:
            self._shared.stop_timer(Timer.GUARD)
        else:
            self._shared.timers[Timer.GUARD] = max(guard_ns, self._shared.now_ns)
