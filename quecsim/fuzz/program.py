"""The host that is tried: a program of any kind, on a pty, in real time.

Each run is one of `quecsim check`: program, pty, judgement. A program need not do the same each
time, so a finding counts when most of `confirm` runs show it.
"""

import tempfile
from collections.abc import Callable
from math import inf
from pathlib import Path

from quecsim.check.attempt import Attempt, attempt
from quecsim.check.kept import TRACE
from quecsim.check.plan import CheckPlan
from quecsim.fuzz import finding as found
from quecsim.fuzz.case import upload_of
from quecsim.fuzz.hosts import TimeUp
from quecsim.judge.stored import looks_whole
from quecsim.live.signals import Signals
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.trace.jsonl import read_trace

_GRACE_S = 2.0
_ANY_TROUBLE = frozenset({"any"})  # what there is, is known behind the run


class ProgramHost:
    """A program with `{port}` and `{file}` in its arguments; it may run for `limit_s` seconds.

    `left_s` says how long the search may last yet: no run outlasts it by more than a grace.
    """

    def __init__(
        self,
        program: tuple[str, ...],
        signals: Signals,
        *,
        confirm: int = 3,
        limit_s: float = 60.0,
        left_s: Callable[[], float] = lambda: inf,
    ) -> None:
        self.program = program
        self.confirm = confirm
        self.label = " ".join(program)
        self._signals = signals
        self._limit_s = limit_s
        self._left_s = left_s

    def run(self, case: Scenario) -> found.CaseRun:
        """Run it once. Raises Interrupted on a signal, QuecsimError where it cannot be started,
        and TimeUp where the search was over before the program was.
        """
        with tempfile.TemporaryDirectory(prefix="quecsim-fuzz-") as folder:
            return self._run_in(Path(folder), case)

    def record(self, case: Scenario) -> tuple[found.CaseRun, list[Event]]:
        """Run it once, and keep what happened. The search may be over."""
        with tempfile.TemporaryDirectory(prefix="quecsim-fuzz-") as folder:
            run = self._run_in(Path(folder), case, is_timed=False)
            return run, read_trace(Path(folder) / TRACE)[1]

    def _run_in(self, folder: Path, case: Scenario, *, is_timed: bool = True) -> found.CaseRun:
        limit_s = self._limit_s
        if is_timed:
            limit_s = min(limit_s, max(self._left_s(), 0.0) + _GRACE_S)
        name, payload = upload_of(case)
        file = folder / name.rpartition(":")[2]
        file.write_bytes(payload)
        plan = CheckPlan(
            case, self.program, file, payload, True,
            name=name, expect=found.expectation(case, _ANY_TROUBLE), limit_s=limit_s,
        )  # fmt: skip
        made = attempt(plan, folder, self._signals, is_shown=False)
        if limit_s < self._limit_s and made.took_s >= limit_s:
            raise TimeUp
        return self._judged(case, made)

    def _judged(self, case: Scenario, attempt: Attempt) -> found.CaseRun:
        trouble = found.trouble_of(case, attempt.report)
        fired = found.fired_faults(case, attempt.report)
        points = attempt.points
        if not attempt.is_fair:
            return found.CaseRun(None, fired, points)
        if attempt.took_s >= self._limit_s:
            hung = found.Finding(
                "hangs", trouble, attempt.ended, "give every wait an end", attempt.report.at_ns
            )
            return found.CaseRun(found.with_quirks(case, hung), fired, points)
        finding = found.finding_of(
            attempt.judgement,
            trouble,
            misled=found.is_misled(case, attempt.report),
            whole=looks_whole(attempt.content, upload_of(case)[1]),
        )
        return found.CaseRun(found.with_quirks(case, finding), fired, points)
