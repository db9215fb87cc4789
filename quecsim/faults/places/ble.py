"""The air of a Bluetooth LE device: what it wants as that gets there, what others say as they do.

Here, and not in a peer, faults hold in a recorded run, too. What is hit is counted here, once for
all faults.
"""

from collections import Counter
from collections.abc import Callable
from typing import Protocol, TypeAlias

from quecsim.border.ble import (
    Advertise,
    BleNews,
    BleWish,
    Came,
    Join,
    Joined,
    MtuIs,
    Notify,
    Parameters,
    Scan,
    Write,
)
from quecsim.faults.places.numbers import Numbers, numbers_from_here

UpStrike: TypeAlias = Callable[[int, BleWish], bool]
"""What happens at (time, wish) that is there; False: it gets no further."""

DownStrike: TypeAlias = Callable[[int, BleNews], BleNews | None]
"""What becomes of (time, news) before the device hears them; None: nothing is heard."""


MissStrike: TypeAlias = Callable[[int], None]
"""What happens at a time."""


class BleFaults:
    """The faults that wait for something on the air, and the counts of all that was there."""

    def __init__(self, points: Counter[str]) -> None:
        self.points = points
        self._up: list[tuple[str, Numbers, UpStrike]] = []
        self._down: list[tuple[str, Numbers, DownStrike]] = []
        self._watches: list[tuple[int, MissStrike]] = []

    # what faults ask for; numbers count from here on

    def at_wish(self, point: str, number: int, times: int, strike: UpStrike) -> None:
        """Strike at wish number `number` of the kind that `point` is, and the `times - 1` after."""
        self._up.append((point, numbers_from_here(self.points, point, number, times), strike))

    def at_news(self, point: str, number: int, times: int, strike: DownStrike) -> None:
        """The same at what others say."""
        self._down.append((point, numbers_from_here(self.points, point, number, times), strike))

    def watch(self, now_ns: int, until_ns: int, strike: MissStrike, *, is_missed: bool) -> None:
        """Strike once, as soon as the device misses the air: now (`is_missed`), or when a wish of
        its gets there before `until_ns`.
        """
        if is_missed:
            strike(now_ns)
        else:
            self._watches = [each for each in self._watches if each[0] > now_ns]
            self._watches.append((until_ns, strike))

    # what passes

    def reach(self, now_ns: int, wish: BleWish) -> bool:
        """A wish has got to the air; False: it gets no further."""
        if self._watches and isinstance(wish, BEGINNINGS):
            watches, self._watches = self._watches, []
            for until_ns, strike in watches:
                if now_ns < until_ns:
                    strike(now_ns)
        point = UP_POINTS.get(type(wish))
        if point is None:
            return True
        self.points[point] += 1
        return all(
            strike(now_ns, wish)
            for there, numbers, strike in list(self._up)
            if there == point and numbers.has(self.points[point])
        )

    def leave(self, now_ns: int, news: BleNews) -> BleNews | None:
        """What the device will hear when somebody says `news`; None: nothing."""
        point = DOWN_POINTS.get(type(news))
        if point is None:
            return news
        self.points[point] += 1
        told: BleNews | None = news
        for there, numbers, strike in list(self._down):
            if told is not None and there == point and numbers.has(self.points[point]):
                told = strike(now_ns, told)
        return told


BEGINNINGS = (Advertise, Scan, Join)
UP_POINTS: dict[type, str] = {
    Join: "ble_join",
    Write: "ble_data_up",
    Notify: "ble_data_up",
}
DOWN_POINTS: dict[type, str] = {
    Joined: "ble_connection",
    Came: "ble_data_down",
    MtuIs: "ble_mtu",
}


class Radio(Protocol):
    """The air as its faults see it."""

    faults: BleFaults

    @property
    def is_on_air(self) -> bool:
        """There is a connection, or the device advertises, scans, or wants to connect."""

    @property
    def parameters(self) -> Parameters | None:
        """Those of the connection; None: there is none."""

    def tell(self, now_ns: int, wish: BleWish) -> None:
        """The other side hears of it as if the device had wanted it."""

    def say(self, now_ns: int, news: BleNews) -> None:
        """The device hears of it as if somebody had said it."""

    def go_out_of_range(self, now_ns: int, until_ns: int) -> None:
        """Nothing gets through from now until then."""
