"""Our own uploader in virtual time: as the function that others run, and with a plan of its own.

quecsim fuzz quecsim.testing.own_uploader:upload
"""

import time
from dataclasses import replace
from typing import Any

from quecsim.host import uploader
from quecsim.host.plan import UploadPlan, UploadResult
from quecsim.host.port import POLL_S
from quecsim.profiles.schema import Profile
from quecsim.scenario.schema import Scenario
from quecsim.testing.claims_network import Step
from quecsim.virtual.clock import DAY_NS
from quecsim.virtual.run import FunctionRun, run_function


def upload(port: Any, name: str, data: bytes) -> bool:
    """Upload `data` as `name` in ACK mode, and compare; whether it is there.

    A port with a simulated `device` behind it says what is known of that.
    """
    plan, device = UploadPlan(name, data, ack=True), getattr(port, "device", None)
    if device is not None:
        plan = informed(plan, device.rig.profile)
    return _upload(port, plan).verified


def informed(plan: UploadPlan, device: Profile) -> UploadPlan:
    """The plan of a host that knows its device."""
    idle_s = None if device.fota is None else -(-device.fota.idle_ms // 1000)
    return replace(plan, ack_block_bytes=device.files.ack_block_bytes, package_idle_s=idle_s)


def run_plan(
    scenario: Scenario,
    plan: UploadPlan,
    *,
    times: int = 1,
    before: Step | None = None,
    after: Step | None = None,
) -> tuple[UploadResult, FunctionRun]:
    """Do as `plan` says on the scenario's device, so often; the last result, and the run. `before`
    and `after` are what the host does besides.

    Raises what the uploader raises: it is ours.
    """

    told = informed(plan, scenario.profile())

    def host(port: Any, _name: str, _data: bytes) -> UploadResult:
        if before is not None:
            before(port)
        result = [_upload(port, told) for _ in range(times)][-1]
        if after is not None:
            after(port)
        return result

    ran = run_function(scenario, host, plan.name, plan.data, limit_ns=DAY_NS)
    if ran.error is not None:
        raise ran.error
    assert isinstance(ran.returned, UploadResult)
    return ran.returned, ran


def _upload(port: Any, plan: UploadPlan) -> UploadResult:
    port.timeout = POLL_S
    return uploader.upload(port, plan, sleep=time.sleep)
