"""The result as a JUnit file, which every CI reads: one test case for each run.

What could not be run, or was stopped, is one with an <error>: a CI must not take it for a success.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quecsim.check.many import Outcome
from quecsim.check.results import CheckResult, CheckRun
from quecsim.check.text import render_run
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from junitparser import TestCase

_MOST_OUTPUT_CHARS = 100_000


def write_junit(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write all to `path`, a suite for each. Raises QuecsimError where that cannot be."""
    from junitparser import JUnitXml, TestSuite

    document = JUnitXml()
    for outcome in outcomes:
        suite = TestSuite(f"quecsim check {outcome.scenario}")
        for case in _cases(outcome):
            suite.add_testcase(case)
        document.add_testsuite(suite)
    try:
        document.write(str(path), pretty=True)
    except OSError as error:
        hint = "name a file in a folder that is there"
        raise QuecsimError(f"cannot write {path}: {error.strerror}", hint=hint) from None


def _cases(outcome: Outcome) -> "list[TestCase]":
    result = outcome.result
    if result is None:
        return [_error_case(outcome.scenario, "quecsim", outcome.message)]
    cases = [_case(result, run) for run in result.runs]
    if result.stopped:
        words = f"stopped after {len(result.runs)} of {result.wanted_runs} runs"
        cases.append(_error_case(result.scenario, f"quecsim.{result.device}", words))
    return cases


def _case(result: CheckResult, run: CheckRun) -> "TestCase":
    from junitparser import Failure, TestCase

    number = f", run {run.number}" if result.wanted_runs > 1 else ""
    reading = f", {run.quirk}" if run.quirk else ""
    name = f"{result.scenario} (seed {run.seed}{number}{reading})"
    case = TestCase(name, f"quecsim.{result.device}", run.took_s)
    if not run.is_judged:
        return _error_case(name, f"quecsim.{result.device}", run.judgement.reasons[0])
    if not run.judgement.passed:
        failure = Failure(run.judgement.headline, run.judgement.cause)
        failure.text = _clean(render_run(result.scenario, run, colour=False))
        case.result = [failure]
    case.system_out = _clean(run.output)
    return case


def _error_case(name: str, group: str, words: str) -> "TestCase":
    from junitparser import Error, TestCase

    case = TestCase(name, group)
    case.result = [Error(_clean(words.partition("\n")[0]), "not run")]
    case.result[0].text = _clean(words)
    return case


def _clean(text: str) -> str:
    """What XML cannot hold is left out."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")[:_MOST_OUTPUT_CHARS]
