"""Several checks side by side."""

import json
import sys
from pathlib import Path

import pytest

from quecsim.check.many import Outcome, as_json, exit_code_of, run_many
from quecsim.check.suite import SuiteEntry
from tests.check.made import not_run, outcome

HOST = [sys.executable, str(Path(__file__).parents[2] / "examples" / "upload_ack.py")]


@pytest.mark.pty
def test_the_order_is_that_of_the_entries_and_each_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told: list[Outcome] = []
    names = "thread-57329", "no-such-thing"
    entries = [*map(SuiteEntry, names), SuiteEntry("ec200u", seed=9)]
    program = [*HOST, "{port}", "{file}"]
    outcomes, is_stopped = run_many(entries, ["--timeout=60s"], program, 3, told.append)
    assert not is_stopped
    assert [each.scenario for each in outcomes] == [entry.scenario for entry in entries]
    assert sorted(each.scenario for each in told) == sorted(each.scenario for each in outcomes)
    good, bad, seeded = outcomes
    assert good.result is not None
    assert good.result.passed
    assert bad.result is None
    assert 'no scenario is called "no-such-thing"' in bad.message
    assert seeded.result is not None
    assert seeded.result.runs[0].seed == 9
    assert exit_code_of(outcomes) == 2


@pytest.mark.parametrize(
    ("codes", "code"),
    [([], 0), ([0, 0], 0), ([0, 1], 1), ([1, 2, 0], 2), ([1, 2, 70], 70), ([0, -9], 1)],
)
def test_one_exit_code_for_all(codes: list[int], code: int) -> None:
    assert exit_code_of([Outcome("x", None, exit_code=each) for each in codes]) == code


def test_one_json_for_all() -> None:
    page = json.loads(as_json([outcome("good"), not_run("none")], is_stopped=False))
    assert page["passed"] is False
    assert page["checks"][0]["scenario"] == "good"
    assert page["errors"] == [
        {"scenario": "none", "message": "quecsim: no such | thing\n  hint: look"}
    ]
    assert json.loads(as_json([outcome("good")], is_stopped=True))["passed"] is False
