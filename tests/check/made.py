"""Results of checks as they might be, made by hand."""

from quecsim.check.many import Outcome
from quecsim.check.results import CheckResult, CheckRun
from quecsim.judge.judgement import Judgement
from quecsim.report.model import Verdict


def outcome(
    scenario: str, *, verdict: Verdict = Verdict.INTACT, because: str = "", stopped_ns: int = 0
) -> Outcome:
    passed = verdict is Verdict.INTACT
    told = Judgement(
        passed=passed, verdict=verdict, sentence=f"{verdict} in words", because=because, name="x",
        expect="intact", claim=passed, breaches=[], allowed=[], notes=[], quiet_faults=[], lost=0,
        losses=[], reasons=[] if passed else ["the upload is not intact"], cause="", at_ns=0,
    )  # fmt: skip
    run = CheckRun(
        number=1, seed=1, exit_code=0, ended="", took_s=0.5, judgement=told, output="",
        is_shown=False, notes=[], kept="", repeat_with="", stopped_ns=stopped_ns,
    )  # fmt: skip
    result = CheckResult(
        scenario=scenario, device="ec200u", program=["x"], passed=passed, passed_runs=int(passed),
        causes={}, runs=[run], wanted_runs=1,
    )  # fmt: skip
    return Outcome(scenario, result, exit_code=0 if passed else 1)


def not_run(scenario: str) -> Outcome:
    return Outcome(scenario, None, "quecsim: no such | thing\n  hint: look", 2)
