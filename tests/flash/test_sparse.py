"""A sparse storage is a bytearray of 0xFF, whatever is written to it, and takes less memory."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.nor import Nor
from quecsim.flash.sparse import SparseStorage
from quecsim.flash.timing import FlashTiming

BLOCK, BLOCKS = 16, 5
SIZE = BLOCK * BLOCKS
BLANK = b"\xff" * BLOCK

spans = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(sorted)


@given(st.lists(st.tuples(spans, st.sampled_from([0x00, 0x5A, 0xFF]))))
def test_it_is_a_bytearray(writes: list[tuple[list[int], int]]) -> None:
    sparse, plain = SparseStorage(BLOCK, BLOCKS), bytearray(b"\xff" * SIZE)
    for (start, end), byte in writes:
        data = bytes((byte,)) * (end - start)
        sparse[start:end] = data
        plain[start:end] = data
        assert sparse[start:end] == plain[start:end]
    assert sparse[0:SIZE] == plain
    assert len(sparse) == len(plain)
    for block in range(BLOCKS):
        is_blank = plain[block * BLOCK :] == BLANK * (BLOCKS - block)
        assert sparse.is_blank(block * BLOCK, SIZE) == is_blank


def test_what_was_read_does_not_change_later() -> None:
    sparse = SparseStorage(BLOCK, BLOCKS)
    sparse[0:4] = b"abcd"
    read = sparse[0:4]
    sparse[0:4] = b"\x00" * 4
    assert read == b"abcd"


def test_an_erased_block_gives_its_memory_back() -> None:
    sparse = SparseStorage(BLOCK, BLOCKS)
    sparse[20:24] = b"abcd"
    assert len(sparse._blocks) == 1
    sparse[BLOCK : 2 * BLOCK] = BLANK
    assert not sparse._blocks


def test_a_flash_is_erased_from_the_first_block_behind_what_was_programmed() -> None:
    for storage in (None, bytearray(b"\xff" * SIZE)):
        nor = Nor(BLOCK, BLOCKS, FlashTiming(page_bytes=16), storage)
        assert nor.is_erased(0)
        nor.program(BLOCK + 3, b"x")
        assert [nor.is_erased(block) for block in range(BLOCKS)] == [False, False, True, True, True]
