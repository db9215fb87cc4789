"""A sweep laid out for the eye: panels of rows and columns, each cell a short text.

What the terminal and the picture show is the same; only the drawing differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quecsim.sweep.axes import AXES, Axis, Value
from quecsim.sweep.grid import Grid
from quecsim.sweep.work import CellResult

_ORDER = ("chunk", "gap", "packet", "link", "latency", "ring", "baud", "stall", "flow")


@dataclass(frozen=True, slots=True)
class Panel:
    """One table: `cells[row][column]`, None where a cell has not been run.

    `rows` is None for a sweep along one axis. `title` names the values of the other axes.
    """

    title: str
    rows: Axis | None
    columns: Axis
    row_values: tuple[Value, ...]
    column_values: tuple[Value, ...]
    cells: list[list[CellResult | None]]

    def turned(self) -> "Panel":
        """Rows for columns."""
        if self.rows is None:
            return self
        cells = [list(column) for column in zip(*self.cells, strict=True)]
        return Panel(
            self.title, self.columns, self.rows, self.column_values, self.row_values, cells
        )


def panels(grid: Grid, results: Sequence[CellResult]) -> list[Panel]:
    """Chunk against gap where both were swept, else what was; one panel for each of the rest."""
    wide = [name for name in _ORDER if name in grid.wide] or [next(reversed(grid.axes))]
    shown = wide[:2]
    others = [name for name in grid.axes if name in wide[2:]]
    found = {_key(grid, result): result for result in results}
    titles = dict.fromkeys(tuple(point[name] for name in others) for point in grid.points())
    return [_panel(grid, shown, dict(zip(others, values, strict=True)), found) for values in titles]


def _panel(
    grid: Grid,
    shown: list[str],
    fixed: dict[str, Value],
    found: dict[tuple[Value | None, ...], CellResult],
) -> Panel:
    columns = shown[-1]
    rows = shown[0] if len(shown) > 1 else None
    row_values = grid.axes[rows] if rows else ("",)
    column_values = grid.axes[columns]
    single = {name: values[0] for name, values in grid.axes.items() if len(values) == 1}

    def cell(row: Value, column: Value) -> CellResult | None:
        point = {**single, **fixed, columns: column} | ({rows: row} if rows else {})
        return found.get(tuple(point[name] for name in grid.axes))

    cells = [[cell(row, column) for column in column_values] for row in row_values]
    title = ", ".join(value_text(AXES[name], value) for name, value in fixed.items())
    axis = AXES[rows] if rows else None
    return Panel(title, axis, AXES[columns], row_values, column_values, cells)


def _key(grid: Grid, result: CellResult) -> tuple[Value | None, ...]:
    return tuple(result.settings[name] for name in grid.axes)


def value_text(axis: Axis, value: Value) -> str:
    """`flow control none`, `ring 512 bytes`, `115200 baud`."""
    noun = "" if axis.noun == "rate" else f"{axis.noun} "
    return f"{noun}{value} {axis.unit}".strip()


def cell_text(result: CellResult | None) -> str:
    """`ok`; how many bytes were lost; of several runs how many were intact; or the verdict."""
    if result is None:
        return "."
    if result.is_safe:
        return "ok"
    if result.runs > 1:
        return f"{result.intact}/{result.runs}"
    return f"-{result.lost_bytes}" if result.lost_bytes else result.trouble


def short_text(result: CellResult | None) -> str:
    """The same in two characters: `ok`, or `x` for a cell that is not safe."""
    return cell_text(result) if result is None or result.is_safe else "x"


def legend(grid: Grid) -> str:
    """What the texts in the cells mean."""
    bad = "3/5: 3 of 5 runs intact" if grid.seeds > 1 else "-N: N bytes lost"
    return f"ok: every byte stored   {bad}   x: not safe   .: not run"
