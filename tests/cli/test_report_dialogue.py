from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.trace.event import Lost, Start
from quecsim.trace.setup import Origin
from tests.cli.test_report import record, run, write


@pytest.fixture
def lossy(tmp_path: Path) -> Path:
    return write(tmp_path / "lossy.jsonl", record("thread-57329"))


def test_the_dialogue_stands_in_place_of_the_report(lossy: Path) -> None:
    done = run(lossy, "--dialogue")
    rows = done.stdout.splitlines()
    assert "  at     <-  CONNECT" in done.stdout
    assert "\x1b" not in done.stdout
    assert rows[0].split()[:3] == ["0.000000", "run", "--"]
    assert "What the host can do" not in done.stdout
    assert done.return_value == 1


def test_a_reader_chooses(lossy: Path) -> None:
    done = run(lossy, "--dialogue", "--only", "lost,flow", "--only", "run", "--times", "delta")
    rows = [row.split() for row in done.stdout.splitlines()]
    assert {row[1] for row in rows} == {"lost", "flow", "run"}
    assert all(row[0][0] in "+-" for row in rows)


def test_a_record_made_in_virtual_time_has_no_time_of_the_wall(lossy: Path) -> None:
    with pytest.raises(QuecsimError, match="no date"):
        run(lossy, "--dialogue", "--times", "clock")


def test_the_time_of_the_wall(tmp_path: Path) -> None:
    origin = Origin(date="2026-11-29T20:10:55+01:00")
    file = write(tmp_path / "a.jsonl", [Start(0, "ec200u", 1, "uart", {}, origin=origin)])
    assert run(file, "--dialogue", "--times", "clock").stdout.startswith("20:10:55.000000  run")


def test_a_trace_that_was_cut_is_told_as_far_as_it_goes(lossy: Path) -> None:
    rows = run(lossy, "--dialogue").stdout.splitlines()
    content = lossy.read_bytes()
    lossy.write_bytes(content[: len(content) - 300])
    cut = run(lossy, "--dialogue")
    told = cut.stdout.splitlines()
    assert 0 < len(told) < len(rows)
    assert told == rows[: len(told)]
    assert "torn" in cut.stderr


def test_escapes_of_a_record_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    lost = Lost(5, 4, 3, 2, "ring", 0, 9, 1, "x\x1b[2J", "", "", 7)
    file = write(tmp_path / "a.jsonl", [*record("typical-flash"), lost])
    assert r"x\x1b[2J" in run(file, "--dialogue", "--only", "lost").stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--only", "lost"], "--only is about the dialogue"),
        (["--times", "delta"], "--times is about the dialogue"),
        (["--dialogue", "--json"], "--json has no place in the dialogue"),
        (["--dialogue", "--picture"], "--picture has no place in the dialogue"),
        (["--dialogue", "--csv", "-"], "--csv - has standard output, and so has the dialogue"),
        (["--dialogue", "--only", "lsot"], 'there is no group "lsot"'),
    ],
)
def test_options_that_do_not_go_together(lossy: Path, options: list[str], message: str) -> None:
    with pytest.raises(QuecsimError, match=message):
        run(lossy, *options)


def test_a_case_has_no_dialogue(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text("")
    with pytest.raises(QuecsimError, match="no dialogue of its own") as told:
        run(tmp_path / "case.toml", "--dialogue")
    assert "quecsim replay" in str(told.value)
