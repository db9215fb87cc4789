"""A saved case again: has it been FIXED, does it still FAIL, or can it not be run (ERROR)?

Of the file only the scenario, the payload and the host count, so a case stays good when the fuzzer
changes. A host that only the file names is code that the user has not asked for: it is run where he
says so. FAILED means that the host fails in this case, be it by the cause that was saved or not.
"""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.fuzz.case import load_case
from quecsim.fuzz.finding import Finding
from quecsim.fuzz.hosts import FunctionHost, FuzzHost
from quecsim.scenario.schema import Case
from quecsim.virtual.function import load_function


class ReplayOutcome(StrEnum):
    """What came of a replay."""

    FIXED = "FIXED"
    FAILED = "FAILED"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """`finding` is the first failure of the runs, `error` says why it could not be run."""

    path: Path
    outcome: ReplayOutcome
    host: str = ""
    saved_cause: str = ""
    finding: Finding | None = None
    failed_runs: int = 0
    runs: int = 0
    error: str = ""

    def text(self) -> str:
        """For people."""
        head = f"{self.outcome}  {self.path}"
        if self.outcome is ReplayOutcome.ERROR:
            return f"{head}\n  {self.error}"
        often = f" ({self.failed_runs} of {self.runs} runs failed)" if self.runs > 1 else ""
        if self.finding is None:
            return f"{head}{often}"
        lines = [f"{head}{often}", f"  {self.finding.sentence}"]
        if self.saved_cause and self.finding.slug != self.saved_cause:
            lines.append(
                f"  the case was saved for {self.saved_cause}; this is {self.finding.slug}"
            )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class HostChoice:
    """The host that the user names in place of the one in the file: one of the two, or none.

    `may_be_files`: the file's own host may be run, and `tell` gets what that is before it is.
    """

    function: str | None = None
    program: tuple[str, ...] | None = None
    may_be_files: bool = False
    tell: Callable[[str], None] = lambda _text: None

    def of(self, path: Path, case: Case) -> "HostChoice":
        """The user's, else the case's. Raises QuecsimError where neither says, or the case's is not
        to be run.
        """
        if self.function is not None or self.program is not None:
            return self
        named = HostChoice(case.function, case.program)
        if named.function is None and named.program is None:
            hint = "name one: quecsim replay FILE --host MODULE:FUNCTION, or FILE -- PROGRAM {port}"
            raise QuecsimError("the case does not say which host it is about", hint=hint)
        if not self.may_be_files:
            raise QuecsimError(
                f"not run: the file names its host, {named.text()}",
                hint=f"run it if you trust it: quecsim replay --run-host {shlex.quote(str(path))}; "
                "or name a host of yours, --host FILE.py:FUNCTION",
            )
        self.tell(f"{path} names its host: {named.text()}")
        return named

    def text(self) -> str:
        """What would be run."""
        if self.program is not None:
            return f"the program {shlex.join(self.program)}"
        return f"the Python function {self.function}"


ProgramMaker = Callable[[tuple[str, ...]], FuzzHost]


def _host(choice: HostChoice, program_host: ProgramMaker) -> FuzzHost:
    if choice.function is not None:
        return FunctionHost(load_function(choice.function), choice.function)
    assert choice.program is not None
    return program_host(choice.program)


def replay(path: Path, choice: HostChoice, program_host: ProgramMaker) -> ReplayedCase:
    """Run the case of one file, as often as its host needs."""
    try:
        case = load_case(path)
        assert case.case is not None
        host = _host(choice.of(path, case.case), program_host)
        findings = [host.run(case).finding for _ in range(host.confirm)]
    except QuecsimError as error:
        return ReplayedCase(path, ReplayOutcome.ERROR, error=str(error))
    failed = [each for each in findings if each is not None]
    return ReplayedCase(
        path,
        ReplayOutcome.FAILED if failed else ReplayOutcome.FIXED,
        host.label,
        case.case.cause,
        failed[0] if failed else None,
        len(failed),
        len(findings),
    )
