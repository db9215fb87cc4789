"""How many blocks a file takes, against what littlefs itself uses."""

import pytest

from quecsim.flash.blocks import content_bytes, file_blocks
from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs

BLOCK, CACHE = 4096, 1024


def used_blocks(size: int) -> int:
    nor = Nor(BLOCK, 64, FlashTiming(mode=FlashMode.INSTANT))
    ufs = Ufs(nor, cache_bytes=CACHE)
    before = ufs.room_for("a", None)
    ufs.write_file("a", bytes(size))
    after = ufs.room_for("b", None)
    return next(n for n in range(64) if content_bytes(58 - n, BLOCK) == after) - next(
        n for n in range(64) if content_bytes(58 - n, BLOCK) == before
    )


@pytest.mark.parametrize(
    "size",
    [0, 1, 511, 512, 513, 1024, 4095, 4096, 4097, 8188, 8189, 12276, 12277, 12280, 65_000, 150_000],
)
def test_the_blocks_of_a_file_are_those_that_littlefs_takes(size: int) -> None:
    assert file_blocks(size, BLOCK, CACHE) == used_blocks(size)


def test_what_goes_into_so_many_blocks() -> None:
    """SPEC.md, "CTZ skip-lists": block n has ctz(n) + 1 pointers of 4 bytes."""
    sizes = [content_bytes(blocks, BLOCK) for blocks in range(6)]
    pointers = [0, 0, 1, 1 + 2, 1 + 2 + 1, 1 + 2 + 1 + 3]
    assert sizes == [n * BLOCK - 4 * count for n, count in enumerate(pointers)]
