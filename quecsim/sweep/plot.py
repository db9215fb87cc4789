"""The sweep as a picture (PNG or SVG): every cell has its text, unsafe ones are hatched too."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.sweep.grid import Grid
from quecsim.sweep.panels import Panel, cell_text, legend, panels
from quecsim.sweep.pool import need
from quecsim.sweep.work import CellResult

ENDINGS = (".png", ".svg", ".pdf")
MOST_PANELS = 12
_COLUMNS = 3
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}  # legible on any shade and hatch
_CELL_INCHES, _LEAST_INCHES = 0.62, 3.2


def check_plot(place: Path, grid: Grid) -> None:
    """Raises QuecsimError early: an ending we do not draw, no such folder, too many panels, no
    matplotlib.
    """
    if place.suffix not in ENDINGS:
        hint = "end the name in .png or .svg"
        raise QuecsimError(f"--plot {place.name}: which format?", hint=hint)
    if not place.absolute().parent.is_dir():
        raise QuecsimError(f"there is no folder {place.absolute().parent}", hint="make it first")
    count = len(panels(grid, ()))
    if count > MOST_PANELS:
        hint = "give one value for some of the axes that are neither chunk nor gap"
        raise QuecsimError(f"{count} heat maps are too many for a picture", hint=hint)
    need("matplotlib", "sweep", "--plot")


def draw(place: Path, grid: Grid, results: Sequence[CellResult], title: str) -> None:
    """Write the picture. Raises QuecsimError where that cannot be."""
    plots = need("matplotlib", "sweep", "--plot")
    # In an SVG text stays text, and nothing is drawn by lot: the same sweep gives the same file.
    with plots.rc_context({"svg.hashsalt": "quecsim", "svg.fonttype": "none"}):
        try:
            _draw(place, grid, results, title)
        except OSError as error:
            raise QuecsimError(
                f"cannot write {place}: {error.strerror}", hint="name another file with --plot"
            ) from None


def _draw(place: Path, grid: Grid, results: Sequence[CellResult], title: str) -> None:
    figures = need("matplotlib.figure", "sweep", "--plot")
    drawn = panels(grid, results)
    across = min(len(drawn), _COLUMNS)
    down = -(-len(drawn) // across)
    wide = max(_LEAST_INCHES, 1.6 + _CELL_INCHES * len(drawn[0].column_values))
    high = max(_LEAST_INCHES - 1, 1.6 + 0.5 * len(drawn[0].row_values))
    size = (max(6.0, across * wide), 0.9 + down * high)
    figure = figures.Figure(figsize=size, layout="constrained")
    worst = max((result.lost_bytes for result in results), default=0)
    axes = figure.subplots(down, across, squeeze=False).flatten()
    for place_, panel in zip(axes, drawn, strict=False):
        _draw_panel(place_, panel, max(worst, 1))
    for empty in axes[len(drawn) :]:
        empty.set_axis_off()
    figure.suptitle(title, fontsize=10)
    figure.supxlabel(f"{legend(grid)}   hatched: not safe", fontsize=8)
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(place.suffix)
    figure.savefig(place, dpi=150, metadata=metadata)


def _draw_panel(axes: Any, panel: Panel, worst: int) -> None:
    """Darker is more bytes lost; the text says it in numbers."""
    shades = [[_shade(cell, worst) for cell in row] for row in panel.cells]
    axes.imshow(shades, cmap="cividis_r", vmin=0, vmax=1, aspect="auto")
    for y, row in enumerate(panel.cells):
        for x, cell in enumerate(row):
            axes.text(x, y, cell_text(cell), ha="center", va="center", fontsize=7, bbox=_PAPER)
            if cell is not None and not cell.is_safe:
                axes.fill([x - 0.5, x + 0.5, x + 0.5, x - 0.5],
                          [y - 0.5, y - 0.5, y + 0.5, y + 0.5],
                          fill=False, hatch="//", edgecolor="0.6", linewidth=0)  # fmt: skip
    axes.set_xticks(range(len(panel.column_values)), map(str, panel.column_values), fontsize=7)
    axes.set_yticks(range(len(panel.row_values)), map(str, panel.row_values), fontsize=7)
    axes.set_xlabel(panel.columns.label, fontsize=8)
    axes.set_ylabel(panel.rows.label if panel.rows else "", fontsize=8)
    if panel.title:
        axes.set_title(panel.title, fontsize=9)


def _shade(cell: CellResult | None, worst: int) -> float:
    """0 for safe; else from 0.25 up, by the bytes lost."""
    if cell is None or cell.is_safe:
        return 0.0
    return 0.25 + 0.75 * cell.lost_bytes / worst
