"""`link_down`: a connection breaks on the way."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from quecsim.border import Why
from quecsim.faults.fault import TIMES_MS, Options
from quecsim.faults.network_fault import SENDS, SERVER_BYTES, LinkFault
from quecsim.faults.places import Places

BreakHow: TypeAlias = Literal["reset", "silence"]


class LinkDown(LinkFault, frozen=True, kw_only=True, tag="link_down"):
    """A link breaks, and what is on its way to the device is lost: after byte `at_byte` from
    servers, at sending number `send` of the device, or all links at `at_ms`.

    With "reset" both ends are told that it is over; with "silence" neither is, and waits.
    """

    ORDER: ClassVar[int] = 360
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"send": 1},
        {"send": 2, "how": "silence"},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = tuple(
        {**place, "how": ("reset", "silence")}
        for place in ({"send": SENDS}, {"at_byte": SERVER_BYTES}, {"at_ms": TIMES_MS})
    )

    how: BreakHow = "reset"

    def what(self) -> str:
        """What happens."""
        return "the link breaks" + (", unnoticed," if self.how == "silence" else "")

    def end(self, places: Places, now_ns: int, link: int) -> None:
        """It breaks now."""
        places.network.lose(link)
        why = Why.RESET if self.how == "reset" else None
        places.network.cut(now_ns, link, why, "the connection broke on the way")
