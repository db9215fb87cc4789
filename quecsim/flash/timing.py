"""How long the flash takes: program per page, erase per block, read per byte.

The numbers are a NOR data sheet's: a typical and a maximum time for each operation. The mode says
which of them a run uses, so that the same host program can meet a good day, the worst case the
vendor still calls working, or a seeded mixture of both.
"""

from enum import Enum

from quecsim.rng import Stream
from quecsim.units import MS, US


class FlashMode(Enum):
    """Which time between the data sheet's typical and maximum an operation takes."""

    TYPICAL = "typical"
    WORST = "worst"
    DRAWN = "drawn"  # uniform in typical .. maximum, per page and per erase, from the seed
    INSTANT = "instant"  # no time at all: for tests that are not about time


class FlashTiming:
    """Durations of flash operations in nanoseconds.

    The defaults are of the class of a W25Q64JV on a 25 MB/s bus: 0.8 / 3 ms for a page of 256
    bytes, 45 / 400 ms for a 4 KB sector (data sheet, AC characteristics).
    """

    __slots__ = (
        "_erase_stream",
        "_program_stream",
        "erase_block_max_ns",
        "erase_block_typ_ns",
        "mode",
        "page_bytes",
        "program_page_max_ns",
        "program_page_typ_ns",
        "read_byte_ns",
    )

    def __init__(
        self,
        *,
        page_bytes: int = 256,
        program_page_typ_ns: int = 800 * US,
        program_page_max_ns: int = 3 * MS,
        erase_block_typ_ns: int = 45 * MS,
        erase_block_max_ns: int = 400 * MS,
        read_byte_ns: int = 40,
        mode: FlashMode = FlashMode.TYPICAL,
        seed: int = 0,
    ) -> None:
        assert page_bytes >= 16, page_bytes
        assert page_bytes & (page_bytes - 1) == 0, page_bytes
        assert 0 <= program_page_typ_ns <= program_page_max_ns
        assert 0 <= erase_block_typ_ns <= erase_block_max_ns
        assert read_byte_ns >= 0, read_byte_ns
        self.page_bytes = page_bytes
        self.program_page_typ_ns = program_page_typ_ns
        self.program_page_max_ns = program_page_max_ns
        self.erase_block_typ_ns = erase_block_typ_ns
        self.erase_block_max_ns = erase_block_max_ns
        self.read_byte_ns = 0 if mode is FlashMode.INSTANT else read_byte_ns
        self.mode = mode
        self._program_stream = Stream(seed, "flash.program")
        self._erase_stream = Stream(seed, "flash.erase")

    def program_ns(self, pages: int) -> int:
        """The time to program `pages` pages, one after the other."""
        match self.mode:
            case FlashMode.TYPICAL:
                return pages * self.program_page_typ_ns
            case FlashMode.WORST:
                return pages * self.program_page_max_ns
            case FlashMode.INSTANT:
                return 0
        low, high = self.program_page_typ_ns, self.program_page_max_ns
        between = self._program_stream.between
        return sum(between(low, high) for _ in range(pages))

    def erase_ns(self) -> int:
        """The time to erase one block."""
        match self.mode:
            case FlashMode.TYPICAL:
                return self.erase_block_typ_ns
            case FlashMode.WORST:
                return self.erase_block_max_ns
            case FlashMode.INSTANT:
                return 0
        return self._erase_stream.between(self.erase_block_typ_ns, self.erase_block_max_ns)

    def read_ns(self, size_bytes: int) -> int:
        """The time to read `size_bytes` bytes."""
        return size_bytes * self.read_byte_ns
