"""The operations of the flash: which of the run's are the next that faults strike.

The flash itself tears an operation (`Nor.cut_after_operations`), and asks here what it leaves
(`Nor.defects`). Those of the run are counted, without those of people who put files there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from quecsim.faults.armed import Armed
from quecsim.faults.places.commands import DeviceView
from quecsim.flash.nor import Nor, OpKind

Strike: TypeAlias = Callable[[int, str], None]
"""What happens at (time, place in words)."""


@dataclass(order=True, slots=True)
class _Tear:
    operation: int
    index: int
    strike: Strike = field(compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """A program or erase in `block`. `number` is that of the run; 0: people do it."""

    number: int
    kind: OpKind
    block: int
    old: bytes | bytearray


class DefectFault:
    """A fault that changes what operations leave. `armed` fires for each that it changed."""

    armed: Armed

    def left(self, operation: Operation, new: bytes) -> bytes:
        """What is there afterwards, and not `new`."""
        raise NotImplementedError


class FlashFaults:
    """Arms the flash, again and again, for one fault after the other. `nor` is the flash itself."""

    def __init__(self, nor: Nor, shared: DeviceView) -> None:
        self.nor = nor
        self._shared = shared
        self._base = nor.programs + nor.erases
        self._tears: list[_Tear] = []
        self._defects: list[DefectFault] = []
        self._is_paused = False

    @property
    def done(self) -> int:
        """Programs and erases of the run so far."""
        return self.nor.programs + self.nor.erases - self._base

    def tear_operation(self, armed: Armed, number: int, strike: Strike) -> None:
        """The power goes in the middle of operation `number` from here on, by that fault."""
        self._tears.append(_Tear(self.done + number, armed.index, strike))
        self._tears.sort()
        self._set()

    def spoil(self, defect: DefectFault) -> None:
        """Operations leave from here on what that fault makes of them."""
        if not self._defects:
            self.nor.defects.append(self)
        self._defects.append(defect)

    def left(self, kind: OpKind, block: int, old: bytes | bytearray, new: bytes) -> bytes:
        """What an operation leaves, as the flash asks."""
        operation = Operation(0 if self._is_paused else self.done, kind, block, old)
        for defect in self._defects:
            left = defect.left(operation, new)
            if left != new and not self._is_paused:
                what = f"the {kind.value} of block {block} did not take"
                defect.armed.fire(
                    self._shared.now_ns, f"{what}: flash operation {operation.number}"
                )
            new = left
        return new

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
        self._is_paused = True
        if self._tears:
            self.nor.cut_after_operations = None
        try:
            yield
        finally:
            self._is_paused = False
            self._base += self.done - before
            self._set()

    def _set(self) -> None:
        if self._tears:
            self.nor.cut_after_operations = max(1, self._tears[0].operation - self.done)
