"""docs/FLASH_RATE.md shows what the model gives, and the documented limits are safe in it."""

import pytest

from benchmarks.flash_rate import (
    BAUD,
    PACKAGE_BYTES,
    RATES_BYTES_S,
    Cell,
    markdown,
    run,
    safe_piece_bytes,
    table,
)
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from tests.docs.markdown import ROOT

LIMIT_BYTES_S = 15_000
GUIDES_PACKAGE_BYTES = 4_884_688
RING_BYTES = load_profile("ec200t").uart.rx_ring_bytes


@pytest.fixture(scope="module")
def worst() -> list[list[Cell]]:
    return table(FlashMode.WORST)


def document() -> str:
    return (ROOT / "docs/FLASH_RATE.md").read_text(encoding="utf-8")


def test_the_document_shows_this_table(worst: list[list[Cell]]) -> None:
    assert markdown(worst) in document()
    assert f"{PACKAGE_BYTES:,} bytes" in document()
    assert f"{BAUD} baud" in document()


def test_the_document_shows_the_typical_flash_too() -> None:
    assert markdown(table(FlashMode.TYPICAL)) in document()


def test_the_document_tells_the_largest_safe_piece() -> None:
    assert f"{safe_piece_bytes(LIMIT_BYTES_S)} bytes" in document()


def test_up_to_the_limit_safe_pieces_are_safe(worst: list[list[Cell]]) -> None:
    safe = [cell for row in worst for cell in row if _is_safe(cell)]
    assert len(safe) >= 5
    assert all((cell.lost, cell.end) == (0, "FILEEND,0") for cell in safe)


@pytest.mark.parametrize(
    ("piece_bytes", "size_bytes"),
    [
        (32, PACKAGE_BYTES),  # so many small pieces take long to model
        (256, GUIDES_PACKAGE_BYTES),
        (safe_piece_bytes(LIMIT_BYTES_S), GUIDES_PACKAGE_BYTES),
    ],
)
def test_the_guides_own_package_arrives_at_the_limit(piece_bytes: int, size_bytes: int) -> None:
    cell = run(piece_bytes, LIMIT_BYTES_S, FlashMode.WORST, size_bytes)
    assert (cell.lost, cell.end) == (0, "FILEEND,0")


@pytest.mark.parametrize(
    ("piece_bytes", "size_bytes"), [(569, 2_000_000), (820, 1_000_000), (1_700, PACKAGE_BYTES)]
)
def test_pieces_that_fit_the_ring_can_lose_bytes_at_the_limit(
    piece_bytes: int, size_bytes: int
) -> None:
    assert safe_piece_bytes(LIMIT_BYTES_S) < piece_bytes < RING_BYTES
    cell = run(piece_bytes, LIMIT_BYTES_S, FlashMode.WORST, size_bytes)
    assert cell.lost > 0
    assert cell.end == "FILEEND,500"


def test_at_half_the_limit_a_piece_only_has_to_fit_the_ring(worst: list[list[Cell]]) -> None:
    slow = [cell for row in worst for cell in row if cell.rate_bytes_s == LIMIT_BYTES_S // 2]
    assert {cell.lost > 0 for cell in slow if cell.piece_bytes > RING_BYTES} == {True}
    assert {cell.lost for cell in slow if cell.piece_bytes <= RING_BYTES} == {0}


def test_at_twice_the_limit_none_is(worst: list[list[Cell]]) -> None:
    assert 2 * LIMIT_BYTES_S in RATES_BYTES_S
    fast = [cell for row in worst for cell in row if cell.rate_bytes_s == 2 * LIMIT_BYTES_S]
    assert all(cell.lost > 0 and cell.end == "FILEEND,500" for cell in fast)


@pytest.mark.parametrize("piece_bytes", [8, 32])
def test_small_pieces_do_not_help_above_it(piece_bytes: int) -> None:
    assert run(piece_bytes, 2 * LIMIT_BYTES_S, FlashMode.WORST, 50_000).lost > 0


def _is_safe(cell: Cell) -> bool:
    rate = cell.rate_bytes_s
    return 0 < rate <= LIMIT_BYTES_S and cell.piece_bytes <= safe_piece_bytes(rate)
