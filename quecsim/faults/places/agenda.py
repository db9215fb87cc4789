"""What is to happen at given times: faults, and what follows from them."""

from collections.abc import Callable
from heapq import heappop, heappush

Act = Callable[[int], None]


class Agenda:
    """Acts in the order of their times; of those at the same time, the older first."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, Act]] = []
        self._count = 0

    def add(self, at_ns: int, act: Act) -> None:
        """Do `act(at_ns)` then."""
        heappush(self._entries, (at_ns, self._count, act))
        self._count += 1

    def next_ns(self) -> int | None:
        """When the next one is due."""
        return self._entries[0][0] if self._entries else None

    def act(self) -> None:
        """Do the next one."""
        at_ns, _, act = heappop(self._entries)
        act(at_ns)
