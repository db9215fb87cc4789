"""Which ways in there shall be for hosts of other machines; nothing is loaded for none."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quecsim.live.ports.entrance import Gate


def gates_of(places: Mapping[str, str | None], *, is_remote_allowed: bool) -> "list[Gate]":
    """`places` are `[ADDRESS:]PORT` by their kinds (rfc2217, tcp); None: none of it.

    Raises QuecsimError for what is no place, or not allowed.
    """
    given = {kind: text for kind, text in places.items() if text is not None}
    if not given:
        return []
    from quecsim.live.ports.entrance import parse_gate

    return [
        parse_gate(kind, text, is_remote_allowed=is_remote_allowed) for kind, text in given.items()
    ]
