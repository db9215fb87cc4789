"""The plot of the ring's history."""

from quecsim.tui.history import Column
from quecsim.tui.plot import lane_row, plot_rows
from quecsim.tui.rows import Tone, plain

COLUMNS = [
    Column(0, 0),
    Column(1, 25),
    Column(2, 50, is_busy=True),
    Column(3, 100, is_busy=True, is_held=True),
    Column(4, 75, is_busy=True, lost=3),
]


def test_levels_as_blocks() -> None:
    assert [plain(one) for one in plot_rows(COLUMNS, 100, 6, 2)] == ["    █▄", "  ▄███"]


def test_any_byte_shows_and_only_a_full_ring_reaches_the_top() -> None:
    few = [Column(0, 1), Column(1, 99), Column(2, 100)]
    assert [plain(one) for one in plot_rows(few, 100, 3, 1)] == ["▁▇█"]


def test_full_and_lossy_columns_are_loud() -> None:
    pieces = plot_rows(COLUMNS, 100, 5, 1)[0]
    loud = [piece for piece in pieces if piece.tone is Tone.LOUD]
    assert [piece.text for piece in loud] == ["█▆"]


def test_the_mark_of_flow_control_is_dotted() -> None:
    rows = plot_rows(COLUMNS, 100, 6, 4, mark=50)
    assert [plain(one) for one in rows] == ["    █ ", "···██"[:3] + "·██", "   ███", "  ████"]


def test_a_ring_that_is_not_known_yet() -> None:
    assert [plain(one) for one in plot_rows([Column(0, 5)], 0, 3, 2, mark=7)] == ["   ", "···"]


def test_the_lane_has_the_worst_of_each_column() -> None:
    assert plain(lane_row(COLUMNS, 7)) == "    =~x"
