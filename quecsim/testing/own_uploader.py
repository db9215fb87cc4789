"""Our own uploader as a function of (port, name, data), for whatever runs such functions.

quecsim fuzz quecsim.testing.own_uploader:upload
"""

import time
from typing import Any

from quecsim.host import uploader
from quecsim.host.plan import UploadPlan
from quecsim.host.port import POLL_S


def upload(port: Any, name: str, data: bytes) -> bool:
    """Upload `data` as `name` in ACK mode, and compare; whether it is there."""
    port.timeout = POLL_S
    plan = UploadPlan(name, data, ack=True)
    return uploader.upload(port, plan, sleep=time.sleep).verified
