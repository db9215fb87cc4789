"""A cell: one combination of the grid, complete and by value, so that any process can run it.

make_cells(grid, job)   the cells, checked, in the order of the grid
fingerprint(cells)      the same for the same cells and the same host, and only then
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256

import msgspec

import quecsim
from quecsim.files import read_file
from quecsim.host.plan import UploadPlan
from quecsim.scenario.options import make_scenario
from quecsim.scenario.payload import claim_bytes, payload_bytes
from quecsim.scenario.schema import Claim, Scenario
from quecsim.sweep.axes import NO_STALL, Value, stall_text, stalls_of
from quecsim.sweep.grid import Grid, Point
from quecsim.sweep.user_host import UserHost
from quecsim.testing.claims import claim_plan
from quecsim.uart.port_kind import port_kind

DEFAULT_BYTES = 65_536
_IFC = {"rtscts": (2, 2), "xonxoff": (1, 1)}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell is made of. `settings` are the effective values of every axis, swept or not.

    `plan` is the upload; with a `host` only its name and data count. The cell is run once for each
    of `seeds`.
    """

    index: int
    settings: dict[str, Value | None]
    scenario: Scenario
    plan: UploadPlan
    seeds: tuple[int, ...]
    host: UserHost | None = None


@dataclass(frozen=True, slots=True)
class SweepJob:
    """What all cells have in common: where they start from, and what is uploaded by whom.

    `data` None: what the scenario's claim uploads, or DEFAULT_BYTES of a bundle of certificates.
    """

    scenario: Scenario
    data: bytes | None = None
    name: str = "UFS:sweep.pem"
    ack: bool = False
    host: UserHost | None = None


def make_cells(grid: Grid, job: SweepJob) -> list[Cell]:
    """All cells. Raises QuecsimError for what the device or the upload does not have."""
    if job.host is not None:
        job.host.check_axes(grid.axes)
    claim, data = job.scenario.claim, job.data
    if data is None:
        data = (
            claim_bytes(job.scenario, claim) if claim else payload_bytes("bundle")[:DEFAULT_BYTES]
        )
    seeds = tuple(range(job.scenario.seed, job.scenario.seed + grid.seeds))
    base = _plan(job, claim, data)
    cells = []
    for index, point in enumerate(grid.points()):
        scenario = _scenario(job.scenario, point)
        plan = _planned(base, point)
        settings = _settings(scenario, plan, job.host, point)
        cells.append(Cell(index, settings, scenario, plan, seeds, job.host))
    return cells


def _plan(job: SweepJob, claim: Claim | None, data: bytes) -> UploadPlan:
    """The upload before the axes have their say: the claim's, done once and the right way."""
    if claim is None:
        return UploadPlan(job.name, data, ack=job.ack, timeout_s=5)
    plan = claim_plan(job.scenario, msgspec.structs.replace(claim, payload="certificate"))
    return replace(plan, data=data, ack=plan.ack or job.ack, mistakes=frozenset())


def _planned(base: UploadPlan, point: Point) -> UploadPlan:
    changes: dict[str, object] = {}
    if "chunk" in point:
        changes["chunk_bytes"] = point["chunk"]
    if "gap" in point:
        changes["gap_ms"] = point["gap"]
    if "flow" in point:
        changes["rtscts"] = point["flow"] == "rtscts"
    return replace(base, **changes)  # type: ignore[arg-type]


def _scenario(base: Scenario, point: Point) -> Scenario:
    """The scenario with the point's values on both ends of the line."""
    flow, baud, stall = point.get("flow"), point.get("baud"), point.get("stall")
    made = make_scenario(
        None,
        base,
        flow=flow,
        ifc=_IFC.get(str(flow)),
        baud=baud,
        ipr=baud,
        ring_bytes=point.get("ring"),
        stalls=stalls_of(str(stall)),
    )
    return msgspec.structs.replace(made, stalls=()) if stall == NO_STALL else made


def _settings(
    scenario: Scenario, plan: UploadPlan, host: UserHost | None, point: Point
) -> dict[str, Value | None]:
    port = port_kind(scenario.line.interface)
    flow = "none" if scenario.host.flow == "auto" and host is None else scenario.host.flow
    return {
        "flow": flow,
        "stall": "+".join(_stall_texts(scenario)) or NO_STALL,
        "baud": effective_baud(scenario) if port.is_serial else None,
        "ring": port.ring_bytes(scenario.profile()),
        "chunk": point.get("chunk") if host else plan.chunk_bytes,
        "gap": point.get("gap") if host else plan.gap_ms,
    }


def _stall_texts(scenario: Scenario) -> Iterator[str]:
    for stall in scenario.stalls:
        count = stall.every_bytes or stall.at_byte or 0
        yield stall_text(stall.every_bytes is not None, count, stall.stall_ms)


def effective_baud(scenario: Scenario) -> int:
    """The rate at which the host's end sends."""
    settings = scenario.device_settings
    return scenario.line.baud or settings.ipr or scenario.device_profile.uart.baud


def fingerprint(cells: Sequence[Cell]) -> str:
    """A hash of all that decides the results: this version, every cell, the user's own host."""
    digest = sha256(quecsim.__version__.encode())
    for cell in cells:
        plan = {field.name: getattr(cell.plan, field.name) for field in fields(cell.plan)}
        data = sha256(plan.pop("data")).hexdigest()
        plan["mistakes"] = sorted(mistake.name for mistake in cell.plan.mistakes)
        whole = (cell.settings, cell.scenario, data, plan, cell.seeds)
        digest.update(msgspec.json.encode(whole, order="deterministic"))
    host = cells[0].host
    if host is not None:
        digest.update(host.target.encode() + read_file(host.source))
    return digest.hexdigest()[:16]
