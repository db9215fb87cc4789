"""The page of a failure: its record, and what the check has said of it."""

from dataclasses import replace
from pathlib import Path

from quecsim.check.results import CheckRun
from quecsim.check.text import render_run
from quecsim.judge.file import as_judged
from quecsim.judge.judgement import Judgement
from quecsim.render.recorded import Recorded
from quecsim.run.recorded import recorded
from quecsim.trace.jsonl import damage_told, read_trace


def judged_record(trace: Path, run: CheckRun, scenario: str) -> Recorded:
    """The record at `trace` of a run that was judged, ready to be drawn.

    Raises QuecsimError where it cannot be read.
    """
    _, events = read_trace(trace)
    told = render_run(scenario, run, colour=False)
    with damage_told(trace):
        made = recorded(events, name=str(trace), verdict=told, has_passed=run.judgement.passed)
    found = run.judgement
    report = as_judged(made.report, found.name, found.verdict, found.sentence)
    return replace(made, report=report, blame=_blame(found), cure=_cure(found))


def _blame(found: Judgement) -> str:
    """Why it failed, in one sentence."""
    if found.breaches:
        return found.breaches[0].text
    return found.because or next(iter(found.reasons), "")


def _cure(found: Judgement) -> str:
    """What to do about it, where a rule says so."""
    return found.breaches[0].advice if found.breaches else ""
