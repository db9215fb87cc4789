"""The lanes of a picture: what went on at the same time, each kind with a shape of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from quecsim.render.files.figure_axis import TimeAxis
from quecsim.render.files.figure_ring import INK, LOSS, PALE
from quecsim.render.files.figure_text import drawable, fitting
from quecsim.render.files.shares import shares
from quecsim.render.timeline import Lane, Span, Timeline

LANE_INCHES = 0.25
_HALF = 0.36  # of a lane's height, above and below its middle
_MOST_SINGLE = 160
_COLUMNS = 300
_LEAST_SHARE = 0.18
_NARROWEST_INCHES = 0.012
_TEXT_SIZE = 7.0
_TEXT_MARGIN = 0.08  # inches, on both sides together


@dataclass(frozen=True, slots=True)
class Style:
    """How the spans of a lane are drawn. `has_text`: what they say stands in them."""

    face: str
    edge: str = INK
    hatch: str = ""
    has_text: bool = False


STYLES = {
    "writes": Style("#52606d"),
    "line": Style("#a9c5d8", "#5b8ba8"),
    "line-back": Style("#dbe9f1", "#5b8ba8", "--"),
    "held": Style("#f7d9a8", "#9a5b00", "\\\\\\\\"),
    "commands": Style("#ffffff", PALE, has_text=True),
    "data": Style("#dcefd9", "#3f7d3a", has_text=True),
    "flash": Style("#c9ccd1", "#3d4752", "/////"),
    "acks": Style("#3f7d3a"),
    "urcs": Style("#6a4c93"),
    "network": Style("#e3d9f0", "#6a4c93", has_text=True),
    "faults": Style("#f4c7c3", LOSS, has_text=True),
    "eaten": Style("#f0e3c0", "#7a6420", "++"),
}


def lanes_of(made: Timeline, axis: TimeAxis) -> list[Lane]:
    """Those with something in the window; what is lost stands above them, by the ring."""
    seen = []
    for lane in made.lanes:
        spans = tuple(span for span in lane.spans if axis.shows(span.begin_ns, span.end_ns))
        if spans and lane.key != "lost":
            seen.append(Lane(lane.key, lane.title, spans))
    return seen


def is_dense(lane: Lane) -> bool:
    """It has too many spans to be told apart."""
    return len(lane.spans) > _MOST_SINGLE


def draw_lanes(axes: Axes, lanes: Sequence[Lane], axis: TimeAxis) -> None:
    """A row for each, the first at the top."""
    for row, lane in enumerate(lanes):
        style = STYLES.get(lane.key, Style("#dddddd"))
        draw = _shares if is_dense(lane) else _spans
        draw(axes, lane.spans, row, style, axis)
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    axes.set_yticks(range(len(lanes)), [lane.title for lane in lanes])
    axes.tick_params(axis="y", length=0)
    for row in range(1, len(lanes)):
        axes.axhline(row - 0.5, color="#e4e7eb", linewidth=0.6, zorder=0)


def _spans(axes: Axes, spans: Sequence[Span], row: int, style: Style, axis: TimeAxis) -> None:
    narrowest_ns = int(axis.span_ns * _NARROWEST_INCHES / axis.inches)
    bars = []
    for span in spans:
        begin_ns, end_ns = max(span.begin_ns, axis.begin_ns), min(span.end_ns, axis.end_ns)
        left, right = axis.at(begin_ns), axis.at(max(end_ns, begin_ns + narrowest_ns))
        bars.append((left, right - left))
    axes.broken_barh(
        bars, (row - _HALF, 2 * _HALF),
        facecolor=style.face, edgecolor=style.edge, hatch=style.hatch, linewidth=0.5,
    )  # fmt: skip
    if style.has_text:
        _texts(axes, spans, row, axis)


def _texts(axes: Axes, spans: Sequence[Span], row: int, axis: TimeAxis) -> None:
    """What each says, from its beginning to the next one, which it may run over its end for."""
    ends = [span.begin_ns for span in spans[1:]] + [axis.end_ns]
    for span, until_ns in zip(spans, ends, strict=True):
        begin_ns = max(span.begin_ns, axis.begin_ns)
        room = axis.inches_of(until_ns - begin_ns) - _TEXT_MARGIN
        text = fitting(drawable(span.text), room, _TEXT_SIZE)
        axes.annotate(
            text, (axis.at(begin_ns), row), (3, 0),
            textcoords="offset points", va="center_baseline", fontsize=_TEXT_SIZE, color=INK,
        )  # fmt: skip


def _shares(axes: Axes, spans: Sequence[Span], row: int, style: Style, axis: TimeAxis) -> None:
    """Too many to be told apart: the height says how much of each moment they fill; of what takes
    no time, that there was some.
    """
    is_momentary = all(span.begin_ns == span.end_ns for span in spans)
    found = shares(
        ((span.begin_ns, span.end_ns) for span in spans),
        axis.begin_ns, axis.end_ns, _COLUMNS, 1.0 if is_momentary else _LEAST_SHARE,
    )  # fmt: skip
    tops = [row + _HALF - 2 * _HALF * share for share in found]
    axes.stairs(
        tops, axis.edges(_COLUMNS), baseline=row + _HALF, fill=True,
        facecolor=style.face, edgecolor=style.edge, hatch=style.hatch, linewidth=0.5,
    )  # fmt: skip
