"""The scheduler of a host's threads in virtual time: one runs at a time, and says when it waits.

A thread gives its turn away where it would block: in a port, in `sleep`, in a lock (and so in
everything that `threading` and `queue` build of locks), in `join`, and where it looks at a clock.
The next one is the first in order that has something to do; when none has, time moves on to
whatever is first. So the order is the same in every run.

Whose turn it is stands in one place, `_running`, and only the thread whose turn it is writes it; a
wake-up is a mere hint to look there again. Python runs signal handlers in its main thread between
any two instructions, and what they raise (Ctrl-C) may so come out of any line of this file. That
leaves nothing half done that matters: a thread which comes in without having the turn asks for it
first, and a wake-up too many does no harm.
"""

import _thread
from collections.abc import Callable
from contextlib import suppress
from threading import get_ident
from typing import Any

from quecsim.virtual.clock import (
    Clock,
    ForeignThreadError,
    HostHungError,
    Source,
    first_due_ns,
    run_side_by_side,
)

_MOST_TELLINGS = 1000  # to end; what a thread does in `finally` may wait again and again

IsDone = Callable[[], bool]

new_real_lock = _thread.allocate_lock


ENDED = "the virtual time of this thread is over"  # it ends, without a word to anybody


class Task:
    """One thread of the host, and what it waits for. `is_over`: it gets no turn any more."""

    __slots__ = ("_wakeup", "end_ns", "is_done", "is_over", "must_end", "source", "tellings")

    def __init__(self) -> None:
        self._wakeup = new_real_lock()
        self.wait_for(None, _yes, 0)
        self.must_end = False
        self.tellings = 0  # how often it has been told to end
        self.is_over = False

    def wait_for(self, source: Source | None, is_done: IsDone, end_ns: int) -> None:
        """It has something to do when `is_done`, or at `end_ns`."""
        self.source, self.is_done, self.end_ns = source, is_done, end_ns

    def wake(self) -> None:
        """Let it look whether it is its turn, from any thread."""
        if self._wakeup.locked():
            with suppress(RuntimeError):  # another thread has woken it in this moment
                self._wakeup.release()

    def doze(self) -> None:
        """Called by the thread itself: until it is woken."""
        self._wakeup.acquire()


