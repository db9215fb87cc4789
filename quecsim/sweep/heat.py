"""The sweep as tables in a terminal: text in every cell, colour only beside it."""

from collections.abc import Callable, Sequence
from io import StringIO

from quecsim.sweep.grid import Grid
from quecsim.sweep.panels import Panel, cell_text, legend, panels, short_text
from quecsim.sweep.work import CellResult

_Text = Callable[[CellResult | None], str]


def heat_text(
    grid: Grid, results: Sequence[CellResult], *, colour: bool = False, width: int = 80
) -> str:
    """All panels and the legend. A panel too wide is turned, or left to the results file."""
    from rich.console import Console

    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
    )
    for table in _tables(panels(grid, results), width):
        console.print(table)
    console.print(legend(grid))
    file = console.file
    assert isinstance(file, StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def _tables(drawn: list[Panel], width: int) -> list[object]:
    """All in the first form in which all fit: as they are, turned, with short texts, or a word."""
    for text in (cell_text, short_text):
        for forms in (drawn, [panel.turned() for panel in drawn]):
            if all(_width(form, text) <= width for form in forms):
                return [_table(form, text) for form in forms]
    count = len(drawn[0].column_values)
    return [f"{count} columns do not fit here: see --output and --plot"]


def _width(panel: Panel, text: _Text) -> int:
    """The columns of the terminal that the table takes: two blanks between each two texts."""
    sides = zip(panel.column_values, zip(*panel.cells, strict=True), strict=True)
    columns = sum(max(len(str(v)), *(len(text(c)) for c in cells)) + 2 for v, cells in sides)
    return len(_head(panel)) + 4 + columns


def _head(panel: Panel) -> str:
    label = panel.columns.label
    return f"{panel.rows.label} \\ {label}" if panel.rows else label


def _table(panel: Panel, text: _Text) -> object:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=panel.title or None, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column(_head(panel), justify="right")
    for value in panel.column_values:
        table.add_column(str(value), justify="right")
    for value, cells in zip(panel.row_values, panel.cells, strict=True):
        table.add_row(str(value), *(Text(text(cell), style=_style(cell)) for cell in cells))
    return table


def _style(cell: CellResult | None) -> str:
    if cell is None:
        return "dim"
    if cell.is_safe:
        return "green"
    return "yellow" if cell.intact else "red"
