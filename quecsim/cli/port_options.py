"""Options of the ways in for hosts of other machines, beside the pty: none, unless asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from quecsim.live.ports.entrance import Entrance, Gate

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--tcp",
        metavar="[ADDRESS:]PORT",
        help="Hosts may come in there over TCP: the bytes alone. Port 0 is a free one.",
    ),
    click.option(
        "--allow-remote",
        is_flag=True,
        help="That may be an address that other machines reach: whoever does has the device.",
    ),
)
_KINDS = ("tcp",)
NAMES = (*_KINDS, "allow_remote")


def port_options(function: Function) -> Function:
    """Decorator: the options."""
    for each in reversed(_OPTIONS):
        function = each(function)
    return function


def gates_from(options: dict[str, Any]) -> "list[Gate]":
    """What they say. Raises QuecsimError for what is no place, or not allowed."""
    given = {kind: options[kind] for kind in _KINDS if options[kind] is not None}
    if not given:
        return []
    from quecsim.live.ports.entrance import parse_gate

    is_allowed = options["allow_remote"]
    return [parse_gate(kind, text, is_remote_allowed=is_allowed) for kind, text in given.items()]


def ways_in(entrances: "Sequence[Entrance]") -> Iterator[str]:
    """What people are told of them: a line each, and what to be careful about."""
    for one in entrances:
        yield f"{one.url} ({one.kind.title})"
        if one.is_remote:
            yield (
                f"whoever reaches {one.place} has the device: there is no password, and nothing "
                "is encrypted"
            )