class Scheduler:
    """All threads of a host; the first is the one that entered the virtual time.

    `living` says which thread lives in which time: who is left behind is taken out of it.
    """

    def __init__(self, clock: Clock, living: dict[int, Any]) -> None:
        self._clock = clock
        self._living = living
        self._first = self._running = Task()
        self._tasks = [self._first]
        self._task_of = {get_ident(): self._first}
        self._failure: BaseException | None = None
        self._interrupted: Task | None = None  # who shall have the next turn

    @property
    def is_alone(self) -> bool:
        """There is only the first thread."""
        return len(self._tasks) == 1

    # the life of a thread

    def add(self, task: Task) -> None:
        """A thread has been started; it runs when its turn comes."""
        self._tasks.append(task)

    def cancel(self, task: Task) -> None:
        """It could not be started, or not be added: if there is a thread, it ends at once."""
        if task in self._tasks:
            self._tasks.remove(task)
        self._let_go(task)

    def begin(self, task: Task) -> bool:
        """Called by a new thread: waits for its turn. False where it must not begin any more."""
        self._task_of[get_ident()] = task
        self._await_turn(task)
        return not task.must_end

    def finish(self, task: Task) -> None:
        """Called by a thread at its end: the next one goes on."""
        self._task_of.pop(get_ident(), None)
        if task.is_over:
            return
        task.is_over = True
        place = self._tasks.index(task)
        self._tasks.remove(task)
        self._running = self._first if task.must_end else self._next(place)
        self._running.wake()

    def end(self) -> None:
        """Called by the first thread: all others end where they are.

        Whatever comes in between, such as Ctrl-C, goes through: call it again then.
        """
        if self.is_alone:
            return
        if self._task_of.get(get_ident()) is not self._first:
            self.abandon()
            return
        first = self._enter()
        while not self.is_alone:
            self._tasks[1].must_end = True
            self._switch(first, self._tasks[1])

    def abandon(self) -> None:
        """Leave all other threads behind: who waits ends, who computes goes on in real time."""
        self._interrupted = None
        self._running = self._first
        left = self._tasks[1:]
        del self._tasks[1:]
        for ident, task in list(self._task_of.items()):
            if task in left:
                self._living.pop(ident, None)
                self._task_of.pop(ident, None)
        for task in left:
            self._let_go(task)

    def _let_go(self, task: Task) -> None:
        task.must_end = task.is_over = True
        task.wake()

    # what a thread does that has the turn

    def wait(self, source: Source | None, is_done: IsDone, end_ns: int) -> bool:
        """As `Clock.wait`, while the other threads go on."""
        task = self._enter()
        task.wait_for(source, is_done, end_ns)
        self._give_way(task)
        return is_done()

    def give_way(self) -> None:
        """The thread that runs has looked at something: others that have something to do go on."""
        task = self._enter()
        task.wait_for(None, _yes, 0)
        self._give_way(task)

    def fail(self, failure: HostHungError) -> None:
        """The run must end: the first thread gets to know, and this one ends."""
        task = self._enter()
        self._failure = failure
        if task is not self._first:
            task.wait_for(None, _yes, 0)
            self._switch(task, self._first)
        self._check(task)

    def _enter(self) -> Task:
        """The task of the thread that asks, which has the turn from here on."""
        task = self._task_of.get(get_ident())
        if task is None:
            raise ForeignThreadError("this thread does not live in this virtual time")
        if self._running is not task:  # it was interrupted where it gave the turn away
            self._interrupted = task
            self._await_turn(task)
        return task

    def _give_way(self, task: Task) -> None:
        self._check(task)
        following = self._next(self._tasks.index(task) + 1)
        if following is not task:
            self._switch(task, following)
        self._check(task)

    def _switch(self, task: Task, following: Task) -> None:
        """`following` runs, until it is this one's turn again."""
        self._running = following
        self._await_turn(task)

    def _await_turn(self, task: Task) -> None:
        """Until it is this one's turn, or it gets none any more.

        What interrupts it comes out when it has the turn, for the host goes on with it. Another
        interruption before that comes out at once: the thread that runs does not wait for
        anything, and is left behind with all others.
        """
        interruption: BaseException | None = None
        while self._running is not task and not task.is_over:
            try:
                self._running.wake()
                task.doze()
            except BaseException as caught:
                if interruption is not None:
                    self.abandon()
                    raise
                interruption = caught
                self._interrupted = task
        if self._interrupted is task:
            self._interrupted = None
        if interruption is not None:
            raise interruption

    def _check(self, task: Task) -> None:
        if task.must_end:
            task.tellings += 1
            if task.tellings > _MOST_TELLINGS:
                self._park(task)
            raise SystemExit(ENDED)
        if task is self._first and self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def _park(self, task: Task) -> None:
        """It catches everything and goes on (`except:`): it stays here for ever."""
        self.finish(task)
        while True:
            task.doze()

    # whose turn it is

    def _next(self, place: int) -> Task:
        """The first from `place` on that has something to do; time moves on until there is one.

        Whatever goes wrong on the way, in the device or in the clock, the first thread gets to
        know: the one that happened to ask may be at its end, and nobody would have the turn.
        """
        try:
            if self._interrupted is not None:
                task, self._interrupted = self._interrupted, None
                return task
            while True:
                for task in (*self._tasks[place:], *self._tasks[:place]):
                    if self._is_ready(task):
                        return task
                self._move_on()
        except BaseException as failure:
            self._failure = failure
            return self._first

    def _is_ready(self, task: Task) -> bool:
        return self._clock.now_ns >= task.end_ns or task.is_done()

    def _move_on(self) -> None:
        """Nobody has anything to do: to the first moment at which something may have changed."""
        clock = self._clock
        limit_ns = min(clock.limit_ns + 1, *(task.end_ns for task in self._tasks))
        sources = list(dict.fromkeys(task.source for task in self._tasks if task.source))
        if limit_ns > clock.limit_ns and first_due_ns(sources) is None:
            raise HostHungError("all threads of the host wait for what will never come")
        limit_ns = run_side_by_side(sources, clock.now_ns, limit_ns)
        clock.move_to(max(limit_ns, clock.now_ns))


def _yes() -> bool:
    return True
