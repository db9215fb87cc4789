import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.nor import FlashOp, Nor, OpKind, PowerCut
from quecsim.flash.timing import FlashMode, FlashTiming

BLOCK = 1024
BLOCKS = 4
SIZE = BLOCK * BLOCKS


def flash(storage: bytearray | None = None, mode: FlashMode = FlashMode.TYPICAL) -> Nor:
    timing = FlashTiming(
        program_page_typ_ns=100,
        program_page_max_ns=200,
        erase_block_typ_ns=1000,
        erase_block_max_ns=2000,
        read_byte_ns=1,
        mode=mode,
    )
    return Nor(BLOCK, BLOCKS, timing, storage)


def content(nor: Nor) -> bytes:
    return bytes(nor.read(0, SIZE))


def test_begins_erased() -> None:
    assert content(flash()) == b"\xff" * SIZE


def test_programming_only_clears_bits() -> None:
    nor = flash()
    nor.program(0, b"\xf0\x0f")
    nor.program(0, b"\x30\x0f")
    assert nor.read(0, 3) == b"\x30\x0f\xff"
    assert nor.clashes == 0
    nor.program(0, b"\x31\x07")
    assert nor.read(0, 3) == b"\x30\x07\xff"
    assert nor.clashes == 1


def test_erase_sets_a_whole_block_and_no_other() -> None:
    nor = flash(bytearray(SIZE))
    nor.erase(1)
    assert content(nor) == bytes(BLOCK) + b"\xff" * BLOCK + bytes(2 * BLOCK)


@pytest.mark.parametrize("address", [-1, SIZE - 1, SIZE])
def test_bounds(address: int) -> None:
    nor = flash()
    with pytest.raises(AssertionError):
        nor.read(address, 2)
    with pytest.raises(AssertionError):
        nor.program(address, b"\x00\x00")


@pytest.mark.parametrize("block", [-1, BLOCKS])
def test_erase_bounds(block: int) -> None:
    with pytest.raises(AssertionError):
        flash().erase(block)


def test_work_books_each_operation_at_its_time() -> None:
    nor = flash()
    nor.begin()
    nor.erase(2)
    nor.read(0, 30)
    nor.program(2 * BLOCK, bytes(512))
    nor.program(250, bytes(10))  # across the border of two pages
    work = nor.end()
    assert work.ops == [
        FlashOp(OpKind.ERASE, 2 * BLOCK, BLOCK, 0, 1000),
        FlashOp(OpKind.PROGRAM, 2 * BLOCK, 512, 1030, 200),
        FlashOp(OpKind.PROGRAM, 250, 10, 1230, 200),
    ]
    assert work.duration_ns == 1430


def test_outside_of_work_nothing_takes_time_or_draws() -> None:
    disturbed, plain = flash(mode=FlashMode.DRAWN), flash(mode=FlashMode.DRAWN)
    disturbed.erase(0)
    disturbed.program(0, bytes(100))
    for nor in (disturbed, plain):
        nor.begin()
        nor.erase(3)
    assert disturbed.end() == plain.end()


def test_counters_and_wear() -> None:
    nor = flash()
    for block in (1, 1, 3):
        nor.erase(block)
    nor.program(0, bytes(300))
    assert (nor.erases, nor.programs, nor.programmed_bytes) == (3, 1, 300)
    assert nor.wear == [0, 2, 0, 1]
    assert nor.max_wear == 2


def test_works_do_not_nest() -> None:
    nor = flash()
    nor.begin()
    with pytest.raises(AssertionError):
        nor.begin()


# One erase (0 .. 1000 ns) of a block of zeros, then 4 pages programmed (1000 .. 1400 ns).
def worked() -> Nor:
    nor = flash(bytearray(SIZE))
    nor.begin()
    nor.erase(1)
    nor.program(BLOCK, b"\x5a" * BLOCK)
    nor.end()
    return nor


def test_cut_before_anything_happened() -> None:
    nor = worked()
    nor.cut(0)
    assert content(nor) == bytes(SIZE)


def test_cut_during_the_erase() -> None:
    nor = worked()
    nor.cut(500)
    block = nor.read(BLOCK, BLOCK)
    assert set(block) == {0x00, 0xFF}
    assert 400 < block.count(0xFF) < 624  # half of it, give or take
    assert nor.read(0, BLOCK) == bytes(BLOCK)


def test_cut_between_the_two() -> None:
    nor = worked()
    nor.cut(1000)
    assert nor.read(BLOCK, BLOCK) == b"\xff" * BLOCK


@pytest.mark.parametrize(("elapsed_ns", "pages"), [(1001, 0), (1150, 1), (1399, 3)])
def test_cut_during_the_program(elapsed_ns: int, pages: int) -> None:
    nor = worked()
    nor.cut(elapsed_ns)
    block = bytes(nor.read(BLOCK, BLOCK))
    done = len(block.rstrip(b"\xff"))
    assert block[:done] == b"\x5a" * done
    assert pages * 256 <= done <= (pages + 1) * 256


def test_cut_after_the_work_was_over() -> None:
    nor = worked()
    nor.cut(1400)
    assert nor.read(BLOCK, BLOCK) == b"\x5a" * BLOCK


def test_cut_is_the_same_for_the_same_seed() -> None:
    first, second = worked(), worked()
    first.cut(321)
    second.cut(321)
    assert content(first) == content(second)


def test_what_people_change_after_the_work_is_not_undone() -> None:
    nor = worked()
    nor.program(0, bytes(1))
    nor.cut(0)
    assert nor.read(BLOCK, BLOCK) == b"\x5a" * BLOCK


@given(st.integers(0, 1500), st.integers(0, 255), st.integers(1, 900))
def test_cut_program_is_a_prefix(elapsed_ns: int, lead: int, size: int) -> None:
    nor = flash()
    data = bytes(size)
    nor.begin()
    nor.program(lead, data)
    duration_ns = nor.end().duration_ns
    nor.cut(elapsed_ns)
    stored = content(nor)
    done = stored.count(0)
    assert stored == b"\xff" * lead + data[:done] + b"\xff" * (SIZE - lead - done)
    if elapsed_ns >= duration_ns:
        assert done == size
    if elapsed_ns == 0:
        assert done == 0


def test_cut_after_operations_tears_the_nth() -> None:
    nor = flash(bytearray(SIZE))
    nor.cut_after_operations = 2
    nor.erase(0)
    with pytest.raises(PowerCut, match="program"):
        nor.program(0, b"\x5a" * BLOCK)
    block = bytes(nor.read(0, BLOCK))
    done = len(block.rstrip(b"\xff"))
    assert 512 <= done <= 768
    assert nor.power_cuts == 1
    nor.erase(0)  # power is back
    assert nor.read(0, BLOCK) == b"\xff" * BLOCK
