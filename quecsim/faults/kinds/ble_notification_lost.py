"""`ble_notification_lost`: data that was acknowledged on the air, and gets no further."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.border.ble import BleNews, BleWish
from quecsim.faults.armed import Armed
from quecsim.faults.ble_fault import PIECE_AIMS, PIECES, SIDES, BleFault, Side, piece_words
from quecsim.faults.fault import Count, Number, Options
from quecsim.faults.network_fault import TIMES
from quecsim.faults.places import Places
from quecsim.faults.points import Aim


class BleNotificationLost(BleFault, frozen=True, kw_only=True, tag="ble_notification_lost"):
    """Data piece number `piece` of the device's (`direction` "up"), or of the other side's
    ("down"), and the `times - 1` after it, get lost: in a stack that had no room for them.
    """

    AIMS: ClassVar[Mapping[str, Aim]] = PIECE_AIMS
    ORDER: ClassVar[int] = 405
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"piece": 1},
        {"piece": 1, "direction": "down"},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"piece": PIECES, "direction": SIDES, "times": TIMES},
    )

    piece: Number
    direction: Side = "up"
    times: Count = 1

    def words(self) -> str:
        """As in `piece 3 of the device's data and the 2 after it get lost`."""
        more = f" and the {self.times - 1} after it get lost" if self.times > 1 else " gets lost"
        return piece_words(self.piece, self.direction) + more

    def arm(self, armed: Armed, places: Places) -> None:
        """Where it has got to the other side, or leaves it."""

        def at_wish(now_ns: int, _wish: BleWish) -> bool:
            armed.fire(now_ns, "a piece of the device's data got lost")
            return False

        def at_news(now_ns: int, _news: BleNews) -> None:
            armed.fire(now_ns, "a piece of the other side's data got lost")

        faults = places.ble.faults
        if self.direction == "up":
            faults.at_wish("ble_data_up", self.piece, self.times, at_wish)
        else:
            faults.at_news("ble_data_down", self.piece, self.times, at_news)
