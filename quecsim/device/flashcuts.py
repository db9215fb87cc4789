"""Power cuts in the middle of a flash operation: which operation of the run is the next to be torn.

The flash itself tears it (`Nor.cut_after_operations`); here the operations of the run are counted,
without those of people who put files there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from quecsim.device.marks import PowerFaults
from quecsim.faults.spec import PowerCutFault
from quecsim.flash.nor import Nor


class FlashCuts:
    """Arms the flash, again and again, for one fault after the other."""

    def __init__(self, nor: Nor, power: PowerFaults) -> None:
        self._nor = nor
        self._power = power
        self._base = nor.programs + nor.erases
        self._targets: list[tuple[int, int, PowerCutFault]] = []  # operation, number of the fault

    @property
    def done(self) -> int:
        """Programs and erases of the run so far."""
        return self._nor.programs + self._nor.erases - self._base

    def arm(self, index: int, fault: PowerCutFault) -> None:
        """The fault counts operations from here on."""
        assert fault.at_flash_op is not None
        self._targets.append((self.done + fault.at_flash_op, index, fault))
        self._targets.sort(key=lambda target: target[:2])
        self._set()

    def torn(self, now_ns: int) -> bool:
        """The power has gone; True where it was one of the faults that took it."""
        target = self._targets[0] if self._targets else None
        is_ours = target is not None and self.done >= target[0]
        if target is not None and is_ours:
            operation, index, fault = self._targets.pop(0)
            self._power.happen(index, fault, now_ns, f"in flash operation {operation}")
        self._set()
        return is_ours

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Somebody changes what is on the flash: that is no operation of the run."""
        before = self.done
        if self._targets:
            self._nor.cut_after_operations = None
        try:
            yield
        finally:
            self._base += self.done - before
            self._set()

    def _set(self) -> None:
        if self._targets:
            self._nor.cut_after_operations = max(1, self._targets[0][0] - self.done)
