"""The clocks of hosts in virtual time, and which thread lives in which.

Outside of `virtual_time()` a device has a clock of its own, which goes on only where its port
waits. Within, all devices and all threads of the host share one.
"""

from collections.abc import Callable
from threading import get_ident
from typing import Any

from quecsim.virtual.clock import DAY_NS, Clock, ForeignThreadError, HostHungError, Source
from quecsim.virtual.scheduler import Scheduler, Task

living: dict[int, "VirtualClock"] = {}  # by the thread that lives in it


class OwnClock(Clock):
    """A device's clock outside of `virtual_time()`: for the thread that made it, and no other."""

    __slots__ = ("_owner",)

    def __init__(self) -> None:
        super().__init__()
        self._owner = get_ident()

    def is_mine(self) -> bool:
        """The caller may use this clock."""
        return get_ident() == self._owner

    def check_caller(self) -> None:
        """Raises ForeignThreadError in any other thread."""
        if get_ident() != self._owner:
            raise ForeignThreadError(_FOREIGN)


class VirtualClock(Clock):
    """The clock of a `virtual_time()` block: its threads, and the devices that URLs have made."""

    __slots__ = ("_outer", "devices", "home", "is_over", "scheduler")

    def __init__(self, limit_ns: int = DAY_NS, *, outer: "VirtualClock | None" = None) -> None:
        super().__init__(limit_ns=limit_ns)
        self.scheduler = Scheduler(self, living)
        self.devices: dict[str, Any] = {}
        self.home = get_ident()  # the thread that entered the block
        self.is_over = False  # its block has been left
        self._outer = outer

    def around(self) -> "VirtualClock | None":
        """The clock of the nearest block around this one that has not been left."""
        outer = self._outer
        while outer is not None and outer.is_over:
            outer = outer._outer
        return outer

    @property
    def is_alone(self) -> bool:  # type: ignore[override]
        """The host has one thread: nothing happens while it computes."""
        return self.scheduler.is_alone

    def tick(self) -> int:
        """As `look`, while no other thread may run."""
        try:
            return super().look()
        except HostHungError as failure:
            if self.scheduler.is_alone:
                raise
            self.scheduler.fail(failure)
            raise

    def look(self) -> int:
        """Somebody looks at the time, or whether anything has come; returns the time."""
        if self.scheduler.is_alone:
            return super().look()
        try:
            super().look()
        except HostHungError as failure:
            self.scheduler.fail(failure)
        self.scheduler.give_way()
        return self.now_ns

    def _give_up(self) -> None:
        """The first thread gets to know, whichever has done too much."""
        try:
            super()._give_up()
        except HostHungError as failure:
            if self.scheduler.is_alone:
                raise
            self.scheduler.fail(failure)

    def sleep(self, duration_ns: int) -> None:
        """Let time pass."""
        if self.scheduler.is_alone:
            super().sleep(duration_ns)
        else:
            self.scheduler.wait(None, lambda: False, self.now_ns + duration_ns)
        self.touch()

    def wait(self, source: Source | None, is_done: Callable[[], bool], end_ns: int) -> bool:
        """Wait until `is_done`, or `end_ns`; False where the time was up first."""
        if self.scheduler.is_alone:
            return super().wait(source, is_done, end_ns)
        return self.scheduler.wait(source, is_done, end_ns)

    def is_mine(self) -> bool:
        """The caller lives in this time."""
        return living.get(get_ident()) is self

    def check_caller(self) -> None:
        """Raises ForeignThreadError in a thread that does not live in this time."""
        if living.get(get_ident()) is not self:
            raise ForeignThreadError(_FOREIGN)

    def run_thread(self, task: Task, function: Callable[..., object], *arguments: Any) -> None:
        """Body of a thread that the host has started."""
        living[get_ident()] = self
        try:
            if self.scheduler.begin(task):
                function(*arguments)
        finally:
            living.pop(get_ident(), None)
            self.scheduler.finish(task)


_FOREIGN = (
    "this port lives in virtual time, and this thread does not: start the thread within "
    "`with quecsim.virtual_time():`, or run the host on a pty (quecsim.open)"
)


def current_clock() -> VirtualClock | None:
    """The clock of this thread; None outside of virtual time."""
    return living.get(get_ident())
