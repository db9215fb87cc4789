"""The skeleton of the timeline, by Bokeh: axes, lanes and tools. The page's script fills it with
what is in sight (`assets/timeline.js`), and swaps the light colours for the dark ones.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bokeh.embed import json_item
from bokeh.layouts import column
from bokeh.models import (
    BasicTickFormatter,
    ColumnDataSource,
    FixedTicker,
    PanTool,
    Range1d,
    RangeTool,
    WheelZoomTool,
)
from bokeh.models.annotations import BoxAnnotation, Span
from bokeh.plotting import figure

from quecsim.render.page.lanes import WIRE, PageLane
from quecsim.render.page.palette import HATCHES, PALETTE
from quecsim.render.timeline import Timeline
from quecsim.units import S

_LEFT = 112
_RIGHT = 14
_LANE_HEIGHT = 24
_RING_HEIGHT = 190
_OVERVIEW_HEIGHT = 52
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
_HALF = 0.32  # of a lane's height, above and below its middle


def timeline_item(made: Timeline, lanes: Sequence[PageLane], view: tuple[int, int]) -> Any:
    """What BokehJS makes the timeline from; it begins with the times of `view` in sight."""
    end_s = max((made.end_ns - made.begin_ns) / S, 1e-6)
    first, last = ((at_ns - made.begin_ns) / S for at_ns in view)
    shown = Range1d(start=first, end=max(last, first + 1e-6), min_interval=2e-6, name="view")
    plots = [
        _overview(shown, end_s),
        _ring(made, shown),
        _lanes(lanes, shown),
    ]
    item = json_item(column(*plots, sizing_mode="stretch_width"), theme=None)
    return renumbered(item)


def _colour(name: str) -> str:
    return PALETTE[name].light


def _range(start: float, end: float) -> Range1d:
    return Range1d(start=start, end=end)


def _plot(height: int, x_range: Range1d, y_range: Range1d, name: str) -> figure:
    plot = figure(
        height=height,
        x_range=x_range,
        y_range=y_range,
        name=name,
        sizing_mode="stretch_width",
        toolbar_location=None,
        tools="",
        min_border_left=_LEFT,
        min_border_right=_RIGHT,
        min_border_top=4,
        min_border_bottom=2,
        background_fill_color=_colour("surface"),
        border_fill_color=_colour("surface"),
        outline_line_color=_colour("edge"),
    )
    for axis in plot.axis:
        axis.axis_line_color = axis.major_tick_line_color = _colour("edge")
        axis.minor_tick_line_color = None
        axis.major_label_text_color = _colour("soft")
        axis.major_label_text_font = _FONT
        axis.major_label_text_font_size = "12px"
        axis.major_tick_in, axis.major_tick_out = 0, 4
    plot.grid.grid_line_color = _colour("grid")
    return plot


def _move(plot: figure) -> None:
    """Drag to move; the wheel zooms once the timeline has the focus (the script sees to it)."""
    pan, wheel = (
        PanTool(dimensions="width"),
        WheelZoomTool(dimensions="width", name=f"{plot.name}-wheel"),
    )
    plot.add_tools(pan, wheel)
    plot.toolbar.active_drag, plot.toolbar.active_scroll = pan, None
    accent = _colour("accent")
    cursor = Span(dimension="height", name=f"{plot.name}-cursor", level="overlay")
    cursor.line_color, cursor.line_width = accent, 1.5
    chosen = BoxAnnotation(left=0, right=0, visible=False, name=f"{plot.name}-selected")
    chosen.level, chosen.line_dash = "underlay", "dashed"
    chosen.fill_color, chosen.fill_alpha, chosen.line_color = accent, 0.12, accent
    plot.add_layout(cursor)
    plot.add_layout(chosen)


def _overview(shown: Range1d, end_s: float) -> figure:
    """The whole run, with a window of what is in sight to be dragged."""
    margin = end_s * 0.005
    plot = _plot(_OVERVIEW_HEIGHT, _range(-margin, end_s + margin), _range(0, 1), "overview")
    plot.yaxis.ticker = FixedTicker(ticks=[0.5])
    plot.yaxis.major_label_overrides = {0.5: "whole run"}
    plot.grid.visible = False
    _boxes(plot, "overview-mode", "mode", 0.25, 0.25)
    _boxes(plot, "overview-lost", "lost", 0.72, 0.22)
    tool = RangeTool(x_range=shown, start_gesture="pan")
    tool.overlay.fill_color = tool.overlay.line_color = _colour("accent")
    tool.overlay.fill_alpha, tool.overlay.line_alpha = 0.15, 0.9
    tool.overlay.line_dash = "solid"
    plot.add_tools(tool)
    plot.xaxis.formatter = BasicTickFormatter(use_scientific=False)
    plot.xaxis.visible = False
    return plot


def _ring(made: Timeline, shown: Range1d) -> figure:
    """The ring's level, between empty and full."""
    full = max(made.ring_bytes, 1)
    plot = _plot(_RING_HEIGHT, shown, _range(-0.05 * full, full * 1.14), "ring")
    source = ColumnDataSource({"x": [], "y": []}, name="ring-line")
    plot.quad(
        left="left", right="right", bottom=0, top=full * 1.14,
        source=ColumnDataSource({"left": [], "right": []}, name="ring-lost"),
        fill_color=_colour("lost-ground"), line_color=_colour("lost"), line_alpha=0.5,
        hatch_pattern="x", hatch_color=_colour("lost"), hatch_alpha=0.35, hatch_scale=8,
        hatch_weight=1,
    )  # fmt: skip
    plot.varea("x", 0, "y", source=source, fill_color=_colour("ring"), fill_alpha=0.18)
    plot.line("x", "y", source=source, line_color=_colour("ring"), line_width=1.8)
    marks = list(_marks(made))
    for level, _ in marks:
        mark = Span(
            location=level, dimension="width", line_color=_colour("rts"), line_dash="dashed"
        )
        if level == full:
            mark.line_color, mark.line_dash, mark.line_width = _colour("lost"), "solid", 1.4
        plot.add_layout(mark)
    plot.yaxis.ticker = FixedTicker(ticks=[0, *(level for level, _ in marks)])
    plot.yaxis.major_label_overrides = dict([(0, "ring: 0 bytes"), *marks])
    plot.ygrid.visible = False
    plot.xaxis.visible = False
    _move(plot)
    return plot


