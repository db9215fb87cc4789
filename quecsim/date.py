"""Dates as +CCLK writes them (3GPP TS 27.007 8.15), without a clock: `26/11/29,00:00:00+00`.

Local time, and how many quarters of an hour that is ahead of UTC. Seconds count from 2000-01-01, in
the local time of the zone.
"""

import calendar
import re

_DATE = re.compile(
    r"(\d\d)/(\d\d)/(\d\d),(\d\d):(\d\d):(\d\d)(?:([+-]\d\d))?\Z",
    re.ASCII,
)
_EPOCH_S = calendar.timegm((2000, 1, 1, 0, 0, 0))
_DAY_S = 86_400
CENTURY_S = calendar.timegm((2100, 1, 1, 0, 0, 0)) - _EPOCH_S
_MOST_QUARTERS = 96


def parse_date(date: str) -> tuple[int, int | None]:
    """Seconds since 2000, and the zone's quarters of an hour (None without one). ValueError."""
    match = _DATE.match(date)
    if match is None:
        raise ValueError(date)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    quarters = None if match[7] is None else int(match[7])
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000 + year, month)[1]):
        raise ValueError(date)
    if hour > 23 or minute > 59 or second > 59 or abs(quarters or 0) > _MOST_QUARTERS:
        raise ValueError(date)
    moment = (2000 + year, month, day, hour, minute, second)
    return calendar.timegm(moment) - _EPOCH_S, quarters


def format_date(seconds: int, quarters: int) -> str:
    """`seconds` since 2000 (before 2100), in that zone."""
    days, rest = divmod(seconds, _DAY_S)
    year, month = 0, 1
    while days >= (length := 365 + calendar.isleap(2000 + year)):
        days, year = days - length, year + 1
    while days >= (length := calendar.monthrange(2000 + year, month)[1]):
        days, month = days - length, month + 1
    time = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{year:02}/{month:02}/{days + 1:02},{time}{quarters:+03}"


def is_date(date: str) -> bool:
    """Whether there is such a date."""
    try:
        parse_date(date)
    except ValueError:
        return False
    return True
