"""The axis of time of a picture: seconds, milliseconds or microseconds, and where things stand."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from quecsim.units import MS, US, S

_UNITS = ((2 * S, S, "s"), (2 * MS, MS, "ms"), (0, US, "us"))


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """A window of the run, `inches` wide. Times on it count from the start of the run where they
    are seconds, and from the start of the window where they are smaller.
    """

    begin_ns: int
    end_ns: int
    inches: float

    @property
    def span_ns(self) -> int:
        """Its length, 1 at least."""
        return max(1, self.end_ns - self.begin_ns)

    @property
    def _unit(self) -> tuple[int, str]:
        return next((unit, name) for least, unit, name in _UNITS if self.span_ns >= least)

    @property
    def _origin_ns(self) -> int:
        return 0 if self._unit[1] == "s" else self.begin_ns

    def at(self, at_ns: int) -> float:
        """Where that time stands."""
        return (at_ns - self._origin_ns) / self._unit[0]

    def inches_of(self, span_ns: int) -> float:
        """How wide that much time is."""
        return self.inches * span_ns / self.span_ns

    def shows(self, begin_ns: int, end_ns: int) -> bool:
        """Something of it is in the window."""
        return begin_ns <= self.end_ns and end_ns >= self.begin_ns

    def edges(self, columns: int) -> list[float]:
        """The places of the ends of `columns` equal parts."""
        return [self.at(self.begin_ns + self.span_ns * n // columns) for n in range(columns + 1)]

    def mark(self, axes: Axes, *, is_lowest: bool) -> None:
        """Give it its ends, ticks and, at the bottom, its words."""
        axes.set_xlim(self.at(self.begin_ns), self.at(self.begin_ns + self.span_ns))
        axes.xaxis.set_major_locator(MaxNLocator(10, steps=[1, 2, 5, 10]))
        axes.tick_params(axis="x", labelbottom=is_lowest, length=3 if is_lowest else 0)
        if is_lowest:
            name = self._unit[1]
            is_start = name == "s" or self.begin_ns == 0
            since = "" if is_start else f", from {self.begin_ns / S:.3f} s of the run on"
            axes.set_xlabel(f"time in {name}{since}", loc="left")
