"""Many checks as one table."""

from quecsim.check.table import markdown, render_table
from quecsim.report.model import Verdict
from tests.check.made import not_run, outcome

ALL = [
    outcome("good"),
    outcome("bad", verdict=Verdict.LOST, because="byte 1 was lost because " + "of it " * 30),
    outcome("slow", verdict=Verdict.SHORT, stopped_ns=5),
    not_run("none"),
]


def test_a_row_each_and_the_sum() -> None:
    lines = render_table(ALL, colour=False, width=80).split("\n")
    assert lines[0].split() == ["scenario", "result", "file", "why"]
    assert lines[1].split() == ["good", "passed", "intact"]
    assert lines[2].startswith("bad       FAILED      lost    byte 1 was lost because of it")
    assert lines[2].endswith("...")
    assert lines[3].split()[:3] == ["slow", "NOT", "JUDGED"]
    assert lines[4].split()[:3] == ["none", "NOT", "RUN"]
    assert lines[-1] == "1 of 4 checks passed"
    assert all(len(line) <= 80 for line in lines)


def test_colour_adds_nothing_but_colour() -> None:
    plain = render_table(ALL, colour=False, width=80)
    coloured = render_table(ALL, colour=True, width=80)
    for code in ("\x1b[32m", "\x1b[1;31m", "\x1b[0m"):
        assert code in coloured
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_markdown() -> None:
    page = markdown(ALL)
    assert page.startswith("### quecsim check: 1 of 4 passed")
    assert "| good | passed | intact |  |" in page
    assert "no such \\| thing" in page
    assert all(line.count(" | ") >= 3 for line in page.split("\n") if line.startswith("| good"))


def test_nothing_at_all() -> None:
    assert render_table([], colour=False, width=80) == "0 of 0 checks passed"
