"""Our own uploader in virtual time: as the function that others run, and with a plan of its own.

quecsim fuzz quecsim.testing.own_uploader:upload
"""

import time
from typing import Any

from quecsim.host import uploader
from quecsim.host.plan import UploadPlan, UploadResult
from quecsim.host.port import POLL_S
from quecsim.scenario.schema import Scenario
from quecsim.virtual.clock import DAY_NS
from quecsim.virtual.run import FunctionRun, run_function


def upload(port: Any, name: str, data: bytes) -> bool:
    """Upload `data` as `name` in ACK mode, and compare; whether it is there."""
    return _upload(port, UploadPlan(name, data, ack=True)).verified


def run_plan(
    scenario: Scenario, plan: UploadPlan, *, times: int = 1
) -> tuple[UploadResult, FunctionRun]:
    """Do as `plan` says on the scenario's device, so often; the last result, and the run.

    Raises what the uploader raises: it is ours.
    """

    def host(port: Any, _name: str, _data: bytes) -> UploadResult:
        return [_upload(port, plan) for _ in range(times)][-1]

    ran = run_function(scenario, host, plan.name, plan.data, limit_ns=DAY_NS)
    if ran.error is not None:
        raise ran.error
    assert isinstance(ran.returned, UploadResult)
    return ran.returned, ran


def _upload(port: Any, plan: UploadPlan) -> UploadResult:
    port.timeout = POLL_S
    return uploader.upload(port, plan, sleep=time.sleep)
