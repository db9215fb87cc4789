"""What faults of one block of the flash have in common: which block it is."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.faults.armed import Armed
from quecsim.faults.fault import Fault, Number, Options, Problem, Target
from quecsim.faults.places.flash import DefectFault, Operation
from quecsim.faults.points import Aim

Block = Annotated[int, Meta(ge=0, le=65_535)]


class BlockFault(Fault, frozen=True, kw_only=True):
    """A block that is given, or the one that program or erase number `at_flash_op` is in."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("at_flash_op", "block")
    AIMS: ClassVar[Mapping[str, Aim]] = {"flash_op": Aim("at_flash_op")}
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"at_flash_op": 1}, {"block": 1})
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"at_flash_op": (1, range(1, 21))},
        {"block": (1, 0, range(2, 12))},
    )

    at_flash_op: Number | None = None
    block: Block | None = None

    def misfits(self, target: Target) -> Iterator[Problem]:
        """The device must have such a block."""
        yield from super().misfits(target)
        count = target.profile.files.block_count
        if self.block is not None and self.block >= count:
            message = f"the flash of {target.title} has no block {self.block}"
            yield "block", message, f"Its blocks are 0 to {count - 1}."

    def which_block(self) -> str:
        """The block in words."""
        if self.block is not None:
            return f"block {self.block}"
        return f"the block of flash operation {self.at_flash_op}"


class BlockDefect(DefectFault):
    """The defect itself: knows its block at the latest when the operation comes that names it."""

    def __init__(self, armed: Armed, fault: BlockFault, done: int) -> None:
        self.armed = armed
        self.block = fault.block
        self._names_it = done + (fault.at_flash_op or 0)

    def is_here(self, operation: Operation) -> bool:
        """The operation is in its block."""
        if self.block is None and operation.number == self._names_it:
            self.block = operation.block
        return operation.block == self.block
