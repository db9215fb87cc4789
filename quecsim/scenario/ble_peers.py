"""Who is on the air with a scenario's device, made: each run has its own."""

from typing import TYPE_CHECKING

from quecsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from quecsim.peers.ble_crowd import BleCrowd


def new_crowd(scenario: Scenario) -> "BleCrowd | None":
    """Everybody whom `[[ble_peer]]` names; None where nobody is."""
    if not scenario.ble_peers:
        return None
    # With asyncio, which most runs have no use for.
    from quecsim.peers.ble_crowd import BleCrowd

    return BleCrowd(scenario.ble_peers, scenario.seed)
