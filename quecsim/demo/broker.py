"""What the broker says to the certificate that has arrived: the host goes on, and connects."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quecsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from quecsim.host.port import Port


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


def ask_broker(port: "Port", scenario: Scenario, name: str) -> BrokerAnswer:
    """The scenario's first broker, asked over `port` with the file `name` as the CA.

    Only the device knows `why`: it is empty here.
    """
    from quecsim.host.connect import connect
    from quecsim.host.connect_plan import ConnectPlan

    service = next(one for one in scenario.services if one.kind == "mqtt")
    plan = ConnectPlan(service.host, service.port, cacert=name)
    result = connect(port, plan, sleep=time.sleep)
    if result.connected:
        return BrokerAnswer(True)
    return BrokerAnswer(False, result.command or "", result.code or 0)
