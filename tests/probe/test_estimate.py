"""Intervals that hold, whatever the distribution."""

import random
from collections.abc import Callable

import pytest

from quecsim.probe.estimate import Estimate, median, parted, quantile


def _uniform(dice: random.Random) -> int:
    return dice.randrange(0, 1001)


def _skewed(dice: random.Random) -> int:
    return round(dice.expovariate(1) * 1000)


def _two_peaks(dice: random.Random) -> int:
    return dice.choice([0, 1000]) + dice.randrange(0, 1001)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 9, 24, 90])
@pytest.mark.parametrize(("draw", "true"), [(_uniform, 500), (_skewed, 693), (_two_peaks, 1000)])
def test_the_interval_of_a_median_holds_it_in_95_of_100(
    count: int, draw: Callable[[random.Random], int], true: int
) -> None:
    dice = random.Random(count)
    estimates = [median([draw(dice) for _ in range(count)]) for _ in range(400)]
    held = sum(each.low <= true <= each.high for each in estimates)
    assert held >= 0.93 * 400  # 95 of 100, and what chance takes of 400


def test_more_samples_make_it_narrower() -> None:
    few, many = median(list(range(6))), median(list(range(200)))
    assert (many.high - many.low) / 200 < (few.high - few.low) / 6


def test_rounding_goes_outwards() -> None:
    assert Estimate(3_499, 3_001, 4_001, 9).rounded(1000) == Estimate(3, 3, 5, 9)
    assert Estimate(10, -20, 30, 2).rounded(10) == Estimate(1, 0, 3, 2)


def test_a_difference_is_as_unsure_as_both() -> None:
    difference = Estimate(50, 48, 52, 9).minus(Estimate(3, 2, 4, 7))
    assert difference == Estimate(47, 44, 50, 7)


def test_groups_and_quantiles() -> None:
    assert parted([3, 50, 2, 49, 4], 10) == [[2, 3, 4], [49, 50]]
    assert quantile(list(range(1, 101)), 95) == 95


def test_a_plain_number_is_taken_where_it_is_near_enough() -> None:
    assert Estimate(801, 700, 900, 9).plain().value == 800
    assert Estimate(805, 700, 900, 9).plain().value == 805
    assert Estimate(801, 801, 802, 9).plain().value == 801
