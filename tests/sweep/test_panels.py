from pathlib import Path

import pytest
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.report.model import Verdict
from quecsim.sweep.heat import heat_text
from quecsim.sweep.panels import cell_text, panels
from quecsim.sweep.plot import check_plot, draw
from tests.sweep.made import made

GRID, RESULTS = made(
    lambda p: p["flow"] == "rtscts" or int(p["gap"]) > 0,
    flow="none,rtscts",
    chunk="64,256",
    gap="0,20,40",
)


def test_a_panel_for_each_of_the_other_axes() -> None:
    none, rtscts = panels(GRID, RESULTS)
    assert (none.title, rtscts.title) == ("flow control none", "flow control rtscts")
    assert none.rows is not None
    assert (none.rows.label, none.columns.label) == ("chunk (bytes)", "gap (ms)")
    assert [[cell_text(cell) for cell in row] for row in none.cells] == [
        ["-1067", "ok", "ok"],
        ["-1067", "ok", "ok"],
    ]


def test_what_has_not_been_run_is_a_dot() -> None:
    (none, rtscts) = panels(GRID, RESULTS[:1])
    assert [cell_text(cell) for cell in none.cells[0]] == ["-1067", ".", "."]
    assert all(cell is None for row in rtscts.cells for cell in row)


def test_one_axis_is_one_row() -> None:
    (panel,) = panels(*made(lambda p: True, ring="256,512", flow="none"))
    assert panel.rows is None
    assert panel.columns.name == "ring"
    assert [[cell_text(cell) for cell in row] for row in panel.cells] == [["ok", "ok"]]
    (single,) = panels(*made(lambda p: True, gap="0"))
    assert len(single.cells) == len(single.cells[0]) == 1


def test_several_runs_are_told_as_a_share() -> None:
    some = replace(RESULTS[0], runs=5, intact=3)
    assert cell_text(some) == "3/5"
    assert cell_text(replace(some, intact=5)) == "ok"
    assert cell_text(replace(RESULTS[0], lost_bytes=0, verdict=Verdict.REFUSED)) == "refused"


def test_the_terminal_shows_it_without_colour() -> None:
    text = heat_text(GRID, RESULTS)
    assert "\x1b" not in text
    lines = [line.split() for line in text.splitlines()]
    assert ["64", "-1067", "ok", "ok"] in lines
    assert "flow control rtscts" in text
    assert "\x1b[32m" in heat_text(GRID, RESULTS, colour=True)


def test_a_wide_table_is_turned_and_a_huge_one_left_out() -> None:
    wide = heat_text(*made(lambda p: False, chunk="64,256", gap="0..200:10"))
    assert ["200", "-1067", "-1067"] in [line.split() for line in wide.splitlines()]
    assert "…" not in wide
    short = heat_text(*made(lambda p: p["gap"] == 3, chunk="64..74", gap="0..11"))
    assert ["64", "x", "x", "x", "ok", *["x"] * 8] in [line.split() for line in short.splitlines()]
    huge = heat_text(*made(lambda p: False, chunk="64..94", gap="0..50"))
    assert "51 columns do not fit here" in huge


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_picture_is_the_same_every_time(ending: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    for place in (first, second):
        check_plot(place, GRID)
        draw(place, GRID, RESULTS, "a sweep")
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size > 5_000


def test_the_picture_says_its_units(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    place = tmp_path / "a.svg"
    draw(place, GRID, RESULTS, "a sweep")
    text = place.read_text()
    for words in ("chunk (bytes)", "gap (ms)", "-1067", "ok", "hatched: not safe"):
        assert words in text


def test_what_cannot_be_drawn_is_told_early() -> None:
    with pytest.raises(QuecsimError, match="which format"):
        check_plot(Path("a.gif"), GRID)
    many, _ = made(lambda p: True, chunk="1,2", gap="1,2", ring="16..29")
    with pytest.raises(QuecsimError, match="14 heat maps"):
        check_plot(Path("a.png"), many)
