"""`bad_block`: a block of the flash takes nothing."""

from typing import ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.block_fault import BlockDefect, BlockFault
from quecsim.faults.places import Places
from quecsim.faults.places.flash import Operation


class BadBlock(BlockFault, frozen=True, kw_only=True, tag="bad_block"):
    """A block keeps what it has: number `block` of the flash, counted from 0, or the one that
    program or erase number `at_flash_op` of the run is in, from that operation on.

    It fires for each operation that had something to change. Blocks 0 and 1 are the directory's:
    without one of them the device can soon store nothing more.
    """

    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 133

    def words(self) -> str:
        """As in `block 3 takes nothing`."""
        return f"{self.which_block()} takes nothing"

    def arm(self, armed: Armed, places: Places) -> None:
        """From now on, or from an operation on."""
        places.flash.spoil(_Bad(armed, self, places.flash.done))


class _Bad(BlockDefect):
    def left(self, operation: Operation, new: bytes) -> bytes:
        return bytes(operation.old) if self.is_here(operation) else new
