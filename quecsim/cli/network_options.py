"""Options of the commands that may let a device reach real servers: nothing, unless asked to."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from quecsim.live.network.options import NetworkOptions
from quecsim.scenario.schema import Scenario

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--route",
        "routes",
        multiple=True,
        metavar="NAME:PORT=ADDRESS:PORT",
        help="What the device calls NAME:PORT is a real server at ADDRESS:PORT; repeatable.",
    ),
    click.option(
        "--scenario-routes", is_flag=True, help="The [[route]]s of the scenario count as well."
    ),
    click.option(
        "--allow-network",
        multiple=True,
        metavar="HOST[:PORT]",
        help="The device may reach this public address, or name, which is resolved; repeatable.",
    ),
    click.option(
        "--listen",
        multiple=True,
        metavar="PORT[=ADDRESS[:PORT]]",
        help="The device's own PORT, once it listens there, is at ADDRESS:PORT; repeatable.",
    ),
)
NAMES = ("routes", "scenario_routes", "allow_network", "listen")


def network_options(function: Function) -> Function:
    """Decorator: the options."""
    for each in reversed(_OPTIONS):
        function = each(function)
    return function


def network_from(
    scenario: Scenario,
    options: dict[str, Any],
    keylog: str | None = None,
    pcapng: str | None = None,
    *,
    listens: bool = False,
) -> NetworkOptions:
    """What they say. Raises QuecsimError for what is no route, or cannot be allowed. `listens`: the
    device can be called at loopback without that being asked for.
    """
    return NetworkOptions(
        scenario,
        options["routes"],
        options["allow_network"],
        options["listen"],
        listens=listens,
        uses_scenario=options["scenario_routes"],
        keylog=keylog,
        pcapng=pcapng,
    )
