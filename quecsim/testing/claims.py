"""Does a scenario show what it says? Its claim, run in virtual time with our own uploader."""

from dataclasses import dataclass

from quecsim.errors import QuecsimError
from quecsim.host.plan import UploadPlan, UploadResult
from quecsim.host.uploader import upload
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.scenario.payload import payload_bytes
from quecsim.scenario.schema import Scenario
from quecsim.sim.port import VirtualPort

CLAIM_FILE = "UFS:claim.pem"
_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class ClaimRun:
    """What came of it: the host's view, the report, and whether the claim holds."""

    result: UploadResult
    report: Report
    content: bytes
    data: bytes

    @property
    def outcome(self) -> str:
        """intact, if the device's file is what the host sent; lost, if bytes went missing."""
        return "intact" if self.content == self.data else "lost"


def run_claim(scenario: Scenario) -> ClaimRun:
    """Upload the claim's payload as its host would. Raises QuecsimError without a claim."""
    if scenario.claim is None:
        raise QuecsimError(
            f"scenario {scenario.name} makes no claim", hint="add a [claim] table to its file"
        )
    rig = Rig(scenario.profile(), rig_config(scenario))
    rig.start()
    port = VirtualPort(rig, rtscts=scenario.host.flow == "rtscts")
    data = payload_bytes(scenario.claim.payload)
    plan = UploadPlan(CLAIM_FILE, data, ack=scenario.claim.host == "ack", timeout_s=_TIMEOUT_S)
    result = upload(port, plan, sleep=port.sleep)
    builder = ReportBuilder()
    builder.feed(rig.take_events())
    name = CLAIM_FILE.removeprefix("UFS:")
    return ClaimRun(
        result,
        builder.report(counters=rig.counters()),
        rig.device.context.ufs.read_file(name),
        data,
    )
