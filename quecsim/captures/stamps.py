"""Times as captures write them, as whole nanoseconds: seconds (`0.0006025`, `2.375e-05`), and the
clock on the wall (`12:34:56.789`, `2026-06-01T12:34:56.789Z`).
"""

import calendar
import re
from decimal import Decimal, InvalidOperation

from quecsim.units import S

_MOST_DIGITS = 10
_CLOCK = re.compile(
    r"(?:(\d{4})-(\d\d)-(\d\d)[T ])?(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?\Z"
)
DAY_NS = 86_400 * S


def seconds_ns(text: str) -> int:
    """Seconds as nanoseconds, the rest cut off; below zero before a trigger. ValueError."""
    whole, _, part = text.partition(".")
    if whole.isdecimal() and (not part or part.isdecimal()) and len(whole) <= _MOST_DIGITS:
        return int(whole) * S + int(part[:9].ljust(9, "0"))
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or value.adjusted() >= _MOST_DIGITS:
        raise ValueError(text)
    return int(value.scaleb(9))


def clock_ns(text: str) -> int:
    """A moment as nanoseconds since 1970 (UTC where it says no zone), or since midnight where it
    has no date. ValueError.
    """
    match = _CLOCK.match(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, part, zone = match.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second) > 60:
        raise ValueError(text)
    of_day_s = (int(hour) * 60 + int(minute)) * 60 + int(second)
    days_s = 0
    if year is not None:
        if (
            not 1 <= int(month) <= 12
            or not 1 <= int(day) <= calendar.monthrange(int(year) or 1, int(month))[1]
        ):
            raise ValueError(text)
        days_s = calendar.timegm((int(year), int(month), int(day), 0, 0, 0))
    ahead_s = 0
    if zone and zone != "Z":
        ahead_s = (int(zone[1:3]) * 60 + int(zone[-2:])) * (-60 if zone[0] == "-" else 60)
    return (days_s + of_day_s - ahead_s) * S + int((part or "0").ljust(9, "0"))


class DayClock:
    """A clock that says no date: where it goes back by more than half a day, it was midnight."""

    def __init__(self) -> None:
        self._last_ns = 0
        self._days = 0

    def ns(self, of_day_ns: int) -> int:
        """The time from the first midnight."""
        if self._last_ns - of_day_ns > DAY_NS // 2:
            self._days += 1
        self._last_ns = of_day_ns
        return self._days * DAY_NS + of_day_ns
