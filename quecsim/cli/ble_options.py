"""Options that join the Bluetooth LE of two simulators: nothing, unless asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quecsim.cli import complete
from quecsim.errors import QuecsimError
from quecsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from quecsim.live.ble_bridge import BridgeEnd

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--ble-listen",
        metavar="SOCKET",
        shell_complete=complete.files,
        help="Another simulator may be on this one's air: it comes there (a Unix socket).",
    ),
    click.option(
        "--ble-connect",
        metavar="SOCKET",
        shell_complete=complete.files,
        help="Be on the air of the simulator that listens there.",
    ),
)
NAMES = ("ble_listen", "ble_connect")


def ble_options(function: Function) -> Function:
    """Decorator: the options."""
    for each in reversed(_OPTIONS):
        function = each(function)
    return function


def bridge_from(scenario: Scenario, options: dict[str, Any]) -> "BridgeEnd | None":
    """What they say. Raises QuecsimError for both, and for a device without Bluetooth LE."""
    listen, connect = (options[name] for name in NAMES)
    if listen is None and connect is None:
        return None
    if listen is not None and connect is not None:
        raise QuecsimError(
            "--ble-listen and --ble-connect are the two ends of one bridge",
            hint="one simulator listens, the other connects: leave out one of them",
        )
    if scenario.profile().ble is None:
        raise QuecsimError(
            f"{scenario.profile().name} has no Bluetooth LE",
            hint="take one of the Wi-Fi devices: quecsim devices lists them",
        )
    from quecsim.live.ble_bridge import BridgeEnd

    return BridgeEnd(path=listen or connect, listens=listen is not None)
