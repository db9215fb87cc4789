"""Which of what is counted a fault wants."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers `first` .. `end - 1` of what is counted."""

    first: int
    end: int

    def has(self, number: int) -> bool:
        """It is one of them."""
        return self.first <= number < self.end


def numbers_from_here(points: Mapping[str, int], point: str, number: int, times: int) -> Numbers:
    """Number `number` of what `point` counts, from where `points` are now, and `times - 1` more."""
    first = points[point] + number
    return Numbers(first, first + times)
