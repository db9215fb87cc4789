"""`server_slow`: a server takes its time."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import ORDINALS, TIMES_MS, LastsMs, Options
from quecsim.faults.network_fault import SENDS, WishFault
from quecsim.faults.places import Places
from quecsim.units import ms

_DELAYS_MS = (1000, 100, 4000, 10_000)


class ServerSlow(WishFault, frozen=True, kw_only=True, tag="server_slow"):
    """What a server says comes `delay_ms` late: from sending number `send` or connection number
    `connection` of the device on, or all servers from `at_ms` on. What it says after that time
    comes as usual.
    """

    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"delay_ms": 1000}
    ORDER: ClassVar[int] = 380
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"send": 1, "delay_ms": 1000},
        {"connection": 1, "delay_ms": 10_000},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = tuple(
        {**place, "delay_ms": _DELAYS_MS}
        for place in ({"send": SENDS}, {"connection": ORDINALS}, {"at_ms": TIMES_MS})
    )

    delay_ms: LastsMs

    def words(self) -> str:
        """As in `the server says nothing for 20 ms from send 3 on`."""
        return f"the server says nothing for {self.delay_ms} ms {self.place('from')} on"

    def strike(self, armed: Armed, places: Places, now_ns: int, links: Sequence[int]) -> None:
        """It begins now."""
        if links:
            where = ", ".join(map(places.network.place, links))
            armed.fire(now_ns, f"{where}: the server says nothing for {self.delay_ms} ms")
        for link in links:
            places.network.hold(link, now_ns + ms(self.delay_ms))
