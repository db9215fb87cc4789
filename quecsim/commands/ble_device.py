"""The Bluetooth LE of a device as its commands have it."""

from quecsim.at.context import Context, air, bluetooth, wifi
from quecsim.clients.ble import Ble

_NAME = "Bluetooth LE"


def ble(context: Context) -> Ble:
    """It is there from when it is needed first, until the next restart."""
    there = context.clients.get(_NAME)
    if there is None:
        there = context.clients[_NAME] = Ble(air(context), bluetooth(context), wifi(context))
    assert isinstance(there, Ble)
    return there
