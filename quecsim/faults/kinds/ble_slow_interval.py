"""`ble_slow_interval`: a connection whose events come rarely."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from quecsim.border.ble import INTERVAL_NS, Joined, Parameters, ParametersAre
from quecsim.faults.armed import Armed
from quecsim.faults.ble_fault import PLACES, BleMoment
from quecsim.faults.fault import Options
from quecsim.faults.places import Places
from quecsim.units import MS

_INTERVALS = (400, 80, 1600)


class BleSlowInterval(BleMoment, frozen=True, kw_only=True, tag="ble_slow_interval"):
    """The connection has the interval `interval` from then on, in 1.25 ms: other devices on a
    central's hands, or one that saves power. So less data goes through in a second.
    """

    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"interval": 400}
    ORDER: ClassVar[int] = 410
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"connection": 1, "interval": 400},
        {"piece": 1, "interval": 1600},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = tuple(
        {**place, "interval": _INTERVALS} for place in PLACES
    )

    interval: Annotated[int, Meta(ge=6, le=3200)]

    def words(self) -> str:
        """As in `an interval of 400 (500 ms) from 5000 ms on`."""
        return f"{self._title} {self.place()}"

    @property
    def _title(self) -> str:
        whole, rest = divmod(self.interval * INTERVAL_NS, MS)
        text = f"{whole}.{rest * 100 // MS:02}".rstrip("0").rstrip(".")
        return f"an interval of {self.interval} ({text} ms)"

    def strike(self, armed: Armed, places: Places, now_ns: int) -> None:
        """Where there is a connection of another interval."""
        there = places.ble.parameters
        if there is not None and there.interval != self.interval:
            armed.fire(now_ns, f"the connection gets {self._title}")
            places.ble.say(now_ns, ParametersAre(self._changed(there)))

    def at_joined(self, armed: Armed, _places: Places, now_ns: int, news: Joined, /) -> Joined:
        """It has that interval from its first event on."""
        if news.parameters.interval == self.interval:
            return news
        armed.fire(now_ns, f"the connection has {self._title}")
        return msgspec.structs.replace(news, parameters=self._changed(news.parameters))

    def _changed(self, old: Parameters) -> Parameters:
        """With a time-out that is long enough for it."""
        least = (1 + old.latency) * self.interval * 2 // 8 + 1
        if least > 3200:
            return Parameters(self.interval, 0, max(old.timeout, self.interval // 4 + 1))
        return Parameters(self.interval, old.latency, max(old.timeout, least))
