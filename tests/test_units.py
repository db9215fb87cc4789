"""Time is whole nanoseconds, and people read it in the unit that fits."""

import pytest

from quecsim.units import MS, US, S, format_ns, ms, s, us


def test_units_are_whole_nanoseconds() -> None:
    assert (us(3), ms(3), s(3)) == (3_000, 3_000_000, 3_000_000_000)
    assert (us(1), ms(1), s(1)) == (US, MS, S)
    assert all(type(unit(7)) is int for unit in (us, ms, s))


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (0, "0 ns"),
        (870, "870 ns"),
        (999, "999 ns"),
        (1_000, "1.0 us"),
        (43_403, "43.4 us"),
        (41_200_000, "41.2 ms"),
        (1_000_000_000, "1.000 s"),
        (12_345_000_000, "12.345 s"),
        (-41_200_000, "-41.2 ms"),
    ],
)
def test_a_duration_as_people_write_it(duration_ns: int, text: str) -> None:
    assert format_ns(duration_ns) == text


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [(999_960, "1.0 ms"), (999_960_000, "1.000 s"), (-999_999, "-1.0 ms")],
)
def test_rounding_up_moves_to_the_next_unit(duration_ns: int, text: str) -> None:
    assert format_ns(duration_ns) == text
