"""The host that is tried: a Python function, run in virtual time.

`Host` is what the search needs of any host. The one for programs, in real time, is in
`quecsim.fuzz.program`.
"""

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Protocol

import quecsim
from quecsim.fuzz.case import upload_of
from quecsim.fuzz.finding import (
    CaseRun,
    Finding,
    expectation,
    finding_of,
    fired_faults,
    is_misled,
    trouble_of,
    with_quirks,
)
from quecsim.judge.judgement import judge
from quecsim.judge.stored import looks_whole
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.units import S
from quecsim.virtual.clock import HostHungError
from quecsim.virtual.run import FunctionRun, Uploader, run_function

LONGEST_RUN_NS = 600 * S
# A host that never ends takes two or three real seconds to do so much; a right one that polls every
# millisecond gets to two minutes of model time, and more the more it has to upload.
_MOST_WORK, _MOST_WORK_PER_BYTE = 600_000, 50
_PACKAGE = Path(quecsim.__file__).parent


class _Nowhere(StringIO):
    """Takes what a host prints, thousands of times."""

    def write(self, text: str, /) -> int:
        return len(text)


_NOWHERE = _Nowhere()


class TimeUp(Exception):  # noqa: N818 - nothing is wrong: the search is over
    """There was no time left for a whole run, or for another one."""


class FuzzHost(Protocol):
    """Uploads the file of a case, and is judged.

    `confirm` is how many runs it takes to believe a result: 1 where every run is the same.
    """

    @property
    def confirm(self) -> int: ...  # noqa: D102 - see the class

    @property
    def label(self) -> str: ...  # noqa: D102

    def run(self, case: Scenario) -> CaseRun:
        """Run it once. Raises TimeUp where it was cut short because the search is over."""
        ...

    def record(self, case: Scenario) -> tuple[CaseRun, list[Event]]:
        """The same, with the events of the run."""
        ...


class FunctionHost:
    """A Python uploader `function(port, name, data)`, each run in virtual time."""

    confirm = 1

    def __init__(self, function: Uploader, label: str = "") -> None:
        self.function = function
        self.label = label or getattr(function, "__name__", "function")

    def run(self, case: Scenario) -> CaseRun:
        """Run it once; every run of a case is the same."""
        return self.record(case)[0]

    def record(self, case: Scenario) -> tuple[CaseRun, list[Event]]:
        """Run it once, and keep what happened."""
        name, payload = upload_of(case)
        with redirect_stdout(_NOWHERE):
            ran = run_function(
                case,
                self._call,
                name,
                payload,
                limit_ns=LONGEST_RUN_NS,
                most_work=_MOST_WORK + _MOST_WORK_PER_BYTE * len(payload),
            )
        if ran.error is not None and is_ours(ran.error):
            raise ran.error
        return judged(case, ran), ran.events

    def _call(self, port: Any, name: str, data: bytes) -> object:
        """The function; one that ends the program says by the exit code how it went."""
        try:
            return self.function(port, name, data)
        except SystemExit as end:
            if end.code not in (None, 0):
                raise RuntimeError(f"sys.exit({end.code!r})") from None
            return True


def is_ours(error: BaseException) -> bool:
    """Whether the simulator broke, and not the host: the error comes out of quecsim's own code."""
    if not isinstance(error, AssertionError | AttributeError | LookupError):
        return False
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place is not None and Path(place.tb_frame.f_code.co_filename).is_relative_to(_PACKAGE)


def judged(case: Scenario, ran: FunctionRun) -> CaseRun:
    """What came of a function's run."""
    name, payload = upload_of(case)
    trouble = trouble_of(case, ran.report)
    points = ran.points
    fired = fired_faults(case, ran.report)
    if isinstance(ran.error, HostHungError):
        hung = Finding("hangs", trouble, str(ran.error), "give every wait an end", ran.now_ns)
        return CaseRun(with_quirks(case, hung), fired, points)
    judgement = judge(
        ran.report,
        ran.events,
        claim=ran.claim,
        content=ran.content,
        expected=payload,
        name=name,
        left_ns=ran.now_ns,
        has_read=ran.has_read,
        expect=expectation(case, trouble),
    )
    finding = finding_of(
        judgement,
        trouble,
        misled=is_misled(case, ran.report),
        whole=looks_whole(ran.content, payload),
    )
    if finding is not None and ran.error is not None and not _says_why(finding, ran.error):
        finding = _with_error(finding, ran.error)
    return CaseRun(with_quirks(case, finding), fired, points)


def _says_why(finding: Finding, error: BaseException) -> bool:
    return str(error) in finding.sentence


def _with_error(finding: Finding, error: BaseException) -> Finding:
    from dataclasses import replace

    text = " ".join(f"{type(error).__name__}: {error}".split())
    return replace(finding, sentence=f"{finding.sentence} ({text[:200]})")
