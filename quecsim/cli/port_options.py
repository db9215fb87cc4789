"""Options of the ways in for hosts of other machines, beside the pty: none, unless asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quecsim.live.ports.gates import gates_of

if TYPE_CHECKING:
    from quecsim.live.ports.entrance import Entrance, Gate

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--rfc2217",
        metavar="[ADDRESS:]PORT",
        help="Hosts may come in there over RFC 2217: a serial port with its settings and lines. "
        "Port 0 is a free one.",
    ),
    click.option(
        "--tcp",
        metavar="[ADDRESS:]PORT",
        help="The same over TCP: the bytes alone.",
    ),
    click.option(
        "--allow-remote",
        is_flag=True,
        help="That may be an address that other machines reach: whoever does has the device.",
    ),
)
_KINDS = ("rfc2217", "tcp")
NAMES = (*_KINDS, "allow_remote")


def port_options(function: Function) -> Function:
    """Decorator: the options."""
    for each in reversed(_OPTIONS):
        function = each(function)
    return function


def gates_from(options: dict[str, Any]) -> "list[Gate]":
    """What they say. Raises QuecsimError for what is no place, or not allowed."""
    places = {kind: options[kind] for kind in _KINDS}
    return gates_of(places, is_remote_allowed=options["allow_remote"])


def ways_in(entrances: "Sequence[Entrance]") -> Iterator[str]:
    """What people are told of them: a line each, and what to be careful about."""
    for one in entrances:
        yield f"{one.url} ({one.kind.title})"
        if one.is_remote:
            yield (
                f"whoever reaches {one.place} has the device: there is no password, and nothing "
                "is encrypted"
            )
