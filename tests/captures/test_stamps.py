"""Times as they are written."""

import pytest

from quecsim.captures.stamps import DayClock, clock_ns, seconds_ns
from quecsim.units import S


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("0", 0), ("1", S), ("0.0006025", 602_500), ("2.375e-05", 23_750), ("-1.5", -1_500_000_000),
        ("0.000019680000000", 19_680), ("1e2", 100 * S), (" 1.5", 1_500_000_000),
        ("0.1234567891", 123_456_789),
    ],
)  # fmt: skip
def test_seconds(text: str, ns: int) -> None:
    assert seconds_ns(text) == ns


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1e99", "1e999999999", "9" * 30, "1,5"])
def test_no_seconds(text: str) -> None:
    with pytest.raises(ValueError, match=r"\A.*\Z"):
        seconds_ns(text)


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("00:00:01", S),
        ("1:02:03.5", (3723 * S) + S // 2),
        ("1970-01-02 00:00:00,001", 86_400 * S + 1_000_000),
        ("1970-01-01T02:00:00+01:00", 3600 * S),
        ("1970-01-01T00:00:00-0130", 5400 * S),
        ("2026-06-01T12:34:56.789Z", 1_780_317_296_789_000_000),
    ],
)
def test_clocks(text: str, ns: int) -> None:
    assert clock_ns(text) == ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24:00:00",
        "12:60:00",
        "2026-13-01 00:00:00",
        "2026-02-30 00:00:00",
        "0000-01-01 00:00:00",
    ],
)
def test_no_clocks(text: str) -> None:
    with pytest.raises(ValueError, match=r"\A.*\Z"):
        clock_ns(text)


def test_a_clock_without_a_date_goes_over_midnight() -> None:
    clock = DayClock()
    times = [clock.ns(clock_ns(text)) for text in ("23:59:59", "00:00:01", "00:00:00", "23:00:00")]
    assert [ns // S for ns in times] == [86_399, 86_401, 86_400, 86_400 + 82_800]
