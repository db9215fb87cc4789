"""What the broker says to the certificate that has arrived: played in virtual time, on a device
that has the file as it was stored.
"""

import time
from dataclasses import dataclass

from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.virtual.device import open_virtual


@dataclass(frozen=True, slots=True)
class BrokerAnswer:
    """Whether the client was let in; if not, the `code` of `command`, and `why` in words."""

    is_let_in: bool
    command: str = ""
    code: int = 0
    why: str = ""

    @property
    def text(self) -> str:
        """In a column."""
        return "let in" if self.is_let_in else f"no: {self.code}"


def broker_answer(scenario: Scenario, name: str, content: bytes) -> BrokerAnswer:
    """The scenario's first broker, asked with `content` as the CA in the file `name`."""
    import serial

    from quecsim.host.connect import connect
    from quecsim.host.connect_plan import ConnectPlan

    service = next(one for one in scenario.services if one.kind == "mqtt")
    made = make_scenario(scenario=scenario, files={name: content})
    with open_virtual(scenario=made) as device:
        with serial.serial_for_url(device.url, timeout=1) as port:
            plan = ConnectPlan(service.host, service.port, cacert=name)
            result = connect(port, plan, sleep=time.sleep)
        connection = device.report().network.connections[-1]
    if result.connected:
        return BrokerAnswer(True)
    return BrokerAnswer(False, result.command or "", result.code or 0, connection.sentence)
