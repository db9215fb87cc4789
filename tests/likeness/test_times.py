from math import comb

import pytest

from quecsim.likeness.times import Pair, spread_of
from quecsim.units import ms


@pytest.mark.parametrize("count", [6, 9, 20, 51, 199, 200, 201, 1000])
def test_the_interval_holds_the_median_in_95_of_100(count: int) -> None:
    """By the binomial law: so many of the times lie below the true median."""
    spread = spread_of(list(range(count)))
    skipped = spread.low_ns
    assert spread.high_ns == count - 1 - skipped
    outside = 2 * sum(comb(count, below) for below in range(skipped + 1)) / 2**count
    assert outside <= 0.05
    one_less = outside + 2 * comb(count, skipped + 1) / 2**count
    assert one_less > (0.05 if count <= 200 else 0.03)


def test_of_few_times_all_are_the_interval() -> None:
    spread = spread_of([ms(3), ms(1), ms(2)])
    assert (spread.low_ns, spread.median_ns, spread.high_ns) == (ms(1), ms(2), ms(3))


def test_once_or_twice_says_little() -> None:
    spread = spread_of([ms(10)])
    assert (spread.low_ns, spread.median_ns, spread.high_ns) == (ms(5), ms(10), ms(15))


def _pair(module: list[int], profile: list[int]) -> Pair:
    return Pair("AT", [ms(one) for one in module], [ms(one) for one in profile])


def test_a_difference_is_one_where_the_intervals_lie_apart() -> None:
    assert _pair([10, 11, 12], [20, 21, 22]).differs
    assert not _pair([10, 11, 21], [20, 21, 22]).differs
    assert not _pair([10, 11, 12], [14, 15, 16]).differs  # within the grain of a listener
    assert _pair([10, 11, 12], [15, 15, 16]).differs
    assert not _pair([10], [15]).differs
    assert _pair([10], [40]).differs
