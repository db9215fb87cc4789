"""From samples to an estimate: a value, and an interval that holds it in at least 95 of 100 cases.

No shape of the distribution is taken for granted: the interval of a median is that between two of
the samples, by the binomial distribution of how many lie below it. All in whole ns, or bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

_SURE = 0.95
_TIMES = {2: 10, 3: 3, 4: 2, 5: 1}  # how much wider, for so few samples


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value`, which lies between `low` and `high`, from `runs` samples."""

    value: int
    low: int
    high: int
    runs: int

    def wider(self, below: int, above: int | None = None) -> "Estimate":
        """With an interval that reaches that much further: what the port cannot resolve."""
        above = below if above is None else above
        return Estimate(self.value, self.low - below, self.high + above, self.runs)

    def minus(self, other: "Estimate") -> "Estimate":
        """The difference of two that were measured apart."""
        runs = min(self.runs, other.runs)
        value = self.value - other.value
        return Estimate(value, self.low - other.high, self.high - other.low, runs)

    def rounded(self, unit: int) -> "Estimate":
        """In whole `unit`s: the value to the nearest, the interval outwards, and not below 0."""
        nearest = max(0, (self.value + unit // 2) // unit)
        return Estimate(nearest, max(0, self.low // unit), max(0, -(-self.high // unit)), self.runs)

    def plain(self) -> "Estimate":
        """With a value of two digits, where one is in the interval and within three thousandths."""
        unit = 10 ** max(0, len(str(abs(self.value))) - 2)
        near = (self.value + unit // 2) // unit * unit
        is_near = abs(near - self.value) * 1000 <= 3 * abs(self.value)
        if not (is_near and self.low <= near <= self.high):
            return self
        return Estimate(near, self.low, self.high, self.runs)


def median(samples: Sequence[int]) -> Estimate:
    """The median, with its interval, of two samples at least. Below six no interval between them is
    sure enough: it is then wider on both sides, by some times what they lie apart.
    """
    ordered = sorted(samples)
    count = len(ordered)
    assert count >= 2, samples
    value = ordered[(count - 1) // 2] + ordered[count // 2]
    rank = _rank(count)
    if rank is None:
        spread = _TIMES[count] * (ordered[-1] - ordered[0])
        return Estimate(value // 2, ordered[0] - spread, ordered[-1] + spread, count)
    return Estimate(value // 2, ordered[rank], ordered[count - 1 - rank], count)


def quantile(samples: Sequence[int], percent: int) -> int:
    """The smallest sample that `percent` of them do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _rank(count: int) -> int | None:
    """How many samples may be left out at either end, so that the median is still between the rest
    in 95 of 100 cases; None where even all of them are too few.
    """
    outside = 2.0**-count  # the chance that all lie on one side
    if 2 * outside > 1 - _SURE:
        return None
    rank = 0
    while 2 * (outside + comb(count, rank + 1) * 2.0**-count) <= 1 - _SURE:
        rank += 1
        outside += comb(count, rank) * 2.0**-count
    return rank


def parted(samples: Sequence[int], apart: int) -> list[list[int]]:
    """The samples in groups: two that are neighbours in size are parted where the upper one is more
    than `apart` above the lower one, and more than a fifth of it.
    """
    groups: list[list[int]] = []
    for sample in sorted(samples):
        if groups and sample - groups[-1][-1] <= max(apart, groups[-1][-1] // 5):
            groups[-1].append(sample)
        else:
            groups.append([sample])
    return groups
