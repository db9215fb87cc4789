"""The receive ring in a picture: its level under its marks, and what it lost above the rim."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from quecsim.render.files.figure_axis import TimeAxis
from quecsim.render.files.shares import envelope, sums
from quecsim.render.layout import counted
from quecsim.render.picture import cut
from quecsim.render.timeline import Timeline
from quecsim.trace.event import Lost

LEVEL, LOSS, INK, PALE = "#2a6f97", "#a4161a", "#1f2933", "#6b7785"
_MOST_CORNERS, _COLUMNS, _BARS = 600, 1000, 120
_MOST_LABELS = 14
_NARROWEST_INCHES = 0.05
_LABEL_INCHES, _LABEL_HIGH_INCHES = 0.42, 0.17


def draw_ring(axes: Axes, made: Timeline, axis: TimeAxis, inches: float, *, has_flow: bool) -> None:
    """The level as a line in axes that are `inches` high, and what the ring holds. With too many
    corners for that it is the least and the most of each moment.
    """
    line = cut(made.ring, axis.begin_ns, axis.end_ns)
    if is_dense_ring(made, axis):
        levels = envelope(line, _COLUMNS)
        edges = axis.edges(_COLUMNS)
        low = [float(least) for least, _ in levels]
        high = [float(most) for _, most in levels]
        axes.stairs(high, edges, baseline=low, fill=True, color=LEVEL, linewidth=0)
        axes.stairs(low, edges, fill=True, color=LEVEL, alpha=0.25, linewidth=0)
    else:
        at, levels_at = [axis.at(at_ns) for at_ns, _ in line], [level for _, level in line]
        axes.fill_between(at, levels_at, color=LEVEL, alpha=0.25, linewidth=0)
        axes.plot(at, levels_at, color=LEVEL, linewidth=1.3, solid_joinstyle="round")
    axes.set_ylim(0, max(1, made.ring_bytes))
    axes.set_yticks([])
    name_row(axes, "receive ring")
    _marks(axes, made, inches, has_flow=has_flow)


def is_dense_ring(made: Timeline, axis: TimeAxis) -> bool:
    """It has too many corners to be told apart."""
    inside = (at_ns for at_ns, _ in made.ring if axis.begin_ns <= at_ns <= axis.end_ns)
    return sum(1 for _ in inside) > _MOST_CORNERS


def name_row(axes: Axes, name: str) -> None:
    """Its name at the left."""
    axes.set_ylabel(name, rotation=0, ha="right", va="center")


def _marks(axes: Axes, made: Timeline, inches: float, *, has_flow: bool) -> None:
    axes.axhline(made.ring_bytes, color=INK, linewidth=1.6)
    marks = [(made.ring_bytes, f"{made.ring_bytes} bytes: full"), (0, "0: empty")]
    told = "" if has_flow else ", not used"
    for level, word in ((made.rts_off_bytes, "off"), (made.rts_on_bytes, "on")):
        if level is not None and 0 < level < made.ring_bytes:
            axes.axhline(level, color=PALE, linewidth=0.9, linestyle=(0, (4, 3)))
            marks.append((level, f"{level}: RTS {word}{told}"))
    least = made.ring_bytes * _LABEL_HIGH_INCHES / inches
    below = float("inf")
    for level, text in sorted(marks, reverse=True):
        at = min(float(level), below - least)
        below = at
        axes.text(1.008, at, text, transform=axes.get_yaxis_transform(), va="center", color=INK)


def draw_losses(axes: Axes, found: Sequence[Lost], axis: TimeAxis) -> None:
    """Bars of lost bytes, which stand on the rim of the ring; each loss with its bytes where there
    are few, otherwise how many in each moment; and in words how many there are.
    """
    seen = [loss for loss in found if axis.shows(loss.at_ns, loss.last_ns)]
    total = sum(loss.count for loss in seen)
    if len(seen) <= _MOST_LABELS:
        _single_bars(axes, seen, axis)
    else:
        _summed_bars(axes, seen, axis)
    places = f" in {len(seen)} places" if len(seen) > 1 else ""
    axes.text(
        1.008, 0.42, f"LOST: {counted(total, 'byte')}\n{places.strip()}".strip(),
        transform=axes.transAxes, va="center", color=LOSS, fontweight="bold",
    )  # fmt: skip
    axes.set_yticks([])
    name_row(axes, "lost bytes")


def _single_bars(axes: Axes, seen: Sequence[Lost], axis: TimeAxis) -> None:
    narrowest_ns = int(axis.span_ns * _NARROWEST_INCHES / axis.inches)
    free_at = float("-inf")
    for loss in seen:
        begin_ns, end_ns = max(loss.at_ns, axis.begin_ns), min(loss.last_ns, axis.end_ns)
        width_ns, middle_ns = max(narrowest_ns, end_ns - begin_ns), (begin_ns + end_ns) // 2
        left, right = axis.at(middle_ns - width_ns // 2), axis.at(middle_ns + width_ns // 2)
        axes.bar(left, loss.count, right - left, align="edge", **_BAR)
        at_inches = axis.inches_of(middle_ns - axis.begin_ns)
        if at_inches > free_at:
            axes.annotate(
                str(loss.count), (axis.at(middle_ns), loss.count), (0, 2),
                textcoords="offset points", ha="center", va="bottom", color=LOSS,
            )  # fmt: skip
            free_at = at_inches + _LABEL_INCHES
    axes.set_ylim(0, 1.45 * max((loss.count for loss in seen), default=1))


def _summed_bars(axes: Axes, seen: Sequence[Lost], axis: TimeAxis) -> None:
    lost = [(loss.at_ns, loss.last_ns, loss.count) for loss in seen]
    heights = sums(lost, axis.begin_ns, axis.end_ns, _BARS)
    edges = axis.edges(_BARS)
    width = edges[1] - edges[0]
    axes.bar(edges[:-1], heights, width, align="edge", **_BAR)
    axes.set_ylim(0, 1.1 * max(heights))


_BAR: dict[str, Any] = {
    "facecolor": "#f4c7c3",
    "edgecolor": LOSS,
    "hatch": "xxxx",
    "linewidth": 0.8,
}
