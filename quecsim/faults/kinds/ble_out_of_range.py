"""`ble_out_of_range`: nothing gets through on the air."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.ble_fault import PLACES, BleMoment
from quecsim.faults.fault import LastsMs, Options
from quecsim.faults.places import Places
from quecsim.units import ms

_FOR_MS = (1000, 200, 10_000)


class BleOutOfRange(BleMoment, frozen=True, kw_only=True, tag="ble_out_of_range"):
    """Nothing gets through for `for_ms`: advertisements, connections, data. Longer than the
    supervision time-out of a connection, and it is over, for both sides.
    """

    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"for_ms": 10_000}
    ORDER: ClassVar[int] = 420
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"piece": 1, "for_ms": 1000},
        {"connection": 1, "for_ms": 10_000},
        {"piece": 2, "direction": "down", "for_ms": 10_000},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = tuple(
        {**place, "for_ms": _FOR_MS} for place in PLACES
    )

    for_ms: LastsMs

    def words(self) -> str:
        """As in `out of range from 5000 ms on, for 100 ms`."""
        return f"out of range {self.place()}, for {self.for_ms} ms"

    def strike(self, armed: Armed, places: Places, now_ns: int) -> None:
        """It fires now, or when the device wants something on the air in that time."""
        until_ns = now_ns + ms(self.for_ms)
        places.ble.go_out_of_range(now_ns, until_ns)
        places.ble.faults.watch(
            now_ns,
            until_ns,
            lambda at_ns: armed.fire(at_ns, f"nothing gets through for {self.for_ms} ms"),
            is_missed=places.ble.is_on_air,
        )
