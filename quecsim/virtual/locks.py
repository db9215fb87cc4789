"""Locks and threads of a host in virtual time: where they would block, another thread goes on.

`threading` and `queue` build everything else of these: events, conditions, semaphores, queues,
timers, pools. What was made before the virtual time, or outside of it, is the real thing.
"""

import _thread
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

from quecsim.units import S
from quecsim.virtual.clock import NEVER_NS
from quecsim.virtual.scheduler import Task
from quecsim.virtual.host_time import VirtualClock, current_clock

_real_lock = _thread.allocate_lock
_real_rlock = threading.RLock
_real_start = _thread.start_new_thread
_real_join = threading.Thread.join
_real_is_alive = threading.Thread.is_alive
_tasks: "WeakKeyDictionary[threading.Thread, Task]" = WeakKeyDictionary()


class Lock:
    """A real lock; a thread in virtual time that has to wait for it lets others go on.

    Held by a thread that lives in the real time it is waited for in the real time: it comes back
    whatever the virtual clock says.
    """

    __slots__ = ("__weakref__", "_clock", "_real")

    def __init__(self) -> None:
        self._real = _real_lock()
        self._clock: VirtualClock | None = None  # whose thread holds it

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As threading.Lock."""
        clock = current_clock()
        if clock is None:
            if not self._real.acquire(blocking, timeout):
                return False
            self._clock = None
            return True
        if self._take(clock):
            return True
        return blocking and self._await(clock, timeout)

    def _take(self, clock: VirtualClock) -> bool:
        """Have it, if nobody else does: whole, or where Ctrl-C comes in between, not at all."""
        real = self._real
        was_locked = real.locked()
        try:
            if not real.acquire(False):
                return False
            self._clock = clock
        except BaseException:
            if not was_locked and real.locked():
                real.release()
            raise
        return True

    def _await(self, clock: VirtualClock, timeout: float) -> bool:
        real, end_ns = self._real, _end_ns(clock, timeout)
        while self._clock is not None:
            if not clock.wait(None, lambda: not real.locked(), end_ns):
                return False
            if self._take(clock):
                return True
        if not real.acquire(True, timeout):
            return False
        self._clock = clock
        return True

    def release(self) -> None:
        """As threading.Lock."""
        self._real.release()

    def locked(self) -> bool:
        """As threading.Lock."""
        return self._real.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_details: object) -> None:
        self._real.release()

    def _at_fork_reinit(self) -> None:
        self._real = _real_lock()


def allocate_lock() -> Any:
    """threading.Lock."""
    return _real_lock() if current_clock() is None else Lock()


def rlock() -> Any:
    """threading.RLock: the one in Python, which is made of a Lock."""
    return _real_rlock() if current_clock() is None else cast(Any, threading)._PyRLock()


def start_new_thread(
    function: Callable[..., object], arguments: tuple[Any, ...], options: Any = None
) -> int:
    """_thread.start_new_thread."""
    clock = current_clock()
    if clock is None:
        return _real_start(function, arguments, options or {})
    return _start(
        clock, function, lambda run: _real_start(run, arguments, options or {})
    )


def start_joinable_thread(function: Callable[[], object], **options: Any) -> Any:
    """_thread.start_joinable_thread, which Thread.start calls since Python 3.13."""
    clock = current_clock()
    start = cast(Any, _thread).start_joinable_thread
    if clock is None:
        return start(function, **options)
    return _start(clock, function, lambda run: start(run, **options))


def join(thread: threading.Thread, timeout: float | None = None) -> None:
    """Thread.join."""
    clock, task = current_clock(), _tasks.get(thread)
    if clock is None or task is None or thread is threading.current_thread():
        _real_join(thread, timeout)
        return
    end_ns = NEVER_NS if timeout is None else clock.now_ns + round(max(timeout, 0) * S)
    if clock.wait(None, lambda: task.is_over, end_ns):
        _real_join(thread)  # it has ended, but for the interpreter's own last steps


def is_alive(thread: threading.Thread) -> bool:
    """Thread.is_alive."""
    clock, task = current_clock(), _tasks.get(thread)
    if clock is not None and task is not None:
        clock.look()
        if task.is_over:
            _real_join(thread)
    return _real_is_alive(thread)


def _start(
    clock: VirtualClock,
    function: Callable[..., object],
    start: Callable[[Callable[..., object]], Any],
) -> Any:
    """Start a thread that lives in this time. It gets turns once it is sure that there is one."""
    scheduler, task = clock.scheduler, Task()
    thread = getattr(function, "__self__", None)
    if isinstance(thread, threading.Thread):
        _tasks[thread] = task
    try:
        started = start(partial(clock.run_thread, task, function))
        scheduler.add(task)
    except BaseException:  # no more threads to be had, or Ctrl-C
        scheduler.cancel(task)
        raise
    return started


def _end_ns(clock: VirtualClock, timeout: float) -> int:
    return NEVER_NS if timeout < 0 else clock.now_ns + round(timeout * S)


STANDINS: dict[Any, Any] = {
    _thread.allocate_lock: allocate_lock,
    threading.Lock: allocate_lock,  # a class of its own since Python 3.13
    threading.RLock: rlock,
    _thread.start_new_thread: start_new_thread,
    queue.SimpleQueue: cast(Any, queue)._PySimpleQueue,
}
if hasattr(_thread, "start_joinable_thread"):
    STANDINS[cast(Any, _thread).start_joinable_thread] = start_joinable_thread
