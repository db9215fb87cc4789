from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.sweep.journal import Journal
from tests.sweep.made import made

_, RESULTS = made(lambda p: int(p["gap"]) > 0, chunk="64,256", gap="0,40")


def kept(out: Path, sweep: str = "abc", count: int = 3) -> None:
    journal = Journal(out, sweep, 4)
    for result in RESULTS[:count]:
        journal.add(result)
    journal.close()


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    kept(out)
    journal = Journal(out, "abc", 4)
    assert journal.done == {result.index: result for result in RESULTS[:3]}
    journal.add(RESULTS[3])
    journal.close()
    again = Journal(out, "abc", 4)
    assert list(again.done.values()) == RESULTS
    again.close()


def test_a_line_cut_short_is_run_again(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    kept(out)
    side = tmp_path / "a.csv.cells"
    side.write_bytes(side.read_bytes()[:-20])
    journal = Journal(out, "abc", 4)
    assert list(journal.done) == [0, 1]
    journal.add(RESULTS[2])
    journal.close()
    again = Journal(out, "abc", 4)
    assert list(again.done) == [0, 1, 2]
    again.close()


@pytest.mark.parametrize("text", [b"", b"hello\n", b'{"sweep":"abc","cells":4}\nrubbish\n'])
def test_a_strange_side_file_is_left_alone(text: bytes, tmp_path: Path) -> None:
    side = tmp_path / "a.csv.cells"
    side.write_bytes(text)
    with pytest.raises(QuecsimError, match="belongs to another sweep") as caught:
        Journal(tmp_path / "a.csv", "abc", 4)
    assert "delete a.csv and a.csv.cells" in caught.value.hint
    assert side.read_bytes() == text


def test_another_sweep_is_refused(tmp_path: Path) -> None:
    kept(tmp_path / "a.csv")
    with pytest.raises(QuecsimError, match="belongs to another sweep"):
        Journal(tmp_path / "a.csv", "abd", 4)


def test_results_that_we_do_not_know_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(QuecsimError, match="is there already"):
        Journal(tmp_path / "a.csv", "abc", 4)
    assert not (tmp_path / "a.csv.cells").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot write"):
        Journal(tmp_path / "nowhere" / "a.csv", "abc", 4)
