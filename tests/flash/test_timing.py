import pytest

from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.units import MS, US

PROGRAMS_OF_SEED_1 = [1_023_745, 1_431_064, 2_883_979]
ERASES_OF_SEED_1 = [299_858_622, 104_663_083, 122_688_523]


def drawn(seed: int) -> FlashTiming:
    return FlashTiming(mode=FlashMode.DRAWN, seed=seed)


@pytest.mark.parametrize(
    ("mode", "page_ns", "erase_ns", "byte_ns"),
    [
        (FlashMode.TYPICAL, 800 * US, 45 * MS, 40),
        (FlashMode.WORST, 3 * MS, 400 * MS, 40),
        (FlashMode.INSTANT, 0, 0, 0),
    ],
)
def test_fixed_modes(mode: FlashMode, page_ns: int, erase_ns: int, byte_ns: int) -> None:
    timing = FlashTiming(mode=mode)
    assert timing.program_ns(1) == page_ns
    assert timing.program_ns(4) == 4 * page_ns
    assert timing.erase_ns() == erase_ns
    assert timing.read_ns(1000) == 1000 * byte_ns


def test_drawn_is_the_same_every_year() -> None:
    timing = drawn(seed=1)
    assert [timing.program_ns(1) for _ in range(3)] == PROGRAMS_OF_SEED_1
    assert [timing.erase_ns() for _ in range(3)] == ERASES_OF_SEED_1


def test_drawn_per_page() -> None:
    assert drawn(1).program_ns(3) == sum(PROGRAMS_OF_SEED_1)


def test_drawn_differs_by_seed_and_stays_in_range() -> None:
    timing = drawn(seed=2)
    erases = [timing.erase_ns() for _ in range(500)]
    assert erases[:3] != ERASES_OF_SEED_1
    assert all(45 * MS <= erase <= 400 * MS for erase in erases)
    assert min(erases) < 60 * MS
    assert max(erases) > 385 * MS


def test_erases_do_not_move_the_programs() -> None:
    timing = drawn(seed=1)
    timing.erase_ns()
    assert timing.program_ns(1) == PROGRAMS_OF_SEED_1[0]
