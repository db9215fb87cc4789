"""The picture of a run for a document or a mail: the ring, every loss, and the lanes under it.

It needs no colour to be read, is drawn on white, and takes its letters from matplotlib's own font:
the same record gives the same bytes.
"""

from collections.abc import Sequence
from typing import Any, BinaryIO

import matplotlib
from matplotlib.figure import Figure

from quecsim.render.files.figure_ring import INK, PALE
from quecsim.render.files.figure_text import FONT, drawable
from quecsim.render.files.figure_view import WIDE, View, draw_view
from quecsim.render.files.words import (
    around_title,
    headline,
    in_lines,
    origin_line,
    told_below,
    window_title,
)
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import Timeline, timeline
from quecsim.render.timeline.losses import around, around_peak, losses
from quecsim.trace.event import Lost

_CLOSE = 4  # a part of the run that is so many times shorter is worth a look of its own
_DPI = 150
_MARGIN, _FOOT, _TITLE_LINE, _LINE, _BEHIND_TITLE = 0.2, 0.55, 0.25, 0.19, 0.06  # inches
_TITLE_COLUMNS, _COLUMNS, _MOST_LINES = 104, 158, 2
_KEY = (
    "Where a lane has too many bars to be told apart, their height is the part of the time that"
    " they fill; a dark ring went up and down in between."
)
_LOOK: dict[Any, Any] = {
    "font.family": FONT,
    "font.size": 8.5,
    "axes.edgecolor": PALE,
    "axes.linewidth": 0.8,
    "axes.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "quecsim",
    "svg.fonttype": "path",
}


def write_svg(recorded: Recorded, stream: BinaryIO) -> None:
    """As SVG, its letters as paths."""
    _write(recorded, stream, "svg", {"Creator": "quecsim", "Date": None})


def write_png(recorded: Recorded, stream: BinaryIO) -> None:
    """As PNG, 1800 dots wide."""
    _write(recorded, stream, "png", {"Software": "quecsim"})


def _write(
    recorded: Recorded, stream: BinaryIO, kind: str, metadata: dict[str, str | None]
) -> None:
    found = losses(recorded.events)
    metadata |= {"Title": drawable(headline(recorded))}
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # and not what somebody has set for their own pictures
        matplotlib.rcParams.update(_LOOK)
        figure = _figure(recorded, timeline(recorded), found)
        figure.savefig(stream, format=kind, dpi=_DPI, metadata=metadata)


def _figure(recorded: Recorded, made: Timeline, found: Sequence[Lost]) -> Figure:
    title = in_lines(drawable(headline(recorded)), columns=_TITLE_COLUMNS, most=_MOST_LINES)
    told = [drawable(line) for line in told_below(recorded, found)]
    below = in_lines(*told, columns=_COLUMNS, most=_MOST_LINES)
    head = _MARGIN + _TITLE_LINE * len(title) + _BEHIND_TITLE + _LINE * len(below)
    views = _views(recorded, made, found)
    high = head + sum(view.inches for view in views) + _FOOT
    figure = Figure(figsize=(WIDE, high), facecolor="white")
    left = _MARGIN / WIDE
    for number, line in enumerate(title):
        at = high - _MARGIN - _TITLE_LINE * number
        figure.text(left, at / high, line, fontsize=12.5, fontweight="bold", va="top")
    for number, line in enumerate(below):
        at = high - head + _LINE * (len(below) - number)
        figure.text(left, at / high, line, fontsize=9.5, va="top")
    at = high - head
    has_flow = len(made.signal("rts").states) > 1
    for view in views:
        draw_view(figure, view, made, at, has_flow=has_flow)
        at -= view.inches
    if any(view.is_dense(made) for view in views):
        figure.text(left, 0.34 / high, _KEY, va="center")
    figure.text(left, 0.16 / high, drawable(origin_line(recorded)), color=PALE, va="center")
    return figure


def _views(recorded: Recorded, made: Timeline, found: Sequence[Lost]) -> list[View]:
    """The window that is wanted; or the whole run, and what is most telling of it from near."""
    if recorded.window is not None:
        return [View.of(window_title(*recorded.window), recorded.window, made, found)]
    whole = made.begin_ns, made.end_ns
    views = [View.of("The whole run", whole, made, found)]
    if not found and not any(level for _, level in made.ring):
        return views
    near = around(made, found[0]) if found else around_peak(made)
    if (near[1] - near[0]) * _CLOSE < whole[1] - whole[0]:
        views.append(View.of(around_title(found), near, made, found))
    return views
