"""`bearer_lost`: the network ends the packet contexts."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.cell_fault import CellFault
from quecsim.faults.fault import ORDINALS, TIMES_MS, Options
from quecsim.faults.network_fault import SENDS
from quecsim.faults.places import Places


class BearerLost(CellFault, frozen=True, kw_only=True, tag="bearer_lost"):
    """The network ends all packet contexts that the device's TCP/IP has, and with them every
    connection: when sending number `send` or connection number `connection` gets there, or at
    `at_ms`.
    """

    ORDER: ClassVar[int] = 390
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"send": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"send": SENDS},
        {"connection": ORDINALS},
        {"at_ms": TIMES_MS},
    )

    def words(self) -> str:
        """As in `the bearer is lost at send 3`."""
        return f"the bearer is lost {self.place()}"

    def happen(self, armed: Armed, places: Places, now_ns: int) -> None:
        """It is lost now, where there is one."""
        if places.device.has_bearer:
            armed.fire(now_ns, "the network ended the packet contexts")
            places.device.lose_bearer(now_ns)
