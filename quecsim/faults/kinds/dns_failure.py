"""`dns_failure`: a name that has no address."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.border import Failed, Open, Ping, Resolve, Why
from quecsim.faults.fault import ORDINALS, Number, Options
from quecsim.faults.network_fault import TIMES, OpenFault
from quecsim.faults.points import Aim


class DnsFailure(OpenFault, frozen=True, kw_only=True, tag="dns_failure"):
    """Name number `lookup` that a connection needs, and the `times - 1` after it, does not resolve.

    Connections to an address need none.
    """

    KEY: ClassVar[str] = "lookup"
    AIMS: ClassVar[Mapping[str, Aim]] = {"lookup": Aim("lookup")}
    ORDER: ClassVar[int] = 300
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"lookup": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"lookup": ORDINALS, "times": TIMES},)

    lookup: Number = 1

    def what(self) -> str:
        """What happens."""
        return "the name does not resolve"

    def answer(self, wish: Open | Resolve | Ping, /) -> Failed:
        """What the device hears."""
        return Failed(wish.link, Why.DNS, f"{wish.host} has no address")
