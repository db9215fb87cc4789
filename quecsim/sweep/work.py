"""One cell is run: its uploads in virtual time, one for each seed, and what came of them together.

The result is a pure function of the cell, on whatever machine and in whatever order.
"""

from dataclasses import dataclass

import msgspec

from quecsim.judge.conduct_line import line_breaches
from quecsim.judge.file import verdict_of
from quecsim.report.model import Report, Verdict
from quecsim.scenario.journey import Journey
from quecsim.scenario.schema import Scenario
from quecsim.sweep.axes import Value
from quecsim.sweep.cell import Cell
from quecsim.sweep.user_host import UserHost
from quecsim.testing.journey import Pace, run_journey
from quecsim.testing.own_uploader import run_plan
from quecsim.units import S
from quecsim.virtual.run import FunctionRun, run_function


class CellResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a cell: over its `runs`, the worst of each number.

    `intact` runs went well: the file is, and the host says so. `verdict` is what became of the file
    in the one that lost the most of those that did not, and `says` the host's complaint in it.
    `first_lost` counts the bytes of the file from 0. `model_ns` is the time from the command to its
    last answer, `rate_bytes_s` what was stored in that time. `assumed` are the values of the
    profile that the result leans on without knowing.
    """

    index: int
    settings: dict[str, Value | None]
    runs: int
    intact: int
    verdict: Verdict
    lost_bytes: int
    first_lost: int | None
    model_ns: int
    ring_peak_bytes: int
    rate_bytes_s: int
    says: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def is_safe(self) -> bool:
        """Every run was intact."""
        return self.intact == self.runs

    @property
    def trouble(self) -> str:
        """Why it is not safe, in a word: the verdict, or `failed` where only the host says so."""
        return "failed" if self.is_denied else self.verdict.value

    @property
    def is_denied(self) -> bool:
        """The host failed by itself: the file is there, or it never came to an upload."""
        return not self.is_safe and self.verdict in (Verdict.INTACT, Verdict.NONE)


@dataclass(frozen=True, slots=True)
class _Run:
    verdict: Verdict
    lost_bytes: int
    first_lost: int | None
    model_ns: int
    ring_peak_bytes: int
    rate_bytes_s: int
    says: str
    assumed: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """The file is there, and the host says so."""
        return self.verdict is Verdict.INTACT and not self.says


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known after an upload: `content` is what the device has of it (`uploaded_content`),
    `says` what the host complains of, nothing if it says that all is well; or what is wrong about
    the line, of which an upload says nothing.
    """

    report: Report
    content: bytes | None
    says: str


def run_cell(cell: Cell) -> CellResult:
    """Run it, once for each seed."""
    runs = [_run(cell, msgspec.structs.replace(cell.scenario, seed=seed)) for seed in cell.seeds]
    bad = [run for run in runs if not run.is_good]
    worst = max(bad, key=lambda run: run.lost_bytes) if bad else runs[0]
    firsts = [run.first_lost for run in runs if run.first_lost is not None]
    return CellResult(
        index=cell.index,
        settings=cell.settings,
        runs=len(runs),
        intact=len(runs) - len(bad),
        verdict=worst.verdict,
        lost_bytes=worst.lost_bytes,
        first_lost=min(firsts, default=None),
        model_ns=max(run.model_ns for run in runs),
        ring_peak_bytes=max(run.ring_peak_bytes for run in runs),
        rate_bytes_s=min(run.rate_bytes_s for run in runs),
        says=worst.says,
        assumed=tuple(dict.fromkeys(line for run in runs for line in run.assumed)),
    )


def run_cells(cells: list[Cell]) -> list[CellResult]:
    """A batch of them: what cells have in common then travels once."""
    return [run_cell(cell) for cell in cells]


def _run(cell: Cell, scenario: Scenario) -> _Run:
    host = cell.host
    if cell.journey is not None:
        return _played(cell, cell.journey, scenario)
    seen = _user_host(cell, host, scenario) if host else _our_host(cell, scenario)
    report = seen.report
    leaned_on = tuple(report.assumed)
    verdict = verdict_of(report, content=seen.content, expected=cell.plan.data).verdict
    if not report.uploads:
        lost = report.counters.lost
        return _Run(verdict, lost, None, report.at_ns, 0, 0, seen.says, leaned_on)
    last = report.uploads[-1]
    model_ns = (report.at_ns if last.end_ns is None else last.end_ns) - last.begin_ns
    places = [loss.at_byte for loss in last.losses if loss.at_byte is not None]
    rate = last.stored * S // max(model_ns, 1)
    return _Run(verdict, last.lost, min(places, default=None), model_ns,
                last.ring_peak_bytes, rate, seen.says, leaned_on)  # fmt: skip


def _played(cell: Cell, journey: Journey, scenario: Scenario) -> _Run:
    """A dialogue that goes to its end is as good as a file that is whole."""
    plan = cell.plan
    pace = Pace(plan.chunk_bytes, plan.gap_ms)
    run = run_journey(msgspec.structs.replace(scenario, journey=journey), pace=pace)
    report = run.ran.report
    lost = report.counters.lost
    verdict = Verdict.INTACT
    if run.trouble:
        verdict = Verdict.LOST if lost else Verdict.WRONG
    network = report.network
    carried = sum(one.sent_bytes + one.received_bytes for one in network.connections)
    rate = carried * S // max(run.ran.now_ns, 1)
    says = _line(run.ran) or run.trouble
    return _Run(verdict, lost, None, run.ran.now_ns, 0, rate, says, tuple(report.assumed))


def _our_host(cell: Cell, scenario: Scenario) -> _Seen:
    """Our own uploader, on the plan of the cell."""
    result, ran = run_plan(scenario, cell.plan)
    return _Seen(ran.report, ran.content, _line(ran) or "; ".join(result.problems))


def _user_host(cell: Cell, host: UserHost, scenario: Scenario) -> _Seen:
    """The user's own uploader, with the cell's chunk and gap if it takes them."""
    chunk, gap = cell.settings["chunk"], cell.settings["gap"]
    assert not isinstance(chunk, str)
    assert not isinstance(gap, str)
    ran = run_function(scenario, host.function(chunk, gap), cell.plan.name, cell.plan.data)
    return _Seen(ran.report, ran.content, _line(ran) or _complaint(ran.claim, ran.error))


def _line(ran: FunctionRun) -> str:
    return next((each.text for each in line_breaches(ran.events)), "")


def _complaint(claim: bool, error: BaseException | None) -> str:
    if error is not None:
        return f"{type(error).__name__}: {error}"
    return "" if claim else "the host returned False"
