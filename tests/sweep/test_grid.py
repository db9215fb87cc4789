import pytest

from quecsim.errors import QuecsimError
from quecsim.sweep.grid import DEFAULT, MOST_RUNS, make_grid


def test_the_last_axis_changes_fastest() -> None:
    grid = make_grid({"gap": "0,10", "chunk": "64,256", "flow": None})
    assert list(grid.points()) == [
        {"chunk": 64, "gap": 0},
        {"chunk": 64, "gap": 10},
        {"chunk": 256, "gap": 0},
        {"chunk": 256, "gap": 10},
    ]
    assert grid.size_text() == "4 cells (2 chunk x 2 gap)"


def test_one_cell_and_several_runs() -> None:
    grid = make_grid({"ring": "512"}, seeds=3)
    assert grid.size_text() == "1 cell (1 ring), 3 runs each"
    assert grid.wide == []


def test_without_anything_the_usual_is_tried() -> None:
    assert set(make_grid(dict.fromkeys(DEFAULT)).axes) == set(DEFAULT)


def test_too_many_runs_are_told_in_numbers() -> None:
    written = {"chunk": "1..200", "gap": "0..100"}
    with pytest.raises(QuecsimError, match=r"20200 cells \(200 chunk x 101 gap\)") as caught:
        make_grid(written)
    assert str(MOST_RUNS) in str(caught.value)
    with pytest.raises(QuecsimError, match="runs each"):
        make_grid({"chunk": "1..200"}, seeds=101)
