"""Data mode: the host's bytes are a file, not commands, until the count, a time-out or `+++`.

The sink takes bytes for one block at a time. It knows where the scenario's stalls are, holds back
pluses that may be the escape, runs the time-out, and notices commands that a host sends into it.
"""

import re
from collections import deque
from collections.abc import Sequence

from quecsim.at.effects import DataEndWhy, OpenData, Taken
from quecsim.device.escape import EscapeDetector, PlusVerdict
from quecsim.device.sinks import SinkStop
from quecsim.faults.places.data import ByteTrigger
from quecsim.flash.stall import AddedStall
from quecsim.profiles.schema import Escape
from quecsim.trace.event import Swallowed
from quecsim.trace.recorder import Recorder
from quecsim.uart.run import ByteRun
from quecsim.uart.spans import Spans
from quecsim.units import ms

_COMMAND_PAUSE_NS = ms(20)
_COMMAND_BYTES = 256
_COMMAND = re.compile(rb"(?:A|AT|AT[+&EIZV])?", re.IGNORECASE)


class CommandSpotter:
    """Watches data for something that looks like a command after a pause, or at the beginning: a
    host that is lost.
    """

    __slots__ = ("_burst", "_is_first", "_offset", "_pause_ns", "_record", "_transfer")

    def __init__(self, record: Recorder, transfer: int) -> None:
        self._transfer = transfer
        self._record = record
        self._burst: bytearray | None = None
        self._is_first = True
        self._offset = 0
        self._pause_ns = 0

    def see(self, run: ByteRun, pause_ns: int) -> None:
        """Data went by; `pause_ns` of silence came before it."""
        if pause_ns >= _COMMAND_PAUSE_NS or self._is_first:
            self._is_first = False
            self._burst, self._offset, self._pause_ns = bytearray(), run.offset, max(0, pause_ns)
        if self._burst is not None:
            self._collect(run)

    def end(self, now_ns: int) -> None:
        """No more data: a line that has begun goes on behind it, if it does."""
        if self._burst:
            self._add(now_ns, self._burst.decode(), is_cut=True)

    def _collect(self, run: ByteRun) -> None:
        assert self._burst is not None
        self._burst += run.data[: _COMMAND_BYTES - len(self._burst)]
        line, end, _ = bytes(self._burst).partition(b"\r")
        if not _COMMAND.fullmatch(line[:3]) or not line.isascii():
            self._burst = None
        elif end or len(line) >= _COMMAND_BYTES:  # without CR: a text that goes on, no command
            self._burst = None
            if end and len(line) > 1:
                self._add(run.edge_ns(run.data.index(end)), line.decode())

    def _add(self, at_ns: int, text: str, *, is_cut: bool = False) -> None:
        swallowed = Swallowed(at_ns, self._offset, self._pause_ns, text, self._transfer, is_cut)
        self._record.add(swallowed)


