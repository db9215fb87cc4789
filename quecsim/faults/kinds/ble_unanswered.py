"""`ble_unanswered`: somebody on the air whom the device cannot reach."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from quecsim.border.ble import BleWish
from quecsim.faults.armed import Armed
from quecsim.faults.ble_fault import BleFault
from quecsim.faults.fault import ORDINALS, Count, Number, Options
from quecsim.faults.network_fault import TIMES
from quecsim.faults.places import Places
from quecsim.faults.points import Aim


class BleUnanswered(BleFault, frozen=True, kw_only=True, tag="ble_unanswered"):
    """Nobody answers when the device, as a central, wants connection number `join`, and the
    `times - 1` after it: it waits until its own time-out.
    """

    AIMS: ClassVar[Mapping[str, Aim]] = {"ble_join": Aim("join")}
    ORDER: ClassVar[int] = 430
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"join": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"join": ORDINALS, "times": TIMES},)

    join: Number = 1
    times: Count = 1

    def words(self) -> str:
        """As in `attempt 1 to connect and the 2 after it: nobody answers`."""
        more = f" and the {self.times - 1} after it" if self.times > 1 else ""
        return f"attempt {self.join} to connect{more}: nobody answers"

    def arm(self, armed: Armed, places: Places) -> None:
        """At wishes for a connection, which the other side does not get to see."""
        strike = partial(self._strike, armed)
        places.ble.faults.at_wish("ble_join", self.join, self.times, strike)

    @staticmethod
    def _strike(armed: Armed, now_ns: int, _wish: BleWish) -> bool:
        armed.fire(now_ns, "nobody answers")
        return False
