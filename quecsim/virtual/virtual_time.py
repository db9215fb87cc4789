"""`virtual_time()`: within it, time.sleep and the clocks of this thread are the model's.

Replaced are sleep, time, monotonic and perf_counter of the module `time` (with their `_ns` forms),
also where a module has taken them by `from time import sleep`, and `datetime.now()`, `utcnow()`
and `today()`. Not reached are default arguments and class attributes that took the functions
before, process_time and thread_time. Threads that are started within it live in it too: see
`quecsim.virtual.scheduler`. All other threads keep the real time. asyncio's loops live in it too:
see `quecsim.virtual.event_loop`.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from quecsim.virtual import patches
from quecsim.virtual.clock import DAY_NS, Clock
from quecsim.virtual.event_loop import move_timers, take_over
from quecsim.virtual.host_time import VirtualClock, current_clock, living

__all__ = ["current_clock", "virtual_time"]

_INTERRUPTIONS = 2  # then the host's threads are not waited for any more


@contextmanager
def virtual_time(limit_ns: int = DAY_NS) -> Iterator[VirtualClock]:
    """Within the block this thread, and those that it starts, live in virtual time, from zero.

    A block within another has a time of its own. Threads that still run at the end are ended where
    they wait; one that waits for nothing is waited for, until a second Ctrl-C leaves it behind. A
    host that lasts longer than `limit_ns` ends with HostHungError.
    """
    block = _Block(limit_ns)
    try:
        try:
            yield block.enter()
        except BaseException as raised:
            _tell(block.leave(), raised)
            raise
        else:
            _tell(block.leave())
    finally:
        block.leave()  # Ctrl-C may have come before the first one


def step_out() -> VirtualClock | None:
    """This thread is out of the virtual time that it lives in, and that stands still; which it was.

    For what goes on in this thread and has nothing to do with the host: a test runner.
    """
    clock = living.pop(get_ident(), None)
    _follow()
    return clock


def step_into(clock: VirtualClock) -> None:
    """This thread, which has entered the block of `clock`, goes on in its time."""
    living[get_ident()] = clock
    patches.install()


def step_back(clock: Clock) -> None:
    """Someone uses what lives in the time of `clock`: who has been taken out of it is back."""
    if isinstance(clock, VirtualClock) and clock.home == get_ident() and not clock.is_over:
        step_into(clock)


class _Block:
    """A `with virtual_time()`. However it is left, the thread that entered gets its time back.

    Ctrl-C may come anywhere: every step can be done again, and where it was early enough for none
    to be done at all, the last reference to the block gives the time back.
    """

    def __init__(self, limit_ns: int) -> None:
        self._loop: Any = None  # the block is a part of a coroutine, and this runs it
        self.clock = VirtualClock(limit_ns, outer=current_clock())

    def enter(self) -> VirtualClock:
        """This thread lives in virtual time, and so does its loop, if one runs in it."""
        if (loop := asyncio._get_running_loop()) is not None:
            take_over(loop)
        before_s = patches.uptime_s()
        step_into(self.clock)
        if loop is not None:
            self._loop = loop
            move_timers(loop, patches.uptime_s() - before_s)
        return self.clock

    def leave(self) -> list[BaseException]:
        """Threads and devices end, and this thread is back where it was. What went wrong."""
        failures: list[BaseException] = []
        if self.clock.is_over:
            return failures
        try:
            self._end(failures)
        except BaseException as interruption:
            failures.append(interruption)
            self._end(failures)
        return failures

    def _end(self, failures: list[BaseException]) -> None:
        scheduler, devices = self.clock.scheduler, self.clock.devices
        try:
            for _ in range(_INTERRUPTIONS):
                _do(scheduler.end, failures)
            for url, device in list(devices.items()):
                _do(device.close, failures)
                devices.pop(url, None)
        finally:
            self._give_back()

    def _give_back(self) -> None:
        self.clock.scheduler.abandon()
        before_s = patches.uptime_s(self.clock)
        if living.get(self.clock.home) is self.clock:
            if (outer := self.clock.around()) is not None:
                living[self.clock.home] = outer
            else:
                living.pop(self.clock.home)
        _follow()
        if self._loop is not None:
            loop, self._loop = self._loop, None
            move_timers(loop, patches.uptime_s() - before_s)
        self.clock.is_over = True

    def __del__(self) -> None:
        if hasattr(self, "clock") and not self.clock.is_over:
            self._give_back()


def _follow() -> None:
    """The stand-ins are there as long as somebody lives in the block that it has entered."""
    if any(clock.home == ident for ident, clock in living.items()):
        patches.install()
    else:
        patches.remove()


def _do(step: Callable[[], None], failures: list[BaseException]) -> None:
    try:
        step()
    except BaseException as failure:
        failures.append(failure)


def _tell(failures: list[BaseException], raised: BaseException | None = None) -> None:
    """What the host has raised goes on, with a note; only Ctrl-C and the like go before it."""
    urgent = next((one for one in failures if not isinstance(one, Exception)), None)
    if urgent is not None and (raised is None or isinstance(raised, Exception)):
        raise urgent
    for failure in failures:
        if raised is None:
            raise failure
        raised.add_note(f"and at the end of its virtual time: {failure!r}")