class DataMode:
    """One stay in data mode. `start` is the stream offset of the first byte that counts.

    A byte goes through three places: held (it may be part of `+++`), due (it is data, but the
    block before it is full), taken (it is in the block).
    """

    def __init__(
        self,
        opened: OpenData,
        start: int,
        now_ns: int,
        escape: Escape,
        stalls: Sequence[AddedStall],
        record: Recorder,
        triggers: Sequence[ByteTrigger] = (),
        transfer: int = 0,
    ) -> None:
        self.transfer = transfer
        self.opened = opened
        self.start = start
        self.taken = 0
        self.stored = 0
        self.forwarded = 0
        self.wanted_end: DataEndWhy | None = None  # by the host's DTR, or the connection's end
        self.gather_ns: int | None = None
        self._ends = {
            byte: stop
            for byte, stop in (
                (opened.end_byte, SinkStop.TERMINATOR),
                (opened.cancel_byte, SinkStop.CANCEL),
            )
            if byte is not None
        }
        self._escape = EscapeDetector(escape, now_ns)
        self._held: list[ByteRun] = []
        self._due: deque[ByteRun] = deque()
        self._stalls = stalls
        self._triggers = triggers
        self._parts: list[bytes] = []
        self._spans = Spans()  # of all that was taken
        self._missing = 0
        self._begin_ns = now_ns
        self._idle_from_ns = now_ns
        self._last_edge_ns = now_ns
        self._spotter = CommandSpotter(record, transfer)

    @property
    def waiting(self) -> int:
        """Bytes that are held or due."""
        return len(self._held) + sum(len(run.data) for run in self._due)

    @property
    def is_complete(self) -> bool:
        """The block is full."""
        return not self._missing

    @property
    def is_escape_complete(self) -> bool:
        """Three pluses are held."""
        return self._escape.is_complete

    def want(self, now_ns: int, count: int, gather_ns: int | None = None) -> SinkStop:
        """The next block is `count` bytes long, or ends `gather_ns` after a byte that no other
        follows; the time-out runs anew.
        """
        self._missing = count
        self.gather_ns = gather_ns
        self._idle_from_ns = now_ns
        return self._take_due(now_ns)

    def feed(self, run: ByteRun, now_ns: int | None) -> tuple[int, SinkStop]:
        """Take a prefix of `run`; returns its length and why the sink stops there.

        `now_ns` is the time of taking for bytes out of the ring, None for bytes off the line.
        """
        can_escape = self.opened.can_escape
        if can_escape and self._escape.is_candidate(run.data[0], run.edge_ns(0)):
            return self._feed_candidate(run, now_ns)
        if not self._missing:
            return 0, SinkStop.BLOCK
        if self._ends and (stop := self._ends.get(run.data[0])) is not None:
            return 1, stop
        count = min(self._room(), len(run.data))
        for byte in self._ends:
            place = run.data.find(byte, 0, count)
            count = count if place < 0 else place
        return count, self._accept(run if count == len(run.data) else run.head(count), now_ns)

    def discard(self, run: ByteRun) -> tuple[list[ByteRun], bool]:
        """Nothing is expected of the host (QFDWL): returns the bytes that were thrown away
        (those held before among them), and whether `+++` was complete by the end of `run`.
        """
        thrown: list[ByteRun] = []
        for index, byte in enumerate(run.data):
            edge_ns = run.edge_ns(index)
            verdict = PlusVerdict.DATA
            if self._escape.is_candidate(byte, edge_ns):
                verdict = self._escape.feed(byte, edge_ns)
            if verdict is PlusVerdict.HELD:
                self._held.append(run.tail(index).head(1))
                continue
            if verdict is PlusVerdict.ESCAPED:
                return [*thrown, run.tail(index)], True
            thrown += [*self.escaped(), run.tail(index).head(1)]
            self._escape.passed(edge_ns)
        return thrown, False

    def end(self, now_ns: int) -> None:
        """Data mode is over."""
        self._spotter.end(now_ns)

    def expire(self, now_ns: int) -> SinkStop:
        """The escape's guard time is over: it was one, or the pluses are data."""
        if self._escape.is_complete:
            return SinkStop.ESCAPE
        self._release()
        return self._take_due(now_ns)

    def guard_ns(self) -> int | None:
        """When `expire` is due."""
        return self._escape.deadline_ns

    @property
    def is_gathering(self) -> bool:
        """Some bytes of the block are there, and a pause now would be its end."""
        return self.gather_ns is not None and bool(self._parts)

    def timeout_ns(self) -> int | None:
        """When the host has been silent for too long; None: it may be for ever."""
        if self.is_gathering:
            assert self.gather_ns is not None
            return self._idle_from_ns + self.gather_ns
        if self.opened.timeout_ns is None:
            return None
        base_ns = self._idle_from_ns if self.opened.is_idle_timer else self._begin_ns
        return base_ns + self.opened.timeout_ns

    def take(self, end: DataEndWhy | None) -> Taken:
        """Hand the block over."""
        parts, self._parts = self._parts, []
        return Taken(parts[0] if len(parts) == 1 else b"".join(parts), end)

    def escaped(self) -> list[ByteRun]:
        """The held pluses were the escape, or nothing: hand them out, they are no data."""
        held, self._held = self._held, []
        self._escape.release()
        return held

    def untake(self, count: int) -> list[tuple[int, int]]:
        """The last `count` bytes that were taken are gone: where they were, as (offset, count)."""
        return self._spans.pop(count)

    def leftovers(self) -> list[ByteRun]:
        """What was held or due when data mode ended: it belongs to whoever reads next."""
        runs = [*self._due, *self._held]
        self._due.clear()
        self._held.clear()
        return runs

    def stall(self) -> AddedStall | None:
        """The stall due at exactly this count of taken bytes."""
        return next((stall for stall in self._stalls if stall.is_due(self.taken)), None)

    def due_triggers(self) -> list[ByteTrigger]:
        """The faults that are due there."""
        return [trigger for trigger in self._triggers if trigger.is_due(self.taken)]

    def _room(self) -> int:
        """Bytes that the sink takes before it stops: for the block, a stall, or a fault."""
        room = self._missing
        for stall in self._stalls:
            room = min(room, stall.distance(self.taken))
        for trigger in self._triggers:
            room = min(room, trigger.distance(self.taken))
        return room

    def _feed_candidate(self, run: ByteRun, now_ns: int | None) -> tuple[int, SinkStop]:
        verdict = self._escape.feed(run.data[0], run.edge_ns(0))
        if verdict is PlusVerdict.ESCAPED:
            return 0, SinkStop.ESCAPE
        if verdict is PlusVerdict.HELD:
            self._held.append(run.head(1))
            self._idle_from_ns = run.edge_ns(0) if now_ns is None else now_ns  # not silent
            return 1, SinkStop.NONE
        self._release()
        stop = self._take_due(run.edge_ns(0) if now_ns is None else now_ns)
        return (0, stop) if stop is not SinkStop.NONE else self.feed(run, now_ns)

    def _release(self) -> None:
        self._due.extend(self._held)
        self._held.clear()
        self._escape.release()

    def _take_due(self, now_ns: int) -> SinkStop:
        while self._due and self._missing:
            stop = self._accept(self._due.popleft(), now_ns)
            if stop is not SinkStop.NONE:
                return stop
        return SinkStop.BLOCK if self._due else SinkStop.NONE

    def _accept(self, run: ByteRun, now_ns: int | None) -> SinkStop:
        first_ns, last_ns = run.edge_ns(0), run.edge_ns(len(run.data) - 1)
        self._spotter.see(run, first_ns - self._last_edge_ns)
        self._escape.passed(last_ns)
        self._last_edge_ns = last_ns
        self._idle_from_ns = last_ns if now_ns is None else now_ns
        self._parts.append(run.data)
        self._missing -= len(run.data)
        self.taken += len(run.data)
        self._spans.add(run.offset, len(run.data))
        if self._stalls and self.stall() is not None:
            return SinkStop.STALL
        if self._triggers and self.due_triggers():
            return SinkStop.STALL
        return SinkStop.BLOCK if not self._missing else SinkStop.NONE
