"""Locks and threads of a host in virtual time: where they would block, another thread goes on.

`threading` and `queue` build everything else of these: events, conditions, semaphores, queues,
timers, pools. What was made before the virtual time, or outside of it, is the real thing.
"""

import _thread
import queue
import threading
from collections.abc import Callable
from functools import partial
from threading import get_ident
from typing import Any, cast
from weakref import WeakKeyDictionary

from quecsim.units import S
from quecsim.virtual.clock import NEVER_NS
from quecsim.virtual.host_time import VirtualClock, current_clock
from quecsim.virtual.scheduler import Task

_real_lock = _thread.allocate_lock
_real_rlock = threading.RLock
_real_start = _thread.start_new_thread
_real_start_joinable: Any = getattr(_thread, "start_joinable_thread", None)
_real_wait = threading.Condition.wait
_real_join = threading.Thread.join
_real_is_alive = threading.Thread.is_alive
_tasks: "WeakKeyDictionary[threading.Thread, Task]" = WeakKeyDictionary()


class Lock:
    """A real lock; a thread in virtual time that has to wait for it lets others go on.

    Held by a thread that lives in the real time it is waited for in the real time: it comes back
    whatever the virtual clock says. Ctrl-C finds it taken or not taken, never lost: to give it back
    is the real lock's own method, which nothing interrupts.
    """

    __slots__ = (
        "__exit__", "__weakref__", "_clock", "_holder", "_is_owned", "_real", "_release_save",
        "locked", "release",
    )  # fmt: skip

    def __init__(self) -> None:
        self._real: Any = self._new()
        self._clock: VirtualClock | None = None  # in which time the last one lives that took it,
        self._holder = 0  # and which thread that was
        self._take_over()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As threading.Lock."""
        clock = current_clock()
        if clock is None:
            return self._acquire_in_real_time(blocking, timeout)
        if not self._is_free() and not self._await(clock, blocking, timeout):
            return False
        real, before = self._real, self._state()
        self._clock, self._holder = clock, get_ident()
        try:
            return bool(real.acquire(blocking, timeout))  # at once: nobody else runs
        except BaseException:
            if self._state() != before:
                real.release()
            raise

    __enter__ = acquire

    @property
    def is_mine(self) -> bool:
        """This thread holds it."""
        return self._holder == get_ident() and not self._is_free()

    def _new(self) -> Any:
        return _real_lock()

    def _take_over(self) -> None:
        real = self._real
        self.__exit__, self.release = real.__exit__, real.release
        self.locked = self._is_owned = real.locked
        self._release_save = real.release

    def _state(self) -> object:
        """Another value, if it is taken."""
        return self._real.locked()

    def _is_free(self) -> bool:
        return not self._real.locked()

    def _acquire_in_real_time(self, blocking: bool, timeout: float) -> bool:
        if not self._real.acquire(blocking, timeout):
            return False
        self._clock, self._holder = None, get_ident()
        return True

    def _await(self, clock: VirtualClock, blocking: bool, timeout: float) -> bool:
        """Wait while others of this time have it; False when it takes too long."""
        if not blocking:
            return False
        end_ns = _end_ns(clock, timeout)
        while self._clock is not None and not self._is_free():
            if not clock.wait(None, self._is_free, end_ns):
                return False
        return True

    def _acquire_restore(self, _state: Any) -> None:
        self.acquire()

    def _at_fork_reinit(self) -> None:
        self._real = self._new()
        self._take_over()


class RLock(Lock):
    """The same around a real RLock."""

    __slots__ = ()

    def _new(self) -> Any:
        return _real_rlock()

    def _take_over(self) -> None:
        real = self._real
        self.__exit__, self.release = real.__exit__, real.release
        self._is_owned, self._release_save = real._is_owned, real._release_save

    def _state(self) -> object:
        """It tells owner and count nowhere else, before Python 3.14."""
        return repr(self._real)

    def _is_free(self) -> bool:
        return repr(self._real).startswith("<unlocked")

    def _await(self, clock: VirtualClock, blocking: bool, timeout: float) -> bool:
        return self._is_owned() or super()._await(clock, blocking, timeout)

    def _acquire_restore(self, state: Any) -> None:
        count: int = state[0]
        self.acquire()
        for _ in range(count - 1):
            self._real.acquire()


def allocate_lock() -> Any:
    """threading.Lock."""
    return _real_lock() if current_clock() is None else Lock()


def rlock() -> Any:
    """threading.RLock."""
    return _real_rlock() if current_clock() is None else RLock()


def start_new_thread(
    function: Callable[..., object], arguments: tuple[Any, ...], options: Any = None
) -> Any:
    """_thread.start_new_thread."""
    clock = current_clock()
    if clock is None:
        return _real_start(function, arguments, options or {})
    return _start(clock, function, lambda run: _real_start(run, arguments, options or {}))


def start_joinable_thread(function: Callable[[], object], **options: Any) -> Any:
    """_thread.start_joinable_thread, which Thread.start calls since Python 3.13."""
    clock = current_clock()
    if clock is None:
        return _real_start_joinable(function, **options)
    return _start(clock, function, lambda run: _real_start_joinable(run, **options))


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


def wait(condition: threading.Condition, timeout: float | None = None) -> bool:
    """Condition.wait: it comes back with the lock, also where Ctrl-C comes on the way."""
    lock = condition._lock  # type: ignore[attr-defined]
    if current_clock() is None or not isinstance(lock, Lock) or not lock.is_mine:
        return _real_wait(condition, timeout)
    try:
        return _real_wait(condition, timeout)
    except BaseException:
        if not lock.is_mine:
            lock.acquire()
        raise


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
if _real_start_joinable is not None:
    STANDINS[_real_start_joinable] = start_joinable_thread
