"""Dates without a clock: as +CCLK writes them (3GPP TS 27.007 8.15), `26/11/29,00:00:00+00`, and as
people do (ISO 8601).

+CCLK has local time, and how many quarters of an hour that is ahead of UTC. Its seconds count from
2000-01-01, in the local time of the zone; its two digits of a year are those from 1970 to 2069.
"""

import calendar
import re

_DATE = re.compile(
    r"(\d\d)/(\d\d)/(\d\d),(\d\d):(\d\d):(\d\d)(?:([+-]\d\d))?\Z",
    re.ASCII,
)
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:Z|([+-])(\d\d):(\d\d))?)?\Z",
    re.ASCII,
)
_FIRST_YEAR, _PAST_YEAR = 1970, 2070
_EPOCH_S = calendar.timegm((2000, 1, 1, 0, 0, 0))
FIRST_S = calendar.timegm((_FIRST_YEAR, 1, 1, 0, 0, 0)) - _EPOCH_S
PAST_S = calendar.timegm((_PAST_YEAR, 1, 1, 0, 0, 0)) - _EPOCH_S
"""Seconds of the first moment that +CCLK can say, and of the first that it cannot any more."""
_DAY_S, _QUARTER_S = 86_400, 900
_MOST_QUARTERS = 96
_MOST_DAYS = 2_932_896  # 9999-12-31, since 1970


def parse_date(date: str) -> tuple[int, int | None]:
    """Seconds since 2000 (below zero before), and the zone's quarters of an hour (None without
    one). ValueError.
    """
    match = _DATE.match(date)
    if match is None:
        raise ValueError(date)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    quarters = None if match[7] is None else int(match[7])
    if abs(quarters or 0) > _MOST_QUARTERS:
        raise ValueError(date)
    century = 1900 if year >= _FIRST_YEAR % 100 else 2000
    return _seconds(date, (century + year, month, day, hour, minute, second)) - _EPOCH_S, quarters


def format_date(seconds: int, quarters: int) -> str:
    """`seconds` since 2000, in that zone; after 2069 the years begin at 1970 again."""
    days, rest = divmod((seconds - FIRST_S) % (PAST_S - FIRST_S), _DAY_S)
    year, month = _FIRST_YEAR, 1
    while days >= (length := 365 + calendar.isleap(year)):
        days, year = days - length, year + 1
    while days >= (length := calendar.monthrange(year, month)[1]):
        days, month = days - length, month + 1
    time = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{year % 100:02}/{month:02}/{days + 1:02},{time}{quarters:+03}"


def day_text(seconds: int) -> str:
    """`1980-01-06`, of seconds since 1970 (UTC); never before that, and not behind 9999."""
    year, month, day, *_ = utc_parts(seconds)
    return f"{year:04}-{month:02}-{day:02}"


def utc_parts(seconds: int) -> tuple[int, int, int, int, int, int]:
    """Year, month, day, hour, minute, second, of seconds since 1970 (UTC); never before that, and
    not behind 9999.
    """
    days, rest = divmod(max(0, seconds), _DAY_S)
    days, year = min(days, _MOST_DAYS), 1970
    while days >= (length := 365 + calendar.isleap(year)):
        days, year = days - length, year + 1
    month = 1
    while days >= (length := calendar.monthrange(year, month)[1]):
        days, month = days - length, month + 1
    return year, month, days + 1, rest // 3600, rest // 60 % 60, rest % 60


def is_date(date: str) -> bool:
    """Whether there is such a date."""
    try:
        parse_date(date)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """Whether there is such a moment; see `parse_moment`."""
    try:
        parse_moment(text)
    except ValueError:
        return False
    return True


def utc_of(seconds: int, quarters: int) -> int:
    """A local time of +CCLK, in seconds since 1970, UTC."""
    return seconds + _EPOCH_S - quarters * _QUARTER_S


def local_of(utc_s: int, quarters: int) -> int:
    """The opposite: seconds since 2000, in that zone."""
    return utc_s - _EPOCH_S + quarters * _QUARTER_S


def parse_moment(text: str) -> int:
    """`2026-06-01T00:00:00Z`, with any zone, without one (UTC), or the date alone: seconds since
    1970, UTC. ValueError, also for years before 1970 and after 2069.
    """
    match = _MOMENT.match(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    ahead_s = (int(match[8] or 0) * 60 + int(match[9] or 0)) * 60
    if not _FIRST_YEAR <= year < _PAST_YEAR or ahead_s >= _DAY_S or int(match[9] or 0) > 59:
        raise ValueError(text)
    utc_s = _seconds(text, (year, month, day, hour, minute, second))
    return utc_s + (ahead_s if match[7] == "-" else -ahead_s)


def _seconds(text: str, moment: tuple[int, int, int, int, int, int]) -> int:
    """Since 1970. ValueError where there is no such moment."""
    year, month, day, hour, minute, second = moment
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise ValueError(text)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(text)
    return calendar.timegm(moment)
