"""Dates against Python's own calendar, which the core does without."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.date import CENTURY_S, format_date, is_date, parse_date


@given(st.integers(0, CENTURY_S - 1), st.integers(-96, 96))
def test_dates_are_those_of_the_calendar(seconds: int, quarters: int) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert format_date(seconds, quarters) == f"{moment:%y/%m/%d,%H:%M:%S}{quarters:+03}"
    assert parse_date(format_date(seconds, quarters)) == (seconds, quarters)


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