def _marks(made: Timeline) -> Iterator[tuple[float, str]]:
    """Levels that mean something; marks that would lie beyond the ring are none."""
    full = max(made.ring_bytes, 1)
    if made.rts_on_bytes is not None and 0 < made.rts_on_bytes < full:
        yield made.rts_on_bytes, f"RTS on {made.rts_on_bytes}"
    if made.rts_off_bytes is not None and 0 < made.rts_off_bytes < full:
        yield made.rts_off_bytes, f"RTS off {made.rts_off_bytes}"
    yield full, f"full {made.ring_bytes}"


def _lanes(lanes: Sequence[PageLane], shown: Range1d) -> figure:
    """One below the other, the first at the top."""
    count = len(lanes)
    plot = _plot(count * _LANE_HEIGHT + 46, shown, _range(-0.5, count - 0.5), "lanes")
    middles = {lane.key: count - 1 - row for row, lane in enumerate(lanes)}
    for lane in lanes:
        middle = middles[lane.key]
        if lane.kind == WIRE:
            plot.line(
                "x", "y", source=ColumnDataSource({"x": [], "y": []}, name=lane.key),
                line_color=_colour(lane.key), line_width=1.6,
            )  # fmt: skip
        else:
            _boxes(plot, lane.key, lane.key, middle, _HALF)
    plot.yaxis.ticker = FixedTicker(ticks=list(middles.values()))
    plot.yaxis.major_label_overrides = {middles[lane.key]: lane.title for lane in lanes}
    plot.xaxis.axis_label = "seconds from the start of the run"
    plot.xaxis.axis_label_text_font = _FONT
    plot.xaxis.axis_label_text_font_size = "12px"
    plot.xaxis.axis_label_text_font_style = "normal"
    plot.xaxis.axis_label_text_color = _colour("soft")
    plot.xaxis.formatter = BasicTickFormatter(use_scientific=False, precision="auto")
    _move(plot)
    return plot


def _boxes(plot: figure, name: str, style: str, middle: float, half: float) -> None:
    """Spans of a lane: boxes, hatched as the lane is; an instant is a stroke."""
    hatch: dict[str, Any] = {}
    if pattern := HATCHES.get(style):
        hatch = {
            "hatch_pattern": pattern,
            "hatch_color": _colour("surface"),
            "hatch_alpha": 0.85,
            "hatch_scale": 6,
            "hatch_weight": 1.2,
        }
    plot.quad(
        left="left", right="right", bottom=middle - half, top=middle + half,
        source=ColumnDataSource({"left": [], "right": []}, name=name),
        fill_color=_colour(style), line_color=_colour(style), line_width=1, **hatch,
    )  # fmt: skip


def renumbered(item: Any) -> Any:
    """The same with the ids of its models counted from 1, in the order in which they come: Bokeh
    counts all that a process has ever made.
    """
    known: dict[str, str] = {}

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: walk(each, name) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [walk(each) for each in value]
        if key in ("id", "root_id") and isinstance(value, str):
            return known.setdefault(value, f"m{len(known) + 1}")
        return value

    return walk(item)
