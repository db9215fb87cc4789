"""A stall that a fault asks for: a job in the background that takes the processor when it is free,
and does nothing with it. Nobody reads the ring meanwhile.
"""

from collections.abc import Callable

from quecsim.at.effects import Pause, Steps
from quecsim.device.shared import Shared
from quecsim.trace.event import Stalled

NAME = "a stall that was asked for"
_DOING = "the stall that was asked for lasted"


def stall_steps(
    shared: Shared, taken: Callable[[], int], duration_ns: int, begun: Callable[[int], None]
) -> Steps:
    """`begun` is told when it begins; `taken()` are the bytes of data of the upload that runs."""
    now_ns = shared.now_ns
    shared.record.add(Stalled(now_ns, now_ns + duration_ns, taken()))
    begun(now_ns)
    yield Pause(duration_ns, _DOING)
