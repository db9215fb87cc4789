"""The data of an upload, byte for byte as it is taken from the ring."""

from collections.abc import Callable
from typing import TypeAlias

from quecsim.faults.places.power import PowerFaults
from quecsim.flash.stall import FAR_AWAY_BYTES

Strike: TypeAlias = Callable[[int, str], None]
"""What happens at (time, place in words)."""


class ByteTrigger:
    """Data mode stops at byte `at_byte` of its data, once, as it does for a stall."""

    __slots__ = ("at_byte", "is_over", "strike")

    def __init__(self, at_byte: int, strike: Strike) -> None:
        self.at_byte = at_byte
        self.strike = strike
        self.is_over = False

    def is_due(self, taken: int) -> bool:
        """True exactly when `taken` bytes have been taken, and it has not been before."""
        return not self.is_over and taken == self.at_byte

    def distance(self, taken: int) -> int:
        """How many more bytes until it is due."""
        is_ahead = not self.is_over and self.at_byte > taken
        return self.at_byte - taken if is_ahead else FAR_AWAY_BYTES


class DataFaults:
    """The faults that wait for a byte of data. `taken()` are those of the upload that runs."""

    def __init__(self, power: PowerFaults, taken: Callable[[], int]) -> None:
        self.triggers: list[ByteTrigger] = []
        self._power = power
        self._taken = taken

    def at_byte(self, number: int, strike: Strike) -> None:
        """Strike at byte `number` from here on, or of the next upload."""
        self.triggers.append(ByteTrigger(self._taken() + number, strike))

    def hit(self, trigger: ByteTrigger, now_ns: int) -> bool:
        """An upload's data has come to it; True where the power goes."""
        trigger.is_over = True
        trigger.strike(now_ns, f"at byte {trigger.at_byte} of the data")
        return bool(self._power.due)
