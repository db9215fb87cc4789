"""`virtual_time()`: within it, time.sleep and the clocks of this thread are the model's.

Replaced are sleep, time, monotonic and perf_counter of the module `time` (with their `_ns` forms),
also where a module has taken them by `from time import sleep`, and `datetime.now()`, `utcnow()`
and `today()`. Not reached are default arguments and class attributes that took the functions
before, process_time and thread_time. Threads that are started within it live in it too: see
`quecsim.virtual.scheduler`. All other threads keep the real time. asyncio is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident

from quecsim.virtual import patches
from quecsim.virtual.clock import DAY_NS
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


class _Block:
    """A `with virtual_time()`. However it is left, the thread that entered gets its time back.

    Ctrl-C may come anywhere: every step can be done again, and where it was early enough for none
    to be done at all, the last reference to the block gives the time back.
    """

    def __init__(self, limit_ns: int) -> None:
        self._home = get_ident()
        self.clock = VirtualClock(limit_ns, outer=living.get(self._home))

    def enter(self) -> VirtualClock:
        """This thread lives in virtual time."""
        patches.install(id(self))
        living[self._home] = self.clock
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
        if living.get(self._home) is self.clock:
            if (outer := self.clock.around()) is None:
                del living[self._home]
            else:
                living[self._home] = outer
        patches.remove(id(self))
        self.clock.is_over = True

    def __del__(self) -> None:
        if hasattr(self, "clock") and not self.clock.is_over:
            self._give_back()


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
