"""The clock of virtual time: an integer that moves only when somebody waits, or looks at it.

Waiting costs nothing, so a loop that looks again and again without ever waiting would stand still.
Every look therefore takes a little time: 1 us, and in a busy loop up to a 16th of the time that the
loop has lasted, at most 1 ms. The first looks are fine-grained, and five seconds of busy waiting
are some thousand looks.

Model time says nothing about how long a run takes to compute: a host that writes without end is
slow. So a run may have a bound of work as well: looks, calls, and bytes written. It is counted, not
timed: the same run ends at the same place on every machine.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from quecsim.units import MS, US, S, format_ns

NEVER_NS = 1 << 62
DAY_NS = 86_400 * S
ENDLESS_WORK = 1 << 62
BYTE_WORK = 4  # what a written byte costs, where a look or a call costs 1

_STRIDE_NS = 100 * US
_LOOK_NS = US
_LONGEST_LOOK_NS = MS
_LOOK_SHIFT = 4  # a 16th


class Source(Protocol):
    """Where what is waited for comes from."""

    def run(self, limit_ns: int) -> int:
        """Let things happen up to a time, or up to the first that is waited for: the time."""

    def due_ns(self) -> int | None:
        """When something happens next; None: never, unless the host does something."""


def first_due_ns(sources: Iterable[Source]) -> int | None:
    """When something happens next at one of them."""
    return min((due for source in sources if (due := source.due_ns()) is not None), default=None)


def run_side_by_side(sources: Sequence[Source], now_ns: int, limit_ns: int) -> int:
    """Let things happen at all of them, up to a time, or up to the first that may be waited for:
    the time. Where there are several they take turns, finely.
    """
    if len(sources) == 1:
        return sources[0].run(limit_ns)
    if sources:
        due_ns = first_due_ns(sources)
        stride_ns = max(now_ns + _STRIDE_NS, NEVER_NS if due_ns is None else due_ns)
        limit_ns = min(limit_ns, stride_ns)
    for source in sources:
        while source.run(limit_ns) < limit_ns:
            pass
    return limit_ns


class HostHungError(BaseException):
    """The host under test waits for what will never come, or longer than the run may last.

    Not an Exception: a host that catches everything and tries again must not swallow it.
    """


class ForeignThreadError(RuntimeError):
    """A thread that does not live in this time asks for something that takes time."""


class Clock:
    """Virtual time in nanoseconds. A run may last until `limit_ns`, and the host may do `work_left`
    more; beyond either it hangs.
    """

    __slots__ = ("_idle_since_ns", "limit_ns", "now_ns", "work_left")

    is_alone = True
    """The host has one thread: nothing happens while it computes."""

    def __init__(self, now_ns: int = 0, *, limit_ns: int = DAY_NS) -> None:
        self.now_ns = now_ns
        self.limit_ns = limit_ns
        self.work_left = ENDLESS_WORK
        self._idle_since_ns = now_ns

    def move_to(self, at_ns: int) -> None:
        """It is `at_ns` now. Raises HostHungError past the limit."""
        assert at_ns >= self.now_ns, (at_ns, self.now_ns)
        if at_ns > self.limit_ns:
            self.now_ns = max(self.now_ns, self.limit_ns)
            raise HostHungError(f"the host has not ended after {format_ns(self.limit_ns)}")
        self.now_ns = at_ns

    def touch(self) -> None:
        """The host does something: it is not in a busy loop."""
        self._idle_since_ns = self.now_ns
        self.work_left -= 1
        if self.work_left < 0:
            self._give_up()

    def spend(self, work: int) -> None:
        """The host has done this much. Raises HostHungError where it may do no more."""
        self.work_left -= work
        if self.work_left < 0:
            self._give_up()

    def _give_up(self) -> None:
        raise HostHungError(
            f"the host has not ended after {format_ns(self.now_ns)}: "
            "it calls the port or the clock again and again"
        )

    def look(self) -> int:
        """Somebody looks at the time, or whether anything has come; returns the time."""
        self.spend(1)
        idle_ns = self.now_ns - self._idle_since_ns
        self.move_to(self.now_ns + max(_LOOK_NS, min(idle_ns >> _LOOK_SHIFT, _LONGEST_LOOK_NS)))
        return self.now_ns

    def sleep(self, duration_ns: int) -> None:
        """Let time pass."""
        self.touch()
        self.move_to(self.now_ns + duration_ns)
        self.touch()

    def wait(self, source: Source | None, is_done: Callable[[], bool], end_ns: int) -> bool:
        """Wait until `is_done`, or `end_ns`; False where the time was up first."""
        while not is_done():
            if self.now_ns >= end_ns:
                return False
            limit_ns = min(end_ns, self.limit_ns + 1)
            is_endless = end_ns > limit_ns
            if is_endless and (source is None or source.due_ns() is None):
                raise HostHungError("the host waits without a time-out for what will never come")
            if source is None or self.now_ns >= self.limit_ns:
                self.move_to(limit_ns)
            else:
                self.move_to(source.run(min(limit_ns, self.limit_ns)))
        return True

    def is_mine(self) -> bool:
        """The caller may use this clock, plainly."""
        return True

    def check_caller(self) -> None:
        """Raises ForeignThreadError where the caller may not use this clock."""
