"""The device's real-time clock: the model's time, from the moment that the clock was set to."""

from collections.abc import Callable
from dataclasses import dataclass

from quecsim.date import format_date, local_of, parse_date, utc_of
from quecsim.units import S

NEVER_SET_S = 315_964_800
"""1980-01-06, when GPS time begins: the clock of a device that nobody has told the time."""
_FIRST_NETWORK_S = 946_684_800  # 2000-01-01: a clock before that has not heard from a network


@dataclass(slots=True)
class Clock:
    """It was `utc_s` (seconds since 1970, UTC) when the model's time was `set_ns`; `now_ns` tells
    that time. `quarters` is how far the clock's zone is ahead of UTC, in quarters of an hour.

    `network_s` and `network_quarters` are what the network says that it was at the model's time 0.
    """

    now_ns: Callable[[], int]
    utc_s: int = NEVER_SET_S
    quarters: int = 0
    set_ns: int = 0
    network_s: int = NEVER_SET_S
    network_quarters: int = 0

    def calendar_s(self, now_ns: int | None = None) -> int:
        """What it says now, or at a later `now_ns`, in seconds since 1970, UTC."""
        at_ns = self.now_ns() if now_ns is None else now_ns
        return self.utc_s + (at_ns - self.set_ns) // S

    def set(self, date: str) -> None:
        """Go on from `date`, now; without a zone, in the one that the clock is in. ValueError where
        there is no such date.
        """
        seconds, quarters = parse_date(date)
        self.set_utc(utc_of(seconds, self.quarters if quarters is None else quarters), quarters)

    def set_utc(self, utc_s: int, quarters: int | None = None) -> None:
        """Go on from `utc_s`, now; in that zone, where one is given."""
        self.utc_s, self.set_ns = utc_s, self.now_ns()
        if quarters is not None:
            self.quarters = quarters

    def follow_network(self) -> None:
        """Take the network's time, and its zone."""
        self.set_utc(self.network_s, self.network_quarters)
        self.set_ns = 0

    def text(self, now_ns: int | None = None) -> str:
        """The date and time now, or at a later `now_ns`: `26/11/29,00:00:00+00`."""
        return format_date(local_of(self.calendar_s(now_ns), self.quarters), self.quarters)


def new_clock(now_ns: Callable[[], int], network_date: str | None, start_s: int | None) -> Clock:
    """A clock at the begin of a run.

    `network_date` is the network's time then, as +CCLK has it; None: there is none. `start_s` is
    that of the clock, and of the network, where it is another one. Before 2000 it is a clock that
    was never set: the network's time is that of `network_date` all the same.
    """
    if network_date is None:
        utc_s = NEVER_SET_S if start_s is None else start_s
        return Clock(now_ns, utc_s, network_s=utc_s)
    seconds, given = parse_date(network_date)
    quarters = given or 0
    network_s = utc_of(seconds, quarters)
    if start_s is None:
        return Clock(now_ns, network_s, quarters, 0, network_s, quarters)
    if start_s < _FIRST_NETWORK_S:
        return Clock(now_ns, start_s, 0, 0, network_s, quarters)
    return Clock(now_ns, start_s, quarters, 0, start_s, quarters)
