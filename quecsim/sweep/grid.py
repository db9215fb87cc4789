"""The grid: all combinations of the axes' values, counted before anything is run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from quecsim.errors import QuecsimError
from quecsim.sweep.axes import AXES, Value, parse

MOST_RUNS = 20_000
DEFAULT = {"flow": "none,rtscts", "chunk": "64,256,1024", "gap": "0,10,20,50,100"}
"""What is swept when nothing is named."""

Point = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Grid:
    """The swept axes with their values, in the order of `AXES`, and how often each cell is run."""

    axes: dict[str, tuple[Value, ...]]
    seeds: int = 1

    @property
    def cell_count(self) -> int:
        """How many combinations there are."""
        return prod(len(values) for values in self.axes.values())

    @property
    def wide(self) -> list[str]:
        """The axes with more than one value."""
        return [name for name, values in self.axes.items() if len(values) > 1]

    def points(self) -> Iterator[Point]:
        """Every combination; the last axis changes fastest."""
        for values in product(*self.axes.values()):
            yield dict(zip(self.axes, values, strict=True))

    def size_text(self) -> str:
        """`30 cells (2 flow x 3 chunk x 5 gap), 4 runs each`."""
        sides = " x ".join(f"{len(values)} {name}" for name, values in self.axes.items())
        cells = f"{self.cell_count} cell{'s' * (self.cell_count != 1)}"
        runs = f", {self.seeds} runs each" if self.seeds > 1 else ""
        return f"{cells} ({sides}){runs}"


def make_grid(written: Mapping[str, str | None], seeds: int = 1) -> Grid:
    """The grid of what is written behind the options; with nothing written, `DEFAULT`.

    Raises QuecsimError: values that cannot be, or more than MOST_RUNS runs.
    """
    given = {name: text for name, text in written.items() if text is not None} or DEFAULT
    axes = {name: parse(name, given[name]) for name in AXES if name in given}
    grid = Grid(axes, seeds)
    if grid.cell_count * seeds > MOST_RUNS:
        hint = "give fewer values, or larger steps: 0..100:20"
        message = f"{grid.size_text()} are more than {MOST_RUNS} runs"
        raise QuecsimError(message, hint=hint)
    return grid
