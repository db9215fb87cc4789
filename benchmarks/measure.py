"""What a benchmark hands back, and the statistics that they share."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure. `need` is what it must reach, `aim` what we would like; None: just to know.

    `is_more_better` says which way is good. `detail` holds what the figure was made from.
    """

    name: str
    value: float
    unit: str
    detail: str = ""
    need: float | None = None
    aim: float | None = None
    is_more_better: bool = False

    @property
    def is_met(self) -> bool:
        """It is as good as it must be."""
        return self.need is None or self._reaches(self.need)

    @property
    def verdict(self) -> str:
        """In a word: aim, need, missed, or nothing."""
        if self.need is None:
            return ""
        if not self.is_met:
            return "missed"
        return "aim" if self.aim is not None and self._reaches(self.aim) else "need"

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self) | {"is_met": self.is_met}

    def _reaches(self, mark: float) -> bool:
        return self.value >= mark if self.is_more_better else self.value <= mark


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def median_ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """The median of first / second: each pair was measured in turn, in the same weather."""
    return median(first / second for first, second in pairs)


def spread(pairs: Iterable[tuple[float, float]]) -> str:
    """The middle half of the ratios: how far the weather of a shared machine moves them."""
    ratios = [first / second for first, second in pairs]
    return f"ratios {percentile(ratios, 25):.2f} .. {percentile(ratios, 75):.2f}"
