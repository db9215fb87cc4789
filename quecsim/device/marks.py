"""Faults that wait for a byte of an upload's data: URCs, power cuts, resets."""

from collections.abc import Sequence

from quecsim.device.tally import Tally
from quecsim.faults.spec import PowerCutFault, ResetFault, UrcFault
from quecsim.flash.stall import FAR_AWAY_BYTES

MarkedFault = PowerCutFault | ResetFault | UrcFault


class Mark:
    """Data mode stops at byte `at_byte` of its data, once, as it does for a stall."""

    __slots__ = ("at_byte", "fault", "index", "is_over")

    def __init__(self, index: int, fault: MarkedFault, at_byte: int) -> None:
        self.index = index
        self.fault = fault
        self.at_byte = at_byte
        self.is_over = False

    def is_due(self, taken: int) -> bool:
        """True exactly when `taken` bytes have been taken, and it has not been before."""
        return not self.is_over and taken == self.at_byte

    def distance(self, taken: int) -> int:
        """How many more bytes until it is due."""
        is_ahead = not self.is_over and self.at_byte > taken
        return self.at_byte - taken if is_ahead else FAR_AWAY_BYTES


class PowerFaults:
    """Power cuts and resets that are due now, for whoever runs the device to do."""

    def __init__(self, tally: Tally) -> None:
        self.due: list[PowerCutFault | ResetFault] = []
        self._tally = tally

    def happen(self, index: int, fault: PowerCutFault | ResetFault, now_ns: int, at: str) -> None:
        """It is due `at` that place, in words."""
        what = "the device started anew" if isinstance(fault, ResetFault) else "the power went"
        self._tally.fire(index, now_ns, f"{what} {at}")
        self.due.append(fault)

    def take(self) -> Sequence[PowerCutFault | ResetFault]:
        """Those that are due, once."""
        due, self.due = self.due, []
        return due
