"""The loop: take the next case, run the host, and reduce and save what is new.

A finding that a known one explains (the same, with trouble that it does not need) is counted and
not looked at again. The search never ends early: it ends with its cases, or when `is_over` says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.fuzz.case import with_finding
from quecsim.fuzz.finding import Finding, Run
from quecsim.fuzz.hosts import Host
from quecsim.fuzz.points import Coverage
from quecsim.fuzz.reduce import reduce_case, size
from quecsim.fuzz.store import Saved, save
from quecsim.scenario.schema import Scenario

_MOST_REDUCING_CASES = 600
_MEASURED_RUNS = 10


@dataclass(slots=True)
class Found:
    """One finding: its reduced case, where it lies, and in how many cases it was seen."""

    finding: Finding
    case: Scenario
    fails: str
    after_cases: int
    saved: Saved | None = None
    seen: int = 1


@dataclass(slots=True)
class Result:
    """What a search came to. `not_saved` says why a finding is in no file."""

    cases: int = 0
    runs: int = 0
    found: list[Found] = field(default_factory=list)
    flaky: int = 0
    not_saved: str = ""
    coverage: Coverage = field(default_factory=Coverage)


@dataclass(slots=True)
class Search:
    """A search for what breaks `host`. `function` or `program` is how the saved case names it.

    `is_over` is asked between two cases, `is_stopped` between two runs.
    """

    host: Host
    folder: Path | None = None
    function: str | None = None
    program: tuple[str, ...] | None = None
    fixed: frozenset[str] = frozenset()
    is_over: Callable[[], bool] = lambda: False
    is_stopped: Callable[[], bool] = lambda: False
    tell: Callable[[Result], None] = lambda _result: None
    most_reducing_cases: int = _MOST_REDUCING_CASES
    result: Result = field(default_factory=Result)

    def run(self, cases: Iterable[Scenario], most_cases: int | None = None) -> Result:
        """Run through the cases; at least one. Raises KeyboardInterrupt when it is stopped."""
        for case in cases:
            self._one(case)
            self.tell(self.result)
            if self.is_over() or (most_cases is not None and self.result.cases >= most_cases):
                break
        return self.result

    def _one(self, case: Scenario) -> None:
        run = self._run(case)
        self.result.cases += 1
        self.result.coverage.note(run)
        if run.finding is None:
            return
        known = self._known(run.finding)
        if known is not None:
            known.seen += 1
            if size(case) >= size(known.case):
                return
        if self._times(case, run.finding, 1) * 2 > self.host.confirm:
            self._reduce(case, run.finding)
        else:
            self.result.flaky += 1

    def _known(self, finding: Finding) -> Found | None:
        """What has been found and explains this one; None: it is new."""
        return next((each for each in self.result.found if each.finding.explains(finding)), None)

    def _run(self, case: Scenario) -> Run:
        if self.is_stopped():
            raise KeyboardInterrupt
        self.result.runs += 1
        return self.host.run(case)

    def _times(self, case: Scenario, finding: Finding, already: int = 0) -> int:
        """In how many of `confirm` runs the finding shows; `already` of them have been made."""
        return already + sum(self._shows(case, finding) for _ in range(self.host.confirm - already))

    def _shows(self, case: Scenario, finding: Finding) -> bool:
        shown = self._run(case).finding
        return shown is not None and shown.explains(finding)

    def _is_sure(self, case: Scenario, finding: Finding) -> bool:
        """Whether most of `confirm` runs show it; ends as soon as that is clear."""
        needed, left = self.host.confirm // 2 + 1, self.host.confirm
        while needed and needed <= left:
            left -= 1
            needed -= self._shows(case, finding)
        return not needed

    def _reduce(self, case: Scenario, finding: Finding) -> None:
        best = case

        def shows(smaller: Scenario) -> bool:
            nonlocal best
            is_shown = self._is_sure(smaller, finding)
            best = smaller if is_shown else best
            return is_shown

        try:
            reduce_case(case, shows, most_runs=self.most_reducing_cases, fixed=self.fixed)
            final, times, of = self._final(best, finding)
        except KeyboardInterrupt:  # what has been found so far is not thrown away
            self._keep(finding, best, "not measured")
            raise
        if times:
            self._keep(final, best, "every time" if times == of else f"{times} of {of} times")
        else:
            self.result.flaky += 1

    def _keep(self, finding: Finding, case: Scenario, fails: str) -> None:
        """Add it, unless what was left after the reduction is known, and as small."""
        named = with_finding(
            case, finding, function=self.function, program=self.program, fails=fails
        )
        new = Found(finding, named, fails, self.result.cases)
        known = self._known(finding)
        if known is not None:
            if known.finding.slug != finding.slug or size(named) >= size(known.case):
                return
            new.seen, new.after_cases = known.seen, known.after_cases
        # Those that it explains, now that it is reduced, are no findings of their own.
        others = [each for each in self.result.found if not finding.explains(each.finding)]
        self.result.found = [*others, new]
        if self.folder is not None:
            try:
                new.saved = save(named, self.folder)
            except QuecsimError as error:  # what has been found is told all the same
                self.result.not_saved = str(error)

    def _final(self, case: Scenario, finding: Finding) -> tuple[Finding, int, int]:
        """The finding as the reduced case shows it, and how often it does."""
        of = 1 if self.host.confirm == 1 else _MEASURED_RUNS
        if finding.base == "hangs":  # each takes as long as it may
            of = self.host.confirm
        shown = [self._run(case).finding for _ in range(of)]
        hits = [each for each in shown if each is not None and each.explains(finding)]
        return (hits[0] if hits else finding), len(hits), of
