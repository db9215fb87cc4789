"""A NOR flash: blocks erase to 0xFF, programming only clears bits, and power can go at any moment.

Like the usual serial NOR it does not tell whether an operation took: who wants to know reads back.
`defects` are what is wrong with it.

The flash does every operation at once and books the time it would have taken: `begin` and `end`
enclose one piece of work and give its duration and its operations. Until the next work begins the
flash can still undo it, so that `cut` leaves the image as it was at any moment within.

Outside of `begin` .. `end` operations take no time and draw no random number: that is how people
put files in and look at them without disturbing a run.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from quecsim.flash.sparse import SparseStorage
from quecsim.flash.timing import FlashTiming
from quecsim.rng import Stream

_LOOK_BYTES = 1 << 18  # of an image at once, to see whether it is blank


class OpKind(Enum):
    """The operations that change the flash. (Reads only take time, and are not listed.)"""

    PROGRAM = "program"
    ERASE = "erase"


class FlashOp(NamedTuple):
    """One program or erase: `size` bytes at `address`, `start_ns` after the work began."""

    kind: OpKind
    address: int
    size: int
    start_ns: int
    duration_ns: int


@dataclass(frozen=True, slots=True)
class FlashTime:
    """What the flash did between `begin` and `end`, and how long it took, reads included."""

    duration_ns: int
    ops: list[FlashOp]


class PowerCut(Exception):  # noqa: N818 - it is what happened, not a mistake
    """Power has gone: whatever was mounted on this flash is dead; mount it again."""


class Storage(Protocol):
    """Where the bytes live: a `SparseStorage`, a bytearray, or an image file (`flash.image`)."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: slice, /) -> bytes | bytearray: ...
    def __setitem__(self, index: slice, value: bytes, /) -> None: ...


class Defect(Protocol):
    """Something that is wrong with a flash."""

    def left(self, kind: OpKind, block: int, old: bytes | bytearray, new: bytes) -> bytes:
        """What such an operation in `block` leaves in place of `old`, and not `new`."""


