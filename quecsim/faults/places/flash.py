"""The operations of the flash: which of the run's is the next that a fault strikes.

The flash itself tears an operation (`Nor.cut_after_operations`); here those of the run are counted,
without those of people who put files there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from quecsim.faults.armed import Armed
from quecsim.flash.nor import Nor

Strike: TypeAlias = Callable[[int, str], None]
"""What happens at (time, place in words)."""


@dataclass(order=True, slots=True)
class _Tear:
    operation: int
    index: int
    strike: Strike = field(compare=False)


class FlashFaults:
    """Arms the flash, again and again, for one fault after the other. `nor` is the flash itself."""

    def __init__(self, nor: Nor) -> None:
        self.nor = nor
        self._base = nor.programs + nor.erases
        self._tears: list[_Tear] = []

    @property
    def done(self) -> int:
        """Programs and erases of the run so far."""
        return self.nor.programs + self.nor.erases - self._base

    def tear_operation(self, armed: Armed, number: int, strike: Strike) -> None:
        """The power goes in the middle of operation `number` from here on, by that fault."""
        self._tears.append(_Tear(self.done + number, armed.index, strike))
        self._tears.sort()
        self._set()

    def torn(self, now_ns: int) -> bool:
        """The power has gone; True where it was one of the faults that took it."""
        is_ours = bool(self._tears) and self.done >= self._tears[0].operation
        if is_ours:
            tear = self._tears.pop(0)
            tear.strike(now_ns, f"in flash operation {tear.operation}")
        self._set()
        return is_ours

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Somebody changes what is on the flash: that is no operation of the run."""
        before = self.done
        if self._tears:
            self.nor.cut_after_operations = None
        try:
            yield
        finally:
            self._base += self.done - before
            self._set()

    def _set(self) -> None:
        if self._tears:
            self.nor.cut_after_operations = max(1, self._tears[0].operation - self.done)
