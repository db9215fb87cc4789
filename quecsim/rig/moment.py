"""The moment that a rig has come to. Time never goes back, and what comes from outside comes last.

Whatever the host or a person does at a time is done after everything that is due by that time. It
is a rule without exception: so a record, which does not tell when somebody looked, is enough to
repeat the run.
"""

from quecsim.trace.recorder import Recorder
from quecsim.uart.transmitter import Transmitter


class Moment:
    """`now_ns` is the time of the last thing that happened, or that was asked for.

    `is_settled`: everything that is due by then has happened, and nothing has come from outside
    since. `line` is the far end's transmitter: while it is empty, no byte goes on what the record
    holds. Before `idle_until_ns` nothing is due, unless something comes from outside; 0: nobody has
    looked.
    """

    __slots__ = ("_is_write", "_line", "_record", "idle_until_ns", "is_settled", "now_ns")

    def __init__(self, record: Recorder, line: Transmitter) -> None:
        self.now_ns = 0
        self.is_settled = False
        self.idle_until_ns = 0
        self._is_write = False
        self._record = record
        self._line = line

    def reach(self, now_ns: int) -> None:
        """It is `now_ns`, and everything that is due before has happened."""
        assert now_ns >= self.now_ns, f"time goes back, from {self.now_ns} to {now_ns} ns"
        if now_ns > self.now_ns:
            self.now_ns, self.is_settled = now_ns, False
        if self._record.is_open and not self._line.queued:
            self._record.settle(now_ns)

    def come_in(self, *, is_write: bool = False) -> None:
        """Something comes from outside."""
        self.is_settled, self._is_write, self.idle_until_ns = False, is_write, 0

    def is_same_write(self, now_ns: int) -> bool:
        """The host has been writing at this moment, and goes on: that is one write."""
        return self._is_write and now_ns == self.now_ns

    def go_on(self) -> None:
        """Things may happen: the write is over."""
        if self._is_write:
            self._is_write = False
            self._record.end_bytes()

    def next_ns(self) -> int | None:
        """When what the record holds is over, if the line is silent: right after this moment."""
        return self.now_ns + 1 if self._record.is_open and not self._line.queued else None
