"""`registration_lost`: the network is gone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.cell_fault import CellFault
from quecsim.faults.fault import ORDINALS, TIMES_MS, LastsMs, Options
from quecsim.faults.network_fault import SENDS
from quecsim.faults.places import Places
from quecsim.units import ms

_FOR_MS = (5000, 1000, 60_000)


class RegistrationLost(CellFault, frozen=True, kw_only=True, tag="registration_lost"):
    """There is no network for the device, for `for_ms` (None: for good): from when sending number
    `send` or connection number `connection` gets there, or from `at_ms` on. Its packet contexts and
    connections end with it. Over Wi-Fi there is no access point.
    """

    OVER: ClassVar[tuple[str, ...]] = ("a cellular network", "Wi-Fi")
    CAN_RECUR: ClassVar[bool] = False
    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"for_ms": 5000}
    ORDER: ClassVar[int] = 400
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"send": 1, "for_ms": 5000},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = tuple(
        {**place, "for_ms": _FOR_MS}
        for place in ({"send": SENDS}, {"connection": ORDINALS}, {"at_ms": TIMES_MS})
    )

    for_ms: LastsMs | None = None

    def words(self) -> str:
        """As in `no network at send 3, for 20 ms`."""
        end = f", for {self.for_ms} ms" if self.for_ms is not None else ""
        return f"no network {self.place('from')} on{end}"

    def happen(self, armed: Armed, places: Places, now_ns: int) -> None:
        """It goes now, where there is one, and comes back when no such fault keeps it away."""
        device, away = places.device, places.network.faults.away
        if not device.has_network and not away:
            return
        armed.fire(now_ns, "there is no network any more")
        away.add(armed.index)
        device.lose_registration(now_ns)
        if self.for_ms is not None:
            places.agenda.add(
                now_ns + ms(self.for_ms), lambda at_ns: self._end(armed, places, at_ns)
            )

    @staticmethod
    def _end(armed: Armed, places: Places, now_ns: int) -> None:
        away = places.network.faults.away
        away.discard(armed.index)
        if not away:
            places.device.find_network(now_ns)
