"""The device's real-time clock: the model's time, from the moment that the clock was set to."""

from collections.abc import Callable
from dataclasses import dataclass

from quecsim.date import CENTURY_S, format_date, parse_date
from quecsim.units import S


@dataclass(slots=True)
class Clock:
    """`date` was set when the model's time was `set_ns`; `now_ns` tells that time."""

    now_ns: Callable[[], int]
    date: str
    set_ns: int = 0

    def set(self, date: str) -> None:
        """Go on from `date`, now; without a zone, in the one that the clock is in. ValueError where
        there is no such date.
        """
        seconds, quarters = parse_date(date)
        if quarters is None:
            quarters = parse_date(self.date)[1] or 0
        self.date, self.set_ns = format_date(seconds, quarters), self.now_ns()

    def text(self) -> str:
        """The date and time now: `26/11/29,00:00:00+00`."""
        seconds, quarters = parse_date(self.date)
        gone_s = (self.now_ns() - self.set_ns) // S
        return format_date((seconds + gone_s) % CENTURY_S, quarters or 0)
