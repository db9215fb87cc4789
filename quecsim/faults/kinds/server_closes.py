"""`server_closes`: a server ends the connection."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from quecsim.border import Why
from quecsim.faults.fault import TIMES_MS, Options
from quecsim.faults.network_fault import SENDS, SERVER_BYTES, LinkFault
from quecsim.faults.places import Places

CloseHow: TypeAlias = Literal["fin", "reset"]


class ServerCloses(LinkFault, frozen=True, kw_only=True, tag="server_closes"):
    """The server ends a connection, in good order ("fin") or by a "reset": after byte `at_byte`
    from servers, instead of what it would have done at sending number `send` of the device, or all
    connections at `at_ms`. What it has said before still arrives.
    """

    ORDER: ClassVar[int] = 370
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"send": 1},
        {"at_byte": 1, "how": "reset"},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = tuple(
        {**place, "how": ("fin", "reset")}
        for place in ({"at_byte": SERVER_BYTES}, {"send": SENDS}, {"at_ms": TIMES_MS})
    )

    how: CloseHow = "fin"

    def what(self) -> str:
        """What happens."""
        return "the server closes" + (" by a reset" if self.how == "reset" else "")

    def end(self, places: Places, now_ns: int, link: int) -> None:
        """It closes now."""
        places.network.cut(now_ns, link, Why(self.how))
