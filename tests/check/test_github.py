"""What GitHub is told."""

from io import StringIO
from pathlib import Path

import pytest

from quecsim.check.github import tell_github
from quecsim.errors import QuecsimError
from quecsim.report.model import Verdict
from tests.check.made import not_run, outcome

BAD = outcome("a:b,c", verdict=Verdict.LOST, because="100 % lost\nand more")


def test_the_summary_is_added_to(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    tell_github([outcome("good"), BAD], {"GITHUB_STEP_SUMMARY": str(summary)}, StringIO())
    assert summary.read_text().startswith("before\n### quecsim check: 1 of 2 passed\n")


def test_an_error_for_each_that_did_not_pass() -> None:
    out = StringIO()
    tell_github([outcome("good"), BAD, not_run("none")], {"GITHUB_ACTIONS": "true"}, out)
    first, second = out.getvalue().splitlines()
    assert first == (
        "::error title=quecsim check a%3Ab%2Cc::FAILED (lost): 100 %25 lost%0Aand more"
    )
    assert second == "::error title=quecsim check none::NOT RUN: no such | thing"


def test_elsewhere_nothing_is_said() -> None:
    out = StringIO()
    tell_github([BAD], {}, out)
    assert out.getvalue() == ""


def test_a_summary_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot write"):
        tell_github([BAD], {"GITHUB_STEP_SUMMARY": str(tmp_path)}, StringIO())
