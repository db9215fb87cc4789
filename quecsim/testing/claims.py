"""Does a scenario show what it says? Its claim, run in virtual time with our own uploader."""

from dataclasses import dataclass

from quecsim.errors import QuecsimError
from quecsim.host.plan import Mistake, UploadPlan, UploadResult, Via
from quecsim.host.uploader import upload
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.scenario.payload import claim_bytes
from quecsim.scenario.schema import Claim, Scenario
from quecsim.sim.port import VirtualPort

_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class ClaimRun:
    """What came of it: the host's view, the report, and the file where it can be looked at."""

    result: UploadResult
    report: Report
    content: bytes | None
    data: bytes

    @property
    def outcome(self) -> str:
        """intact: the device has what the host sent. lost: bytes went missing. refused: neither."""
        if self.report.counters.lost:
            return "lost"
        if self.content is not None:
            return "intact" if self.content == self.data else "refused"
        return "intact" if self.result.verified else "refused"


def run_claim(scenario: Scenario) -> ClaimRun:
    """Upload the claim's payload as its host would. Raises QuecsimError without a claim."""
    claim = scenario.claim
    if claim is None:
        raise QuecsimError(
            f"scenario {scenario.name} makes no claim", hint="add a [claim] table to its file"
        )
    rig = Rig(scenario.profile(), rig_config(scenario))
    rig.start()
    port = VirtualPort(rig, rtscts=scenario.host.flow == "rtscts")
    plan = claim_plan(scenario, claim)
    result = upload(port, plan, sleep=port.sleep)
    if claim.keep:
        result = upload(port, plan, sleep=port.sleep)
    builder = ReportBuilder()
    builder.feed(rig.take_events())
    report = builder.report(counters=rig.counters())
    return ClaimRun(result, report, _content(rig, claim), plan.data)


def claim_plan(scenario: Scenario, claim: Claim) -> UploadPlan:
    """What the claim's host does."""
    via = Via(claim.via)
    return UploadPlan(
        claim.file,
        claim_bytes(scenario, claim),
        ack=claim.host == "ack",
        rtscts=scenario.host.flow == "rtscts" and via is Via.QFOTADL,
        mistakes=frozenset({Mistake.NO_DELETE}) if claim.keep else frozenset(),
        chunk_bytes=claim.chunk_bytes,
        gap_ms=claim.gap_ms,
        timeout_s=_TIMEOUT_S if via in (Via.QFUPL, Via.QFWRITE) else None,
        via=via,
    )


def _content(rig: Rig, claim: Claim) -> bytes | None:
    """The file, if it is one that the device would give out."""
    if claim.via not in ("qfupl", "qfwrite"):
        return None
    ufs, name = rig.device.context.ufs, claim.file.removeprefix("UFS:")
    return ufs.read_file(name) if name in dict(ufs.files()) else b""
