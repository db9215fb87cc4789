"""Who is on the air with a scenario's device, made: each run has its own."""

from typing import TYPE_CHECKING

from quecsim.peers.ble_settings import BleOthers
from quecsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from quecsim.peers.ble_crowd import BleCrowd


def new_crowd(scenario: Scenario) -> "BleCrowd | None":
    """Everybody whom `[[ble_peer]]` names; None where nobody is. Raises QuecsimError where one can
    be connected with, and there is no stack for that.
    """
    if not scenario.ble_peers:
        return None
    # With asyncio, which most runs have no use for.
    from quecsim.gatt.stack import need_stack
    from quecsim.peers.ble_crowd import BleCrowd

    if not all(isinstance(one, BleOthers) for one in scenario.ble_peers):
        need_stack()
    return BleCrowd(scenario.ble_peers, scenario.seed)
