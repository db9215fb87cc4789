"""Results made by hand: a grid and a rule that says which cells are safe."""

from collections.abc import Callable

from quecsim.report.model import Verdict
from quecsim.sweep.axes import Value
from quecsim.sweep.grid import Grid, Point, make_grid
from quecsim.sweep.work import CellResult

BASE: dict[str, Value | None] = {
    "flow": "none", "stall": "none", "baud": 115_200, "ring": 4096, "chunk": 1024, "gap": 0,
}  # fmt: skip


def made(
    is_safe: Callable[[Point], bool], seeds: int = 1, first: int | None = 4096, **axes: str
) -> tuple[Grid, list[CellResult]]:
    """A grid of `axes` as written on the command line, and what `is_safe` makes of each point."""
    grid = make_grid(axes, seeds)
    return grid, [
        result(index, point, first=None if is_safe(point) else first, is_safe=is_safe(point))
        for index, point in enumerate(grid.points())
    ]


def result(index: int, point: Point, *, is_safe: bool, first: int | None) -> CellResult:
    return CellResult(
        index=index,
        settings={**BASE, **point},
        runs=1,
        intact=int(is_safe),
        verdict=Verdict("intact" if is_safe else "lost" if first is not None else "refused"),
        lost_bytes=0 if is_safe or first is None else 1067,
        first_lost=first,
        model_ns=1_000_000_000,
        ring_peak_bytes=4096,
        rate_bytes_s=4415,
    )
