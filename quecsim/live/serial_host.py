"""A board at the other end of a real line: what its UART sends and drives, as inputs of the run.

When did a byte come? An adapter hands bytes over in pieces, some time after they were on the line.
A piece of `n` bytes that is read at `t` counts as back to back, the last one over at `t`: its first
bit was on the line `n` byte times before that. It never counts as earlier than the bytes before
it, nor than what the model has done already: then it is late, by a piece's length at the most. So
a byte comes no faster than the line allows, and is not made to wait beyond that.

The device's bytes leave when the model has sent them, at the pace of the model's line. The UART
keeps a few milliseconds of them, and the rest waits here, where the board's RTS can still hold it.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable

from quecsim.live.backlog import Backlog
from quecsim.live.host import LEAST_BYTES
from quecsim.live.ports.adapter import Adapter, BoardLines, ErrorCounts
from quecsim.live.ports.line_marks import Item, Mark
from quecsim.rig import Rig
from quecsim.rig.host_reading import HostReading
from quecsim.trace.event import AdapterErrors
from quecsim.uart.rate import Rate, UartRate
from quecsim.uart.run import ByteRun
from quecsim.units import ms

_LINES_NS = ms(2)  # how often the board's modem lines are looked at while bytes go to it
_REST_NS = ms(20)  # and while none do
_LOOKS_SHARE = 20  # looking takes no more than one part in so many of the time
_ERRORS_NS = ms(100)
_POLL_NS = ms(1)  # room in the adapter, or its last bit: no descriptor tells

_FINDS = (
    "the device would find the board's rate, and an adapter has one of its own: it is at {}; "
    "another one is ipr in [device_settings] of a scenario"
)

Teller = Callable[[str], None]


class SerialHost:
    """A `quecsim.live.host.Host`. `turn_ns` is the model's time of the loop's turn; `tell` gets a
    sentence about what only a real line can have.
    """

    def __init__(
        self, rig: Rig, adapter: Adapter, turn_ns: Callable[[], int], tell: Teller
    ) -> None:
        self._rig = rig
        self._adapter = adapter
        self._turn_ns = turn_ns
        self._tell = tell
        self._backlog = Backlog(rig, adapter, HostReading(rig))
        self._later: deque[ByteRun] = deque()  # they need another rate, or come behind such
        self._set: tuple[int, str] | None = None
        self._free_ns = 0  # when what the adapter was given has left it
        self._lines: BoardLines | None = None
        self._has_dtr = False
        self._looked_ns = self._counted_ns = 0
        self._look_ns = _LINES_NS
        self._errors = ErrorCounts()
        self._damaged = 0
        self._has_left = False

    def come(self, now_ns: int) -> None:
        """The line begins; the adapter is set as the device is."""
        rig = self._rig
        rig.host_port(now_ns, is_open=True)
        if rig.device.is_finding_rate:
            self._tell(_FINDS.format(rig.line_rate))
        self._set_adapter(now_ns, *self._device_line)
        self._drive()
        self._follow_lines(now_ns)

    @property
    def gone(self) -> str:
        """Why there is no line any more, in words; empty: there is one."""
        return self._adapter.gone

    @property
    def readers(self) -> list[int]:
        """See `Host`."""
        return self._adapter.readers if self._rig.input_room >= LEAST_BYTES else []

    @property
    def writers(self) -> list[int]:
        """See `Host`."""
        return self._adapter.writers

    @property
    def is_readable(self) -> bool:
        """What an adapter holds back nobody sees: what has come was read in the last turn."""
        return False

    @property
    def has_backlog(self) -> bool:
        """See `Host`."""
        return bool(self._backlog) or bool(self._later)

    @property
    def due_ns(self) -> int | None:
        """See `Host`."""
        if self._has_left:
            return None
        now_ns = self._turn_ns()
        if self.has_backlog or self._set != self._device_line:
            return now_ns + _POLL_NS
        return now_ns + (max(_REST_NS, self._look_ns) if self._rig.is_quiet else self._look_ns)

    def take(self, at_ns: int) -> bool:  # noqa: ARG002 - a real line says when its bytes came
        """See `Host`."""
        now_ns = self._turn_ns()
        room = self._rig.input_room
        if items := self._adapter.read(room if room >= LEAST_BYTES else 0):
            self._arrive(now_ns, items)
        self._look(now_ns)
        return bool(items)

    def follow(self, now_ns: int) -> None:  # noqa: ARG002 - it is done at once
        """See `Host`."""
        self._drive()

    def send(self, now_ns: int, runs: Iterable[ByteRun]) -> None:
        """See `Host`."""
        self._later += runs
        ready: list[ByteRun] = []
        while self._later and self._has_rate_of(now_ns, self._later[0], is_first=not ready):
            ready.append(self._later.popleft())
        self._give(now_ns, ready)
        if not self._later and self._set != self._device_line and self._is_free(now_ns):
            self._set_adapter(now_ns, *self._device_line)

    def note_unread(self, now_ns: int, *, is_last: bool = False) -> None:
        """Nobody knows what a board has read."""

    def leave(self, now_ns: int) -> None:
        """The line is over, and all errors are on record."""
        if not self._has_left:
            self._has_left = True
            self._count(now_ns)
            self._rig.host_port(now_ns, is_open=False)

    @property
    def _device_line(self) -> tuple[int, str]:
        return _settings_of(self._rig.line_rate)

    # from the board

    def _arrive(self, now_ns: int, items: list[Item]) -> None:
        rig = self._rig
        count = sum(len(item) if isinstance(item, bytes) else 1 for item in items)
        begin_ns = now_ns - rig.line_rate.span_ns(count)
        begin_ns = min(now_ns, max(begin_ns, rig.moment.now_ns))
        for item in items:
            if isinstance(item, bytes):
                rig.host_write(begin_ns, item)
            elif item is Mark.BREAK:
                rig.host_break(begin_ns, is_on=True)
                rig.host_break(begin_ns, is_on=False)
            else:
                self._damaged += 1

    def _look(self, now_ns: int) -> None:
        """At the modem lines and the counters, when it is time for that."""
        if self._adapter.gone:
            self.leave(now_ns)
            return
        if now_ns - self._looked_ns >= self._look_ns:
            self._looked_ns = now_ns
            begin_ns = time.monotonic_ns()
            self._follow_lines(now_ns)
            cost_ns = time.monotonic_ns() - begin_ns  # some drivers ask their chip, over USB
            self._look_ns = max(_LINES_NS, cost_ns * _LOOKS_SHARE)
            for text in self._adapter.take_complaints():
                self._tell(text)
        if now_ns - self._counted_ns >= _ERRORS_NS:
            self._counted_ns = now_ns
            self._count(now_ns)

    def _follow_lines(self, now_ns: int) -> None:
        """A DTR that was never on is one that nobody has connected: it counts as on."""
        for lines in self._adapter.take_lines():
            if lines != self._lines:
                self._lines = lines
                self._has_dtr = self._has_dtr or lines.dtr
                self._rig.host_rts(now_ns, is_on=lines.rts)
                self._rig.host_dtr(now_ns, is_on=lines.dtr or not self._has_dtr)

    def _count(self, now_ns: int) -> None:
        now = self._adapter.errors() or self._errors
        new, damaged = now.since(self._errors), self._damaged
        if new == ErrorCounts() and not damaged:
            return
        self._errors, self._damaged = now, 0
        self._rig.adapter_errors(
            AdapterErrors(now_ns, new.overruns, new.framing, new.parity, damaged)
        )

    # to the board

    def _drive(self) -> None:
        self._adapter.drive(rts=self._rig.cts, dtr=self._rig.dsr)

    def _has_rate_of(self, now_ns: int, run: ByteRun, *, is_first: bool) -> bool:
        """The adapter has the rate at which `run` is to be sent, or can have it now."""
        wanted = _settings_of(run.rate)
        if wanted == self._set:
            return True
        if not is_first or not self._is_free(now_ns):
            return False
        self._set_adapter(now_ns, *wanted)
        return True

    def _give(self, now_ns: int, runs: list[ByteRun]) -> None:
        waited = len(self._backlog)
        self._backlog.send(now_ns, runs)
        given = waited + sum(len(run.data) for run in runs) - len(self._backlog)
        if given > 0:
            self._free_ns = max(self._free_ns, now_ns) + self._rig.line_rate.span_ns(given)

    def _is_free(self, now_ns: int) -> bool:
        """All that was sent so far is on the line, or past it."""
        if self._backlog or now_ns < self._free_ns + ms(self._adapter.empties_ms):
            return self._set is None
        return self._adapter.is_drained()

    def _set_adapter(self, now_ns: int, baud: int, frame: str) -> None:
        self._free_ns = max(self._free_ns, now_ns)
        self._set = baud, frame
        self._adapter.set_line(baud, frame)


def _settings_of(rate: Rate) -> tuple[int, str]:
    assert isinstance(rate, UartRate), rate
    return rate.baud, str(rate.frame)
