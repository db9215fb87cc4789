"""`ble_mtu_refused`: a connection that keeps the smallest MTU."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from quecsim.border.ble import SMALLEST_MTU, BleNews, KeepMtu, MtuIs
from quecsim.faults.armed import Armed
from quecsim.faults.ble_fault import BleFault
from quecsim.faults.fault import ORDINALS, Count, Number, Options
from quecsim.faults.network_fault import TIMES
from quecsim.faults.places import Places
from quecsim.faults.points import Aim


class BleMtuRefused(BleFault, frozen=True, kw_only=True, tag="ble_mtu_refused"):
    """MTU exchange number `exchange`, whoever asked, and the `times - 1` after it, end with 23
    bytes, as with a stack that knows no other: 20 bytes of data in a piece.
    """

    AIMS: ClassVar[Mapping[str, Aim]] = {"ble_mtu": Aim("exchange")}
    ORDER: ClassVar[int] = 404
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"exchange": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"exchange": ORDINALS, "times": TIMES},)

    exchange: Number = 1
    times: Count = 1

    def words(self) -> str:
        """As in `MTU exchange 1 and the 2 after it end with 23`."""
        more = f" and the {self.times - 1} after it end" if self.times > 1 else " ends"
        return f"MTU exchange {self.exchange}{more} with {SMALLEST_MTU}"

    def arm(self, armed: Armed, places: Places) -> None:
        """At what both have agreed on."""
        strike = partial(self._strike, armed, places)
        places.ble.faults.at_news("ble_mtu", self.exchange, self.times, strike)

    @staticmethod
    def _strike(armed: Armed, places: Places, now_ns: int, news: BleNews) -> BleNews:
        assert isinstance(news, MtuIs)
        if news.mtu == SMALLEST_MTU:
            return news
        armed.fire(now_ns, f"the MTU stays {SMALLEST_MTU}, not {news.mtu}")
        places.ble.tell(now_ns, KeepMtu(SMALLEST_MTU))
        return MtuIs(SMALLEST_MTU)
