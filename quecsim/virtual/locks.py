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
from quecsim.virtual.crew import Task
from quecsim.virtual.host_time import VirtualClock, current_clock

_real_lock = _thread.allocate_lock
_real_rlock = threading.RLock
_real_start = _thread.start_new_thread
_real_join = threading.Thread.join
_real_is_alive = threading.Thread.is_alive
_tasks: "WeakKeyDictionary[threading.Thread, Task]" = WeakKeyDictionary()


class Lock:
    """A real lock; a thread in virtual time that has to wait for it lets others go on."""

    __slots__ = ("__weakref__", "_real")

    def __init__(self) -> None:
        self._real = _real_lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As threading.Lock."""
        real, clock = self._real, current_clock()
        if clock is None or not blocking:
            return real.acquire(blocking, timeout)
        if real.acquire(False):
            return True
        end_ns = _end_ns(clock, timeout)
        while clock.wait(None, lambda: not real.locked(), end_ns):
            if real.acquire(False):
                return True
        return False

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
    task = _new_task(clock, function)
    return _real_start(partial(clock.run_thread, task, function), arguments, options or {})


def start_joinable_thread(function: Callable[[], object], **options: Any) -> Any:
    """_thread.start_joinable_thread, which Thread.start calls since Python 3.13."""
    clock = current_clock()
    start = cast(Any, _thread).start_joinable_thread
    if clock is None:
        return start(function, **options)
    return start(partial(clock.run_thread, _new_task(clock, function), function), **options)


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


def _new_task(clock: VirtualClock, function: Callable[..., object]) -> Task:
    task = clock.crew.new_task()
    thread = getattr(function, "__self__", None)
    if isinstance(thread, threading.Thread):
        _tasks[thread] = task
    return task


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
