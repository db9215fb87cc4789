"""`flash_op_fails`: an operation of the flash does not take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import ORDINALS, Count, Fault, Number, Options
from quecsim.faults.places import Places
from quecsim.faults.places.flash import DefectFault, Operation
from quecsim.faults.points import Aim


class FlashOpFails(Fault, frozen=True, kw_only=True, tag="flash_op_fails"):
    """Program or erase number `at_flash_op` of the run changes nothing, nor do the `count - 1`
    after it. It fires for each that had something to change.

    The flash does not tell; the file system finds out when it reads back, and takes another block.
    """

    AIMS: ClassVar[Mapping[str, Aim]] = {"flash_op": Aim("at_flash_op")}
    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 132
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"at_flash_op": 1}, {"at_flash_op": 2})
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"at_flash_op": (1, range(1, 21)), "count": ORDINALS},
    )

    at_flash_op: Number = 1
    count: Count = 1

    def words(self) -> str:
        """As in `flash operation 3 does not take`."""
        if self.count == 1:
            return f"flash operation {self.at_flash_op} does not take"
        return f"{self.count} flash operations from number {self.at_flash_op} on do not take"

    def arm(self, armed: Armed, places: Places) -> None:
        """At an operation."""
        first = places.flash.done + self.at_flash_op
        places.flash.spoil(_Failing(armed, range(first, first + self.count)))


@dataclass(slots=True)
class _Failing(DefectFault):
    armed: Armed
    numbers: range

    def left(self, operation: Operation, new: bytes) -> bytes:
        return bytes(operation.old) if operation.number in self.numbers else new
