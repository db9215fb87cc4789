"""What cannot be in a scenario about who is on the air with its device: see `misfits`."""

from collections.abc import Iterator

from quecsim.peers.ble_settings import MOST_OTHERS, BleOthers, address_of
from quecsim.scenario.misfit import KEY, Misfit
from quecsim.scenario.schema import ScenarioFile


def ble_misfits(scenario: ScenarioFile) -> Iterator[Misfit]:
    """(key of the scenario, message, hint) for each."""
    names: set[str] = set()
    addresses: dict[str, str] = {}
    others = 0
    for index, one in enumerate(scenario.ble_peers):
        path = ("ble_peer", index)
        if one.name in names:
            message = f'{KEY}: somebody is called "{one.name}" already'
            yield (*path, "name"), message, "Give each a name of his own."
        names.add(one.name)
        if isinstance(one, BleOthers):
            others += one.count
            continue
        address = address_of(one, index)
        if address in addresses:
            message = f"{KEY}: {addresses[address]} has the address {address} already"
            yield (*path, "address"), message, "Leave it out: each gets one of his own."
        addresses[address] = one.name
    if others > MOST_OTHERS:
        message = f"{KEY}: {others} others are too many"
        yield ("ble_peer",), message, f"All together {MOST_OTHERS} at most."
