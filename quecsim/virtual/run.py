"""Run a Python uploader against a scenario in virtual time, and see what came of it.

The uploader is `function(port, name, data)`: it gets an open pyserial port, uploads `data` under
`name`, and says how it went. None or True (anything but False): all went well. False, or an
exception: the upload failed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import serial

from quecsim.judge.stored import uploaded_content
from quecsim.report.model import Report
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.units import S
from quecsim.virtual.clock import ENDLESS_WORK, HostHungError
from quecsim.virtual.device import VirtualDevice
from quecsim.virtual.virtual_time import virtual_time

Uploader = Callable[[Any, str, bytes], object]

LONGEST_RUN_NS = 3600 * S
_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class FunctionRun:
    """What came of it.

    `returned` is what the uploader returned, `claim` whether it says that all went well. `error`:
    what it raised; HostHungError if it was still at it at the end. `content`: what the device has
    under the name, b"" where there is no such file, None where the device gives nothing out
    (`quecsim.judge.stored`). `now_ns`: the model's time when the uploader came back. `points`: how
    much of the run a fault could have hit (`Rig.fault_points`). `has_read`: of what the device said
    it has read something.
    """

    returned: object
    error: BaseException | None
    events: list[Event]
    report: Report
    content: bytes | None
    counters: dict[str, int]
    now_ns: int
    points: dict[str, int]
    has_read: bool = True

    @property
    def claim(self) -> bool:
        """The uploader says that all went well: it returned, and anything but False."""
        return self.error is None and self.returned is not False


def run_function(
    scenario: Scenario,
    function: Uploader,
    name: str,
    data: bytes,
    *,
    limit_ns: int = LONGEST_RUN_NS,
    most_work: int = ENDLESS_WORK,
    is_up: bool = True,
) -> FunctionRun:
    """Run `function` on a new device, for `limit_ns` of virtual time at most.

    `most_work` bounds what it may do within: a call of the port or a look at the clock is 1, a byte
    written is 4.

    The port is open at 115200 baud (or what the scenario's line has), with a read time-out of 1 s,
    no write time-out, and the flow control that the scenario's host has. After the function the
    device ends what it is at. An endless loop that neither waits, nor looks at a clock or at the
    port, is not ended. KeyboardInterrupt and SystemExit go through.
    """
    with (
        virtual_time(limit_ns) as clock,
        VirtualDevice(scenario, clock=clock, is_up=is_up) as device,
    ):
        events: list[Event] = []
        device.watch(events.extend)
        clock.work_left = most_work
        returned, error = _call(function, _open(scenario, device), name, data)
        now_ns = device.now_ns
        clock.limit_ns += limit_ns  # for the device to come to an end
        clock.work_left = ENDLESS_WORK
        device.settle()
        content = uploaded_content(device.rig, device.report(), name)
        counters = device.counters
        points = device.rig.fault_points()
        has_read = device.end.has_read
    return FunctionRun(
        returned, error, events, device.report(), content, counters, now_ns, points, has_read
    )


def _open(scenario: Scenario, device: VirtualDevice) -> Any:
    flow = scenario.host.flow
    return serial.serial_for_url(
        device.url,
        baudrate=scenario.line.baud or device.rig.device.line_baud,
        timeout=_TIMEOUT_S,
        rtscts=flow == "rtscts",
        xonxoff=flow == "xonxoff",
    )


def _call(
    function: Uploader, port: Any, name: str, data: bytes
) -> tuple[object, BaseException | None]:
    try:
        return function(port, name, data), None
    except (Exception, HostHungError) as error:
        return None, error
    finally:
        port.close()
