"""`virtual_time()`: within it, time.sleep and the clocks of this thread are the model's.

Replaced are sleep, time, monotonic and perf_counter of the module `time` (with their `_ns` forms),
also where a module has taken them by `from time import sleep`, and `datetime.now()`, `utcnow()`
and `today()`. Not reached are default arguments and class attributes that took the functions
before, process_time and thread_time. Threads that are started within it live in it too: see
`quecsim.virtual.crew`. All other threads keep the real time. asyncio is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident

from quecsim.virtual import patches
from quecsim.virtual.clock import DAY_NS
from quecsim.virtual.host_time import VirtualClock, current_clock, living

__all__ = ["current_clock", "virtual_time"]


@contextmanager
def virtual_time(limit_ns: int = DAY_NS) -> Iterator[VirtualClock]:
    """Within the block this thread, and those that it starts, live in virtual time, from zero.

    A block within another has a time of its own. Threads that still run at the end are ended where
    they wait. A host that lasts longer than `limit_ns` ends with HostHungError.
    """
    clock, me = VirtualClock(limit_ns), get_ident()
    outer = living.get(me)
    with patches.installed():
        living[me] = clock
        try:
            yield clock
        finally:
            clock.crew.end()
            for device in clock.devices.values():
                device.close()
            if outer is None:
                del living[me]
            else:
                living[me] = outer
