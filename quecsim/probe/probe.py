"""A probe: its steps one after another, whatever becomes of each, and the module as it was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from quecsim.host.at_client import PortError
from quecsim.probe.bench import REOPEN_S, Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.plan import Plan
from quecsim.probe.step import Step

Progress: TypeAlias = Callable[[Step, int, int], None]
"""The step that begins, the seconds that the plan has behind it, and those of all of it."""


@dataclass(slots=True)
class Probed:
    """What came of a probe: a finding for each key, in the order of the steps.

    `stopped`: it was ended before its last step; `not_restored` says what could not be put back.
    """

    findings: dict[str, Finding] = field(default_factory=dict)
    not_restored: tuple[str, ...] = ()
    stopped: str = ""


def run_probe(
    bench: Bench, plan: Plan, progress: Progress = lambda _step, _done, _all: None
) -> Probed:
    """All steps of the plan. Ctrl-C ends it: what is known then is kept, and all is put back."""
    probed = Probed(bench.found)
    done_s = 0
    try:
        with bench.scope():
            for step in plan.steps:
                progress(step, done_s, plan.seconds)
                _run_step(bench, step)
                done_s += step.seconds
    except KeyboardInterrupt:
        probed.stopped = "stopped by Ctrl-C"
    except PortError as error:
        probed.stopped = str(error)
    for step in plan.steps:
        _close(bench, step, probed.stopped or "the step found nothing about it")
    probed.not_restored = tuple(bench.not_restored)
    return probed


def _run_step(bench: Bench, step: Step) -> None:
    """One step; what goes wrong in it is told of its keys, unless the port is gone for good."""
    try:
        with bench.scope():
            for finding in step.run(bench):
                bench.found[finding.key] = finding
    except NotMeasuredError as error:
        _close(bench, step, str(error))
    except PortError as error:
        if not bench.wire.reopen(REOPEN_S) or not bench.recover():
            raise
        _close(bench, step, str(error))


def _close(bench: Bench, step: Step, why_not: str) -> None:
    """What the step has not found is told as not measured."""
    for key in step.keys:
        bench.found.setdefault(key, not_measured(key, why_not))
