"""The wire towards the host: what the device has sent, after noise and a wrong rate's garbage."""

from collections.abc import Callable
from dataclasses import replace

from quecsim.faults.places.agenda import Agenda
from quecsim.faults.places.wire import WireFaults
from quecsim.rig.config import RigConfig
from quecsim.rig.far_end import FarEnd
from quecsim.trace.event import SendDropped
from quecsim.trace.recorder import Recorder
from quecsim.uart.garble import garble
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import NO_OFFSET, Sender
from quecsim.units import ms


class Outbound:
    """Collects what arrives at the host. `runs` are those that nobody has taken yet; `tap` hears
    what the device has sent.
    """

    def __init__(
        self,
        tx: Sender,
        far: FarEnd,
        config: RigConfig,
        agenda: Agenda,
        record: Recorder,
    ) -> None:
        self.runs: list[ByteRun] = []
        self.tap: Callable[[ByteRun], None] | None = None
        self.faults = WireFaults(config.seed, " to the host")
        self.passed = 0  # bytes of the device's stream, where anybody counts them
        self._tx = tx
        self._far = far
        self._agenda = agenda
        self._record = record
        self._garbles = config.garbles
        self._break_until_ns = -1
        self._swallowed = 0

    @property
    def is_spoiled(self) -> bool:
        """What arrives may be other than what was sent."""
        return self.faults.is_armed or self._break_until_ns >= 0 or self._garbles

    @property
    def is_watched(self) -> bool:
        """Something may happen to the next byte that arrives, and goes on record then."""
        return self.faults.is_armed or self._is_garbling

    @property
    def _is_garbling(self) -> bool:
        return self._garbles and self._far.is_misheard

    def next_ns(self) -> int | None:
        """When the next byte arrives that noise hits, or a wrong rate."""
        if self._is_garbling:
            return self._tx.next_arrival_ns()
        if not self.faults.is_armed:
            return None
        place = self.faults.next_hit(self.passed, self.passed + self._tx.untaken)
        return None if place is None else self._tx.arrival_ns(place - self.passed)

    def collect(self, now_ns: int) -> None:
        """What the device has sent by now is with the host."""
        sent = self._tx.take_sent(now_ns)
        if not sent:
            return
        if self.tap is not None:
            for run in sent:
                self.tap(run)
        if self.faults.is_armed or self._break_until_ns >= 0:
            sent = [run for each in sent for run in self._through(each)]
        else:
            for run in sent:
                if run.offset != NO_OFFSET:
                    self.passed += len(run.data)
        if self._garbles and self._far.is_misheard:
            sent = [piece for run in sent for piece in self._garbled(run)]
        self.runs += sent

    def take(self) -> list[ByteRun]:
        """What has come since the last call."""
        runs, self.runs = self.runs, []
        return runs

    def break_line(self, now_ns: int, break_ms: int) -> None:
        """The line is low for that long: one NUL, and nothing that is sent meanwhile."""
        self.runs += self._extra(now_ns, b"\0")
        self._begin_break(now_ns, break_ms)

    def _begin_break(self, now_ns: int, break_ms: int) -> None:
        self._break_until_ns = max(self._break_until_ns, now_ns + ms(break_ms))
        self._agenda.add(now_ns + ms(break_ms), self._end_break)

    def _end_break(self, now_ns: int) -> None:
        self.collect(now_ns)
        if self._swallowed:
            self._record.add(SendDropped(now_ns, self._swallowed, "noise"))
            self._swallowed = 0

    def _through(self, run: ByteRun) -> list[ByteRun]:
        if run.offset == NO_OFFSET:
            return self._unbroken(run)
        through: list[ByteRun] = []
        while run.data:
            place = self.faults.next_hit(self.passed, self.passed + len(run.data))
            clean = len(run.data) if place is None else place - self.passed
            if clean:
                through += self._unbroken(run.head(clean))
            else:
                clean = 1
                through += self._struck(run.head(1))
            run = run.tail(clean)
            self.passed += clean
        return through

    def _struck(self, run: ByteRun) -> list[ByteRun]:
        at_ns = run.edge_ns(0)
        hit = self.faults.hit(self.passed, at_ns)
        extra = [run for data in hit.inserts for run in self._extra(at_ns, data)]
        for break_ms in hit.breaks:
            extra += self._extra(at_ns, b"\0")
            self._begin_break(at_ns, break_ms)
        if hit.drops and not hit.breaks:
            self._record.add(SendDropped(at_ns, 1, "noise"))
            return extra
        run = replace(run, data=bytes((run.data[0] ^ hit.mask,)))
        return [*extra, *self._unbroken(run)]

    def _unbroken(self, run: ByteRun) -> list[ByteRun]:
        """What of the run is not swallowed by a break."""
        gone = run.arrived(self._break_until_ns)
        self._swallowed += gone
        return [run.tail(gone)] if gone < len(run.data) else []

    def _extra(self, at_ns: int, data: bytes) -> list[ByteRun]:
        """Bytes that nobody sent, each of them there at `at_ns`."""
        rate = self._tx.rate
        origin_ns = at_ns - rate.span_ns(1)
        return [ByteRun(origin_ns, 0, rate, bytes((byte,)), NO_OFFSET) for byte in data]

    def _garbled(self, run: ByteRun) -> list[ByteRun]:
        """What the host's UART makes of them. Those with a stop bit keep their times; of the others
        it makes nothing.
        """
        receiver = self._far.rx_rate
        read = [garble(byte, run.rate, receiver) for byte in run.data]
        pieces: list[ByteRun] = []
        start = 0
        for index, byte in enumerate((*read, None)):
            if byte is not None:
                continue
            if data := bytes(good for good in read[start:index] if good is not None):
                pieces.append(run.part(start, len(data)).with_data(data))
            if index < len(read):
                self._record.add(SendDropped(run.edge_ns(index), 1, "framing"))
            start = index + 1
        return pieces
