"""The loop: take the next case, run the host, and reduce and save what is new.

A finding that a known one explains (the same, with trouble that it does not need) is counted and
not looked at again. The search never ends early: it ends with its cases, or when `is_over` says so;
then a reduction that is under way keeps what it has come to.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.fuzz.case import with_finding
from quecsim.fuzz.finding import CaseRun, Finding
from quecsim.fuzz.hosts import FuzzHost, TimeUp
from quecsim.fuzz.points import Coverage
from quecsim.fuzz.reduce import reduce_case, size
from quecsim.fuzz.store import Saved, save
from quecsim.scenario.schema import Scenario

_MOST_REDUCING_CASES = 600
_MEASURED_RUNS = 10


@dataclass(slots=True)
class Found:
    """One finding: its reduced case, where it lies, and in how many cases it was seen.

    `is_reduced` is False where the reduction had no time to come to its end. `page` is its page
    (`--html`).
    """

    finding: Finding
    case: Scenario
    fails: str
    after_cases: int
    saved: Saved | None = None
    seen: int = 1
    is_reduced: bool = True
    page: Path | None = None


@dataclass(slots=True)
class SearchResult:
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

    `is_over` is asked between two cases, and between two runs once there is something to confirm or
    reduce; `is_stopped` between two runs.
    """

    host: FuzzHost
    folder: Path | None = None
    function: str | None = None
    program: tuple[str, ...] | None = None
    fixed: frozenset[str] = frozenset()
    is_over: Callable[[], bool] = lambda: False
    is_stopped: Callable[[], bool] = lambda: False
    tell: Callable[[SearchResult], None] = lambda _result: None
    most_reducing_cases: int = _MOST_REDUCING_CASES
    result: SearchResult = field(default_factory=SearchResult)

    def run(self, cases: Iterable[Scenario], most_cases: int | None = None) -> SearchResult:
        """Run through the cases; at least one. Raises KeyboardInterrupt when it is stopped."""
        for case in cases:
            try:
                self._one(case)
            except TimeUp:
                break
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
        if self._is_confirmed(case, run.finding):
            self._reduce(case, run.finding)
        else:
            self.result.flaky += 1

    def _known(self, finding: Finding) -> Found | None:
        """What has been found and explains this one; None: it is new."""
        return next((each for each in self.result.found if each.finding.explains(finding)), None)

    def _run(self, case: Scenario) -> CaseRun:
        if self.is_stopped():
            raise KeyboardInterrupt
        self.result.runs += 1
        return self.host.run(case)

    def _is_confirmed(self, case: Scenario, finding: Finding) -> bool:
        """Whether most of `confirm` runs show it; the one that has shown it is made already."""
        more = self.host.confirm - 1
        try:
            times = 1 + sum(self._shown(case, finding) is not None for _ in range(more))
        except TimeUp:
            return False
        return times * 2 > self.host.confirm

    def _shown(self, case: Scenario, finding: Finding) -> Finding | None:
        """The finding as one more run shows it, if it does. Raises TimeUp."""
        if self.is_over():
            raise TimeUp
        shown = self._run(case).finding
        return shown if shown is not None and shown.explains(finding) else None

    def _surely(self, case: Scenario, finding: Finding) -> Finding | None:
        """The finding as most of `confirm` runs show it; ends as soon as that is clear."""
        needed, left = self.host.confirm // 2 + 1, self.host.confirm
        last = None
        while needed and needed <= left:
            left -= 1
            shown = self._shown(case, finding)
            if shown is not None:
                last, needed = shown, needed - 1
        return None if needed else last

    def _reduce(self, case: Scenario, finding: Finding) -> None:
        best, as_shown = case, finding

        def shows(smaller: Scenario) -> bool:
            nonlocal best, as_shown
            shown = self._surely(smaller, finding)
            if shown is not None:
                best, as_shown = smaller, shown
            return shown is not None

        # What has been found so far is never thrown away.
        unmeasured = "every time" if self.host.confirm == 1 else "not measured"
        is_reduced = False
        try:
            reduce_case(case, shows, most_runs=self.most_reducing_cases, fixed=self.fixed)
            is_reduced = True
            final, times, of = self._final(best, finding)
        except (KeyboardInterrupt, TimeUp) as end:
            self._keep(as_shown, best, unmeasured, is_reduced=is_reduced)
            if isinstance(end, KeyboardInterrupt):
                raise
            return
        if times:
            self._keep(final, best, "every time" if times == of else f"{times} of {of} times")
        else:
            self.result.flaky += 1

    def _keep(
        self, finding: Finding, case: Scenario, fails: str, *, is_reduced: bool = True
    ) -> None:
        """Add it, unless what was left after the reduction is known, and as small."""
        named = with_finding(
            case, finding, function=self.function, program=self.program, fails=fails
        )
        new = Found(finding, named, fails, self.result.cases, is_reduced=is_reduced)
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
        shown = [self._shown(case, finding) for _ in range(of)]
        hits = [each for each in shown if each is not None]
        return (hits[0] if hits else finding), len(hits), of
