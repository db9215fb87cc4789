"""One window of a run in a picture: the losses on the rim of the ring, the ring, and its lanes."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quecsim.render.files.figure_axis import TimeAxis
from quecsim.render.files.figure_lanes import LANE_INCHES, draw_lanes, is_dense, lanes_of
from quecsim.render.files.figure_ring import draw_losses, draw_ring, is_dense_ring
from quecsim.render.picture import cut
from quecsim.render.timeline import Lane, Timeline
from quecsim.trace.event import Lost

WIDE = 12.0
"""The picture's width in inches."""

_LEFT, _RIGHT = 1.55, 1.75
_STRIP, _RING, _EMPTY_RING, _HEAD, _AXIS = 0.55, 1.7, 0.7, 0.45, 0.5


@dataclass(frozen=True, slots=True)
class View:
    """A window of the run, and what is to be seen in it."""

    title: str
    axis: TimeAxis
    lanes: Sequence[Lane]
    found: Sequence[Lost]
    ring_inches: float

    @classmethod
    def of(
        cls, title: str, window: tuple[int, int], made: Timeline, found: Sequence[Lost]
    ) -> "View":
        """The window from one time to another, in nanoseconds."""
        axis = TimeAxis(*window, inches=WIDE - _LEFT - _RIGHT)
        seen = [loss for loss in found if axis.shows(loss.at_ns, loss.last_ns)]
        is_empty = not any(level for _, level in cut(made.ring, *window))
        ring_inches = _EMPTY_RING if is_empty and not seen else _RING
        return cls(title, axis, lanes_of(made, axis), seen, ring_inches)

    def is_dense(self, made: Timeline) -> bool:
        """There is more in it than can be drawn one by one."""
        return is_dense_ring(made, self.axis) or any(map(is_dense, self.lanes))

    @property
    def inches(self) -> float:
        """How high it is."""
        strip = _STRIP if self.found else 0
        return _HEAD + strip + self.ring_inches + LANE_INCHES * len(self.lanes) + _AXIS


def draw_view(figure: Figure, view: View, made: Timeline, top: float, *, has_flow: bool) -> None:
    """Draw it from `top` inches above the figure's bottom on down. `has_flow`: the device has made
    use of its RTS.
    """
    wide, high = figure.get_size_inches()

    def axes_of(inches: float) -> Axes:
        nonlocal top
        top -= inches
        width = (wide - _LEFT - _RIGHT) / wide
        return figure.add_axes((_LEFT / wide, top / high, width, inches / high))

    top -= _HEAD
    figure.text(_LEFT / wide, (top + 0.12) / high, view.title, fontsize=10, fontweight="bold")
    if view.found:
        strip = axes_of(_STRIP)
        draw_losses(strip, view.found, view.axis)
        strip.spines[["left", "right", "top"]].set_visible(False)
        view.axis.mark(strip, is_lowest=False)
    ring = axes_of(view.ring_inches)
    draw_ring(ring, made, view.axis, view.ring_inches, has_flow=has_flow)
    view.axis.mark(ring, is_lowest=not view.lanes)
    if view.lanes:
        lanes = axes_of(LANE_INCHES * len(view.lanes))
        draw_lanes(lanes, view.lanes, view.axis)
        view.axis.mark(lanes, is_lowest=True)
