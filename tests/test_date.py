"""Dates against Python's own calendar, which the core does without."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.date import (
    FIRST_S,
    PAST_S,
    day_text,
    format_date,
    is_date,
    is_moment,
    local_of,
    parse_date,
    parse_moment,
    utc_of,
    utc_parts,
)

_SECONDS = st.integers(FIRST_S, PAST_S - 1)
_QUARTERS = st.integers(-96, 96)


@given(_SECONDS, _QUARTERS)
def test_dates_are_those_of_the_calendar(seconds: int, quarters: int) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert format_date(seconds, quarters) == f"{moment:%y/%m/%d,%H:%M:%S}{quarters:+03}"
    assert parse_date(format_date(seconds, quarters)) == (seconds, quarters)


@given(st.integers(0, 253_402_300_799))
def test_a_day_is_that_of_the_calendar(seconds: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert day_text(seconds) == moment.date().isoformat()
    assert utc_parts(seconds) == moment.timetuple()[:6]


def test_a_day_outside_of_the_calendar_is_its_first_or_its_last() -> None:
    assert day_text(-1) == "1970-01-01"
    assert day_text(1 << 70) == "9999-12-31"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "26/11/29",
        "26/13/29,00:00:00+00",
        "26/00/29,00:00:00+00",
        "26/11/31,00:00:00+00",
        "26/11/00,00:00:00+00",
        "26/02/29,00:00:00+00",
        "26/11/29,24:00:00+00",
        "26/11/29,00:60:00+00",
        "26/11/29,00:00:60+00",
        "26/11/29,00:00:00+97",
        "26/11/29,00:00:00+0",
        "26/11/29,00:00:00+00x",
        "2026/11/29,00:00:00+00",
        "\u0662\u0666/11/29,00:00:00+00",
    ],
)
def test_what_is_no_date(date: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(date)}$"):
        parse_date(date)
    assert not is_date(date)


def test_two_digits_of_a_year_are_those_around_2000() -> None:
    for year, century in ((70, 1900), (80, 1900), (99, 1900), (0, 2000), (69, 2000)):
        seconds, _ = parse_date(f"{year:02}/01/06,00:00:00+00")
        assert utc_of(seconds, 0) == datetime(century + year, 1, 6, tzinfo=UTC).timestamp()
    assert format_date(PAST_S, 0) == format_date(FIRST_S, 0) == "70/01/01,00:00:00+00"
    assert format_date(FIRST_S - 1, 0) == "69/12/31,23:59:59+00"


@given(_SECONDS, _QUARTERS)
def test_local_time_and_utc(seconds: int, quarters: int) -> None:
    utc_s = utc_of(seconds, quarters)
    assert local_of(utc_s, quarters) == seconds
    there = timezone(timedelta(minutes=15 * max(-95, min(95, quarters))))
    if abs(quarters) < 96:
        assert f"{datetime.fromtimestamp(utc_s, there):%y/%m/%d,%H:%M:%S}" in format_date(
            seconds, quarters
        )


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2069, 12, 30)),
    st.none() | st.integers(-1439, 1439),
)
def test_moments_are_those_of_the_calendar(moment: datetime, minutes: int | None) -> None:
    zone = UTC if minutes is None else timezone(timedelta(minutes=minutes))
    whole = moment.replace(microsecond=0)
    text = whole.isoformat() if minutes is None else whole.replace(tzinfo=zone).isoformat()
    assert parse_moment(text) == whole.replace(tzinfo=zone).timestamp()
    assert parse_moment(text[:10]) == datetime(*whole.timetuple()[:3], tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "2026-13-01", "2026-02-29", "2026-06-01T24:00:00Z", "2026-06-01T00:00Z",
        "2026-06-01T00:00:00+24:00", "2026-06-01T00:00:00+00:60", "2026-06-01T00:00:00.5Z",
        "1969-12-31", "2070-01-01", "26-06-01", "2026-06-01 ",
    ],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        parse_moment(text)
    assert not is_moment(text)
