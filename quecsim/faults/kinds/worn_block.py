"""`worn_block`: a block of the flash has been erased too often."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from quecsim.faults.armed import Armed
from quecsim.faults.block_fault import BlockDefect, BlockFault
from quecsim.faults.fault import Options
from quecsim.faults.places import Places
from quecsim.faults.places.flash import Operation
from quecsim.flash.nor import OpKind
from quecsim.rng import Stream

Erases = Annotated[int, Meta(ge=0, le=1_000_000)]
_STRETCH_BYTES = 64


class WornBlock(BlockFault, frozen=True, kw_only=True, tag="worn_block"):
    """A block stands `erases` more erases. Each after that leaves bits that stay 0: one in 64
    bytes, drawn by the seed; it fires each time.

    Which block: number `block` of the flash, counted from 0, or the one that program or erase
    number `at_flash_op` of the run is in.
    """

    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 134
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = tuple(
        {**way, "erases": (0, range(3))} for way in BlockFault.DRAWN
    )

    erases: Erases = 0

    def words(self) -> str:
        """As in `block 3 stands 2 more erases`."""
        more = f"{self.erases} more erases" if self.erases != 1 else "1 more erase"
        return f"{self.which_block()} stands {more if self.erases else 'no more erase'}"

    def arm(self, armed: Armed, places: Places) -> None:
        """From now on, or from an operation on."""
        places.flash.spoil(_Worn(armed, self, places))


class _Worn(BlockDefect):
    def __init__(self, armed: Armed, fault: WornBlock, places: Places) -> None:
        super().__init__(armed, fault, places.flash.done)
        self._erases = fault.erases
        self._stream = Stream(places.flash.nor.seed, f"fault.{armed.index}.worn_block")

    def left(self, operation: Operation, new: bytes) -> bytes:
        if not self.is_here(operation) or operation.kind is not OpKind.ERASE:
            return new
        if self._erases:
            self._erases -= 1
            return new
        worn = bytearray(new)
        for start in range(0, len(worn), _STRETCH_BYTES):
            place = start + self._stream.below(min(_STRETCH_BYTES, len(worn) - start))
            worn[place] &= ~(1 << self._stream.below(8))
        return bytes(worn)
