"""The threads of one host in virtual time: only one runs at a time, and it says when it waits.

A thread hands over where it would block: in a port, in `sleep`, in a lock (and so in everything
that `threading` and `queue` build of locks), in `join`, and where it looks at a clock. The next one
is the first in turn that has something to do; when none has, time moves on to whatever is first.
So the order is the same in every run.
"""

import _thread
from collections.abc import Callable

from quecsim.units import US
from quecsim.virtual.clock import NEVER_NS, Clock, HostHungError, Source

_STRIDE_NS = 100 * US  # several devices are waited for: they take turns this finely

_MOST_TELLINGS = 1000  # to end; what a thread does in `finally` may wait again and again

IsDone = Callable[[], bool]

new_real_lock = _thread.allocate_lock


class HostEndedError(SystemExit):
    """The virtual time of a thread is over: it ends, without a word to anybody."""


class Task:
    """One thread of the host, and what it waits for."""

    __slots__ = ("baton", "end_ns", "is_done", "is_over", "must_end", "source", "told")

    def __init__(self) -> None:
        self.baton = new_real_lock()
        self.baton.acquire()
        self.source: Source | None = None
        self.is_done: IsDone = _yes
        self.end_ns = 0
        self.must_end = False
        self.told = 0  # how often it has been told to end
        self.is_over = False

    def wants(self, source: Source | None, is_done: IsDone, end_ns: int) -> None:
        """It waits for `is_done`, or `end_ns`."""
        self.source, self.is_done, self.end_ns = source, is_done, end_ns


class Crew:
    """All threads of a host; the first is the one that entered the virtual time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks = [Task()]
        self._main = self._now = self._tasks[0]
        self._failure: HostHungError | None = None
        self._is_interrupted = False

    @property
    def is_alone(self) -> bool:
        """There is only the first thread."""
        return len(self._tasks) == 1

    def new_task(self) -> Task:
        """A thread has been started; it runs when its turn comes."""
        task = Task()
        self._tasks.append(task)
        return task

    def begin(self, task: Task) -> bool:
        """Called by a new thread: waits for its turn. False where it must not begin any more."""
        task.baton.acquire()
        return not task.must_end

    def finish(self, task: Task) -> None:
        """Called by a thread at its end: the next one goes on."""
        place = self._tasks.index(task)
        self._tasks.remove(task)
        task.is_over = True
        self._now = self._main if task.must_end else self._next(place)
        self._now.baton.release()

    def wait(self, source: Source | None, is_done: IsDone, end_ns: int) -> bool:
        """As `Clock.wait`, while the other threads go on."""
        task = self._now
        task.wants(source, is_done, end_ns)
        self._give_way(task)
        task.wants(None, _yes, 0)
        return is_done()

    def give_way(self) -> None:
        """The thread that runs has looked at something: others that have something to do go on."""
        self._give_way(self._now)

    def fail(self, failure: HostHungError) -> None:
        """The run must end: the first thread gets to know, and this one ends."""
        self._failure = failure
        task = self._now
        if task is not self._main:
            self._hand_over(task, self._main)
        self._check(task)

    def end(self) -> None:
        """Called by the first thread: all others end where they are."""
        while len(self._tasks) > 1:
            self._tasks[1].must_end = True
            self._hand_over(self._main, self._tasks[1])

    def _give_way(self, task: Task) -> None:
        self._check(task)
        following = self._next(self._tasks.index(task) + 1)
        if following is not task:
            self._hand_over(task, following)
        self._check(task)

    def _hand_over(self, task: Task, following: Task) -> None:
        self._now = following
        following.baton.release()
        try:
            task.baton.acquire()
        except BaseException:  # Ctrl-C, which the first thread gets while another one runs
            self._is_interrupted = True
            task.baton.acquire()
            raise

    def _check(self, task: Task) -> None:
        if task.must_end:
            task.told += 1
            if task.told > _MOST_TELLINGS:
                self._park(task)
            raise HostEndedError
        if task is self._main and self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def _park(self, task: Task) -> None:
        """It catches everything and goes on (`except:`): it stays here for ever."""
        self._tasks.remove(task)
        task.is_over = True
        self._now = self._main
        self._main.baton.release()
        task.baton.acquire()

    def _next(self, place: int) -> Task:
        """The first from `place` on that has something to do; time moves on until there is one."""
        if self._is_interrupted:
            self._is_interrupted = False
            return self._main
        try:
            while True:
                for task in (*self._tasks[place:], *self._tasks[:place]):
                    if self._is_ready(task):
                        return task
                self._move_on()
        except HostHungError as failure:
            self._failure = failure  # the first thread gets to know
            return self._main

    def _is_ready(self, task: Task) -> bool:
        return self._clock.now_ns >= task.end_ns or task.is_done()

    def _move_on(self) -> None:
        """Nobody has anything to do: to the first moment at which something may have changed."""
        clock = self._clock
        limit_ns = min(clock.limit_ns + 1, *(task.end_ns for task in self._tasks))
        sources = list(dict.fromkeys(task.source for task in self._tasks if task.source))
        dues_ns = [due_ns for source in sources if (due_ns := source.due_ns()) is not None]
        if limit_ns > clock.limit_ns and not dues_ns:
            raise HostHungError("all threads of the host wait for what will never come")
        if len(sources) == 1:
            limit_ns = sources[0].run(limit_ns)
        elif sources:
            stride_ns = max(clock.now_ns + _STRIDE_NS, min(dues_ns, default=NEVER_NS))
            limit_ns = min(limit_ns, stride_ns)
            for source in sources:
                while source.run(limit_ns) < limit_ns:
                    pass
        clock.move_to(max(limit_ns, clock.now_ns))


def _yes() -> bool:
    return True
