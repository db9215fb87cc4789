"""`connect_refused`: nobody listens."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.border import Failed, Open, Ping, Resolve, Why
from quecsim.faults.fault import ORDINALS, Number, Options
from quecsim.faults.network_fault import TIMES, OpenFault
from quecsim.faults.points import Aim


class ConnectRefused(OpenFault, frozen=True, kw_only=True, tag="connect_refused"):
    """Connection number `connection`, and the `times - 1` after it, is refused at once."""

    KEY: ClassVar[str] = "connection"
    AIMS: ClassVar[Mapping[str, Aim]] = {"connection": Aim("connection")}
    ORDER: ClassVar[int] = 310
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"connection": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"connection": ORDINALS, "times": TIMES},)

    connection: Number = 1

    def what(self) -> str:
        """What happens."""
        return "refused"

    def answer(self, wish: Open | Resolve | Ping, /) -> Failed:
        """What the device hears."""
        return Failed(wish.link, Why.REFUSED, "connection refused")
