"""A probe: its steps one after another, whatever becomes of each, and the module as it was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from quecsim.host.at_client import PortError
from quecsim.probe.bench import REOPEN_S, Bench
from quecsim.probe.finding import (
    Finding,
    ModuleRestartedError,
    NotMeasuredError,
    SilentError,
    not_measured,
)
from quecsim.probe.line_settings import reports
from quecsim.probe.plan import Plan
from quecsim.probe.prepare import Found, prepare
from quecsim.probe.step import Step

Progress: TypeAlias = Callable[[Step, int, int], None]
"""The step that begins, the seconds that the plan has behind it, and those of all of it."""

_NO_SENSE = (ValueError, LookupError, ArithmeticError)
"""What reading an answer raises that is not what it should be."""


@dataclass(slots=True)
class Probed:
    """What came of a probe: a finding for each key, in the order of the steps.

    `stopped`: why it was ended before its last step; `interrupted`: by Ctrl-C. `not_restored` says
    what could not be put back.
    """

    findings: dict[str, Finding] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    not_restored: list[str] = field(default_factory=list)
    stopped: str = ""
    interrupted: bool = False

    @property
    def measured(self) -> list[Finding]:
        """Those with a value."""
        return [finding for finding in self.findings.values() if finding.is_measured]


def run_probe(
    bench: Bench,
    plan: Plan,
    progress: Progress = lambda _step, _done, _all: None,
    tell: Callable[[str], None] = lambda _text: None,
) -> Probed:
    """All steps of the plan. Ctrl-C ends it: what is known then is kept, and all is put back.

    `tell` is told in words when that begins. A second Ctrl-C leaves the rest as it is.
    """
    probed = Probed(bench.found, bench.notes, bench.not_restored)
    bench.on_stop = lambda: tell("stopped; the module is put back as it was")
    try:
        with bench.scope():
            _run_all(bench, plan, progress)
    except KeyboardInterrupt:
        probed.stopped, probed.interrupted = "stopped by Ctrl-C", True
    except (PortError, NotMeasuredError) as error:
        probed.stopped = str(error)
    bench.give_up()
    for step in plan.steps:
        _close(bench, step, probed.stopped or "nothing was found about it")
    return probed


def _run_all(bench: Bench, plan: Plan, progress: Progress) -> None:
    for finding in reports(_prepared(bench)):
        bench.found[finding.key] = finding
    done_s = 0
    for step in plan.steps:
        progress(step, done_s, plan.seconds)
        _run_step(bench, step)
        done_s += step.seconds


def _prepared(bench: Bench) -> Found:
    """Raises NotMeasuredError where the module restarts, or is silent, again and again."""
    try:
        return prepare(bench)
    except ModuleRestartedError:
        bench.recover()
        return prepare(bench)


def _run_step(bench: Bench, step: Step) -> None:
    """One step; what goes wrong in it is told of its keys.

    It is tried again where the module restarted in its middle. Raises SilentError or PortError
    where the module, or the port, is gone for good.
    """
    for attempt in (1, 2):
        try:
            _try_step(bench, step)
        except ModuleRestartedError as error:
            if attempt == 2:
                _close(bench, step, str(error))
        except (NotMeasuredError, PortError) as error:
            _come_back(bench, error)
            _close(bench, step, str(error))
            return
        except _NO_SENSE as error:
            _close(bench, step, f"an answer of the module makes no sense ({error})")
            return
        else:
            return


def _try_step(bench: Bench, step: Step) -> None:
    with bench.scope():
        for finding in step.run(bench):
            bench.found[finding.key] = finding


def _come_back(bench: Bench, error: Exception) -> None:
    """After an error: the module is at its command line, or the error is raised again."""
    if isinstance(error, PortError) and not bench.wire.reopen(REOPEN_S):
        raise error
    if isinstance(error, SilentError | PortError) and not bench.recover():
        raise error


def _close(bench: Bench, step: Step, why_not: str) -> None:
    """What the step has not found is told as not measured."""
    for key in step.keys:
        bench.found.setdefault(key, not_measured(key, why_not))