class Nor:
    """A NOR flash of `block_count` blocks that erase as a whole.

    `cut_after_operations = n` lets power go in the middle of the n-th program or erase from now
    (1 is the very next one): that operation is torn and raises `PowerCut`.
    """

    __slots__ = (
        "_blank",
        "_clock_ns",
        "_is_working",
        "_ops",
        "_size_bytes",
        "_tear_stream",
        "_undo",
        "block_bytes",
        "block_count",
        "clashes",
        "cut_after_operations",
        "defects",
        "erases",
        "power_cuts",
        "programmed_bytes",
        "programs",
        "seed",
        "storage",
        "timing",
        "wear",
    )

    def __init__(
        self,
        block_bytes: int,
        block_count: int,
        timing: FlashTiming,
        storage: Storage | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self.block_bytes = block_bytes
        self.block_count = block_count
        self.timing = timing
        self.seed = seed
        self._size_bytes = block_bytes * block_count
        self.storage: Storage = (
            SparseStorage(block_bytes, block_count) if storage is None else storage
        )
        assert len(self.storage) == self._size_bytes, len(self.storage)
        self._blank = b"\xff" * block_bytes
        self._tear_stream = Stream(seed, "flash.tear")
        self._is_working = False
        self._clock_ns = 0
        self._ops: list[FlashOp] = []
        self._undo: list[bytes | bytearray] = []  # what each of _ops replaced
        self.cut_after_operations: int | None = None
        self.defects: list[Defect] = []
        self.power_cuts = 0
        self.programs = 0
        self.programmed_bytes = 0
        self.erases = 0
        self.clashes = 0  # programs that would have had to set a bit
        self.wear = [0] * block_count  # erases of each block

    @property
    def max_wear(self) -> int:
        """Erases of the block that was erased most."""
        return max(self.wear)

    @property
    def is_working(self) -> bool:
        """Whether we are between `begin` and `end`."""
        return self._is_working

    def is_erased(self, first_block: int) -> bool:
        """Whether nothing is programmed in `first_block` and the blocks behind it."""
        start, end, storage = first_block * self.block_bytes, self._size_bytes, self.storage
        if isinstance(storage, SparseStorage):
            return storage.is_blank(start, end)
        erased = b"\xff" * _LOOK_BYTES
        return all(
            storage[at : min(at + _LOOK_BYTES, end)] == erased[: end - at]
            for at in range(start, end, _LOOK_BYTES)
        )

    def take_over(self, other: "Nor") -> None:
        """Be as `other` of the same size is: what it holds, and what was done to it."""
        assert other._size_bytes == self._size_bytes
        assert isinstance(self.storage, SparseStorage)
        assert isinstance(other.storage, SparseStorage)
        self.storage = other.storage.copy()
        self.programs, self.programmed_bytes = other.programs, other.programmed_bytes
        self.erases, self.wear = other.erases, other.wear.copy()

    def begin(self) -> None:
        """Begin a piece of work; the one before can no longer be undone."""
        assert not self._is_working, "one piece of work at a time"
        self._is_working = True
        self._clock_ns = 0
        self._ops = []
        self._undo = []

    def end(self) -> FlashTime:
        """End the work: what it did and how long that takes."""
        assert self._is_working
        self._is_working = False
        return FlashTime(self._clock_ns, self._ops)

    def read(self, address: int, size: int) -> bytes | bytearray:
        """`size` bytes from `address`."""
        assert 0 <= address <= address + size <= self._size_bytes, (address, size)
        self._clock_ns += self.timing.read_ns(size)
        return self.storage[address : address + size]

    def program(self, address: int, data: bytes) -> None:
        """Clear the bits that are 0 in `data`. A bit that is 0 stays 0, whatever `data` says."""
        end = address + len(data)
        assert 0 <= address <= end <= self._size_bytes, (address, len(data))
        old = self.storage[address:end]
        if old != self._blank[: len(data)]:
            taken = _anded(old, data)
            self.clashes += taken != data
            data = taken
        self.programs += 1
        self.programmed_bytes += len(data)
        for defect in self.defects:
            data = defect.left(OpKind.PROGRAM, address // self.block_bytes, old, data)
        self.storage[address:end] = data
        if self._is_working:
            page = self.timing.page_bytes
            pages = (end - 1) // page - address // page + 1
            self._book(OpKind.PROGRAM, address, old, self.timing.program_ns(pages))
        else:
            self._forget()
        if self.cut_after_operations is not None:
            self._count_down(OpKind.PROGRAM, address, old)

    def erase(self, block: int) -> None:
        """Set every byte of a block to 0xFF."""
        assert 0 <= block < self.block_count, block
        address = block * self.block_bytes
        old = self.storage[address : address + self.block_bytes]
        self.erases += 1
        self.wear[block] += 1
        new = self._blank
        for defect in self.defects:
            new = defect.left(OpKind.ERASE, block, old, new)
        self.storage[address : address + self.block_bytes] = new
        if self._is_working:
            self._book(OpKind.ERASE, address, old, self.timing.erase_ns())
        else:
            self._forget()
        if self.cut_after_operations is not None:
            self._count_down(OpKind.ERASE, address, old)

    def flip(self, address: int, bit: int) -> None:
        """Turn a bit over (0 the lowest), as age and radiation do."""
        (byte,) = self.storage[address : address + 1]
        self.storage[address : address + 1] = bytes([byte ^ 1 << bit])
        self._forget()

    def cut(self, elapsed_ns: int) -> None:
        """Power goes `elapsed_ns` after the last work began.

        Operations that would have begun later never happened, the one in progress is torn. A work
        that was over by then is whole, and so is one after which people changed the flash.
        """
        assert elapsed_ns >= 0, elapsed_ns
        for op, old in zip(reversed(self._ops), reversed(self._undo), strict=True):
            spent_ns = elapsed_ns - op.start_ns
            if spent_ns >= op.duration_ns:
                break
            if spent_ns <= 0:
                self.storage[op.address : op.address + op.size] = bytes(old)
            else:
                self._tear(op.kind, op.address, old, spent_ns, op.duration_ns)
        self._lose_power()

    def _book(self, kind: OpKind, address: int, old: bytes | bytearray, duration_ns: int) -> None:
        self._ops.append(FlashOp(kind, address, len(old), self._clock_ns, duration_ns))
        self._undo.append(old)
        self._clock_ns += duration_ns

    def _count_down(self, kind: OpKind, address: int, old: bytes | bytearray) -> None:
        assert self.cut_after_operations is not None
        assert self.cut_after_operations > 0, "the next operation is number 1"
        self.cut_after_operations -= 1
        if self.cut_after_operations == 0:
            self._tear(kind, address, old, 1, 2)
            self._lose_power()
            raise PowerCut(f"power went during {kind.value} at {address:#x}")

    def _lose_power(self) -> None:
        self.cut_after_operations = None
        self.power_cuts += 1
        self._forget()

    def _forget(self) -> None:
        """Make the last work final: somebody has built on it."""
        self._ops = []  # a new list: the old one belongs to the `Work`
        self._undo = []

    def _tear(
        self, kind: OpKind, address: int, old: bytes | bytearray, spent: int, duration: int
    ) -> None:
        """Leave the operation that replaced `old` as it was after `spent` of its `duration`."""
        end = address + len(old)
        if kind is OpKind.ERASE:
            torn = self._half_erased(bytes(old), spent * 256 // duration)
        else:
            done = self._programmed_bytes(address, len(old), spent, duration)
            torn = bytes(self.storage[address : address + done] + old[done:])
        self.storage[address:end] = torn

    def _programmed_bytes(self, address: int, size: int, spent: int, duration: int) -> int:
        """How far a program came: the pages that were finished, and some of the one in progress.

        The time of one operation is taken as spread evenly over its pages.
        """
        page = self.timing.page_bytes
        lead = address % page
        pages = (lead + size - 1) // page + 1
        finished = pages * spent // duration
        start = max(0, finished * page - lead)
        stop = min(size, (finished + 1) * page - lead)
        return start + self._tear_stream.below(stop - start + 1)

    def _half_erased(self, old: bytes, share_of_256: int) -> bytes:
        """An erase cut short: that share of the bytes is 0xFF, the others are still old."""
        dice = b"".join(
            self._tear_stream.u64().to_bytes(8, "big") for _ in range((len(old) + 7) // 8)
        )
        return bytes(
            0xFF if die < share_of_256 else byte for byte, die in zip(old, dice, strict=False)
        )


def _anded(old: bytes | bytearray, new: bytes) -> bytes:
    """What programming `new` over `old` leaves."""
    both = int.from_bytes(old, "big") & int.from_bytes(new, "big")
    return both.to_bytes(len(new), "big")
