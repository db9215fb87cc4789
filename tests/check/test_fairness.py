"""A failure while the simulator had no processor is never the program's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from quecsim.check.attempt import Attempt, AttemptRun, attempt
from quecsim.check.junit import write_junit
from quecsim.check.many import Outcome
from quecsim.check.plan import CheckPlan
from quecsim.check.series import SeriesPlan, run_series
from quecsim.check.text import render_run
from quecsim.live.loop import LiveLoop
from quecsim.live.ports.adapter import ErrorCounts
from quecsim.live.ports.tty_adapter import TtyAdapter
from quecsim.live.signals import Signals
from quecsim.scenario.options import make_scenario
from quecsim.units import s
from tests.e2e.board import TwoPtys

pytestmark = pytest.mark.pty
FAILS = ("python", "-c", "raise SystemExit(3)")


def plan(folder: Path, *program: str) -> CheckPlan:
    return CheckPlan(make_scenario("ec200u"), program, folder / "x", b"", True)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Attempt]:
    """All attempts, as they are made."""
    made: list[Attempt] = []
    real: Callable[[AttemptRun], Attempt] = AttemptRun.run

    def run(self: AttemptRun) -> Attempt:
        made.append(real(self))
        return made[-1]

    monkeypatch.setattr(AttemptRun, "run", run)
    return made


def stop(monkeypatch: pytest.MonkeyPatch, runs: list[Attempt], most: int) -> None:
    """In the first `most` runs the simulator has no processor for 7 s."""
    real = LiveLoop.turn

    def turn(self: LiveLoop) -> None:
        real(self)
        self.stopped_ns = s(7) if len(runs) < most else 0

    monkeypatch.setattr(LiveLoop, "turn", turn)


def test_a_failure_of_a_simulator_that_was_not_there_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[Attempt]
) -> None:
    stop(monkeypatch, runs, 1)
    made = attempt(plan(tmp_path, *FAILS), tmp_path, Signals(), is_shown=False)
    assert [each.is_fair for each in runs] == [False, True]
    assert made is runs[1]
    assert made.exit_code == 3


def test_one_that_happens_each_time_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[Attempt]
) -> None:
    stop(monkeypatch, runs, 100)
    series = SeriesPlan(plan(tmp_path, *FAILS), ("x",), tmp_path / "kept", is_shown=False)
    result = run_series(series, Signals(), lambda _run: None)
    assert len(runs) == 3
    (run,) = result.runs
    assert not result.passed
    assert not run.is_judged
    assert result.causes == {"not judged": 1}
    assert not run.judgement.breaches
    text = " ".join(render_run("x", run, colour=False).split())
    assert text.startswith("NOT JUDGED x: the simulator had no processor for 7.000 s")
    assert "exit code" not in text
    write_junit([Outcome(result.scenario, result)], tmp_path / "check.xml")
    assert "<error" in (tmp_path / "check.xml").read_text()


def test_a_failure_with_a_processor_is_run_once(tmp_path: Path, runs: list[Attempt]) -> None:
    made = attempt(plan(tmp_path, *FAILS), tmp_path, Signals(), is_shown=False)
    assert made.is_fair
    assert len(runs) == 1


def test_a_board_is_not_judged_by_what_its_adapter_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[Attempt]
) -> None:
    monkeypatch.setattr(TtyAdapter, "errors", lambda _self: ErrorCounts(overruns=2))
    wires = TwoPtys()
    check = replace(plan(tmp_path, *FAILS), serial=wires.adapter)
    series = SeriesPlan(check, ("x",), tmp_path / "kept", is_shown=False)
    result = run_series(series, Signals(), lambda _run: None)
    wires.close()
    assert len(runs) == 3
    (run,) = result.runs
    assert not run.is_judged
    assert result.causes == {"not judged": 1}
    text = " ".join(render_run("x", run, colour=False).split())
    assert text.startswith("NOT JUDGED x: the adapter lost bytes of the board's")
    assert "another adapter" in text
