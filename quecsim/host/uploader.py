"""An upload through a port, whichever way its plan takes.

    upload(port, plan)      does it; returns an UploadResult, whatever went wrong on the line
    Interrupted             Ctrl-C during an upload; says in what state the device was left

One module for each way: qfupl, qfwrite, qsecwrite, qfotadl, qfotadl_path.
"""

import time
from collections.abc import Callable

from quecsim.host.at_client import AtClient, PortError
from quecsim.host.base import UploadWay
from quecsim.host.data_phase import Progress
from quecsim.host.plan import Mistake, UploadPlan, UploadResult, Via
from quecsim.host.port import Port
from quecsim.host.qfotadl import QfotadlUpload
from quecsim.host.qfotadl_path import QfotadlPathUpload
from quecsim.host.qfupl import QfuplUpload
from quecsim.host.qfwrite import QfwriteUpload
from quecsim.host.qsecwrite import QsecwriteUpload

__all__ = ["Interrupted", "Mistake", "UploadPlan", "UploadResult", "Via", "upload"]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during an upload; the message says in what state the device is now."""


def upload(
    port: Port,
    plan: UploadPlan,
    progress: Progress | None = None,
    *,
    updated: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> UploadResult:
    """Upload `plan` through `port`, which open_port() made; every wait is bounded.

    `progress` is called with (bytes sent, bytes in all) after each write, `updated` with (number,
    highest number) for each step of a firmware update. `sleep` waits for a number of seconds.
    Raises Interrupted on Ctrl-C, and nothing for what the line does.
    """
    run = _way(AtClient(port, sleep=sleep), plan, progress or _nobody, updated or _nobody)
    try:
        run.run()
    except PortError as error:
        run.port_failed(error)
    except KeyboardInterrupt:
        raise Interrupted(run.abandon()) from None
    if run.result.problems:
        from quecsim.host.explained import explained  # for what fails alone

        commands = run.client.commands
        run.result.explanation = explained(plan, run.result, commands, run.content)
    return run.result


def _way(client: AtClient, plan: UploadPlan, progress: Progress, updated: Progress) -> UploadWay:
    """The way that the plan takes."""
    match plan.via:
        case Via.QFUPL:
            return QfuplUpload(client, plan, progress)
        case Via.QFWRITE:
            return QfwriteUpload(client, plan, progress)
        case Via.QSECWRITE:
            return QsecwriteUpload(client, plan, progress)
        case Via.QFOTADL:
            return QfotadlUpload(client, plan, progress, updated)
        case Via.QFOTADL_PATH:
            return QfotadlPathUpload(client, plan, progress, updated)


def _nobody(_done: int, _total: int) -> None:
    """Tells nobody."""
