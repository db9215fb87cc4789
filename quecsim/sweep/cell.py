"""A cell: one combination of the grid, complete and by value, so that any process can run it.

make_cells(grid, job)   the cells, checked, in the order of the grid
fingerprint(cells)      the same for the same cells and the same host, and only then
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256

import msgspec

import quecsim
from quecsim.errors import QuecsimError
from quecsim.files import read_file
from quecsim.host.plan import UploadPlan
from quecsim.scenario.journey import Journey
from quecsim.scenario.options import make_scenario
from quecsim.scenario.payload import claim_bytes, payload_bytes
from quecsim.scenario.schema import Claim, Scenario
from quecsim.sweep.axes import NO_STALL, Value, stall_text, stalls_of
from quecsim.sweep.grid import Grid, Point
from quecsim.sweep.user_host import UserHost
from quecsim.testing.claims import claim_plan
from quecsim.uart.port_kind import port_kind

DEFAULT_BYTES = 65_536
_PACKET = "{packet}"
_OF_NETWORK = ("link", "latency", "packet")
_IFC = {"rtscts": (2, 2), "xonxoff": (1, 1)}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell is made of. `settings` are the effective values of every axis, swept or not.

    `plan` is the upload; with a `host` only its name and data count. With a `journey` there is no
    upload: the dialogue is played, and its bytes are written in the plan's chunks. The cell is run
    once for each of `seeds`.
    """

    index: int
    settings: dict[str, Value | None]
    scenario: Scenario
    plan: UploadPlan
    seeds: tuple[int, ...]
    host: UserHost | None = None
    journey: Journey | None = None


@dataclass(frozen=True, slots=True)
class SweepJob:
    """What all cells have in common: where they start from, and what is uploaded by whom.

    `data` None: what the scenario's claim uploads, or DEFAULT_BYTES of a bundle of certificates; or
    the scenario's journey is played, where it has one and no claim.
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
    journey = _journey(grid, job)
    seeds = tuple(range(job.scenario.seed, job.scenario.seed + grid.seeds))
    base = _plan(job, claim, data)
    cells = []
    for index, point in enumerate(grid.points()):
        scenario = _scenario(job.scenario, point)
        plan = _planned(base, point)
        settings = _settings(scenario, plan, job.host, point)
        played = None if journey is None else _with_packet(journey, point)
        cells.append(Cell(index, settings, scenario, plan, seeds, job.host, played))
    return cells


def _journey(grid: Grid, job: SweepJob) -> Journey | None:
    """The dialogue that is played instead of an upload, if it is."""
    is_upload = job.data is not None or job.host is not None or job.scenario.claim is not None
    journey = None if is_upload else job.scenario.journey
    has_packet = journey is not None and _PACKET in journey.dialogue
    if "packet" in grid.axes and not has_packet:
        hint = f"write {_PACKET} into the dialogue of a [journey], where the size of packets stands"
        raise QuecsimError(f"--packet: nothing in {job.scenario.name} depends on it", hint=hint)
    if journey is not None and has_packet and "packet" not in grid.axes:
        raise QuecsimError(
            f"the dialogue of {job.scenario.name} has {_PACKET}", hint="give --packet"
        )
    if ("link" in grid.axes or "latency" in grid.axes) and job.scenario.device_profile.link is None:
        raise QuecsimError(f"a {job.scenario.device_profile.title} has no link to sweep")
    return journey


def _with_packet(journey: Journey, point: Point) -> Journey:
    dialogue = journey.dialogue.replace(_PACKET, str(point.get("packet", "")))
    return msgspec.structs.replace(journey, dialogue=dialogue)


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
    if stall == NO_STALL:
        made = msgspec.structs.replace(made, stalls=())
    network: dict[str, Value] = {}
    if "link" in point:
        network |= {"down_bytes_per_s": point["link"], "up_bytes_per_s": point["link"]}
    if "latency" in point:
        network |= {"latency_ms": point["latency"]}
    changed = msgspec.structs.replace(made.network, **network)
    return msgspec.structs.replace(made, network=changed)


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
        **{name: point[name] for name in _OF_NETWORK if name in point},
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
        whole = (cell.settings, cell.scenario, data, plan, cell.seeds, cell.journey)
        digest.update(msgspec.json.encode(whole, order="deterministic"))
    host = cells[0].host
    if host is not None:
        digest.update(host.target.encode() + read_file(host.source))
    return digest.hexdigest()[:16]
