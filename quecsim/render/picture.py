"""The receive ring as a picture: how it fills while the flash works, and where bytes are lost."""

from collections.abc import Iterable, Sequence

from quecsim.trace.event import Event, FlashBusy, HostBytes, HostHeld, Power, RingLevel, Stalled
from quecsim.units import MS

Point = tuple[int, int]
_Breaks = FlashBusy | Stalled | HostBytes
_CHART_ROWS = 4  # title, frame and axis take at least so many


def ring_series(events: Iterable[Event], begin_ns: int, end_ns: int) -> list[Point]:
    """(time, bytes in the ring) from `begin_ns` to `end_ns`: the corners of a line.

    The ring fills at line speed from when the device gets busy, or the host goes on, to the level
    of the next `RingLevel`; it empties at once. A loss keeps it full until it is drained. A device
    that goes off, starts or falls asleep has an empty ring, which the record does not say.
    """
    line = _Line()
    for event in sorted(events, key=lambda event: event.at_ns):
        if isinstance(event, RingLevel):
            line.go_to(event.at_ns, event.level)
            if event.at_ns > end_ns:  # the slope that leads out of the window
                break
        elif isinstance(event, Power) and event.state != "on" and line.level:
            line.go_to(event.at_ns, 0)
        elif isinstance(event, _Breaks) or (isinstance(event, HostHeld) and not event.held):
            line.filling_from_ns = event.at_ns
    return cut(line.points, begin_ns, end_ns)


class _Line:
    """Corners so far. `filling_from_ns` is the last moment at which the ring can have begun to
    fill anew.
    """

    def __init__(self) -> None:
        self.points: list[Point] = [(0, 0)]
        self.filling_from_ns = 0

    @property
    def level(self) -> int:
        """What the ring holds now."""
        return self.points[-1][1]

    def go_to(self, at_ns: int, level: int) -> None:
        """The ring holds `level` bytes at `at_ns`."""
        before_ns, before = self.points[-1]
        corner_ns = max(before_ns, self.filling_from_ns) if level > before else at_ns
        for point in ((corner_ns, before), (at_ns, level)):
            if point != self.points[-1]:
                self.points.append(point)


def cut(points: Sequence[Point], begin_ns: int, end_ns: int) -> list[Point]:
    """The part of the line from `begin_ns` to `end_ns`, both ends included."""
    inside = [point for point in points if begin_ns < point[0] < end_ns]
    return [(begin_ns, _level_at(points, begin_ns)), *inside, (end_ns, _level_at(points, end_ns))]


def _level_at(points: Sequence[Point], at_ns: int) -> int:
    """On the line, at `at_ns`; behind its last corner it stays there."""
    before = points[0]
    for point in points:
        if point[0] > at_ns:
            span_ns = point[0] - before[0]
            return before[1] + (point[1] - before[1]) * (at_ns - before[0]) // span_ns
        before = point
    return before[1]


def ring_chart(
    series: Sequence[Point],
    capacity: int,
    width: int = 76,
    height: int = 14,
    title: str = "",
    colour: bool = False,
) -> str:
    """The line as a chart of text, time in milliseconds. A rule marks `capacity`, the ring's size.

    It is `width` columns by `height` rows, whatever the terminal has. Without `colour` there is no
    control code in it.
    """
    import plotext

    origin_ns, ticks = series[0][0], [0, capacity // 2, capacity]
    figure = plotext.figure
    figure.clear.all()
    plotext.terminal.limit(False, False)  # the size is the caller's to choose
    figure.theme("simple" if colour else "colorless")
    figure.plot_size(width, max(height, _CHART_ROWS))
    figure.title(title or None)
    figure.label("ms", "x")
    figure.ruler("y").lim(0, capacity * 11 // 10).ticks(ticks, [str(level) for level in ticks])
    line = figure.signal(
        [(at_ns - origin_ns) / MS for at_ns, _ in series],
        [min(level, capacity) for _, level in series],
        marker="braille",
    )
    figure.draw(line.lines(True))
    figure.line(capacity, 0, pixel=plotext.pixel(foreground="red"))
    text: str = figure.build().string(colorless=not colour)
    return text.rstrip("\n")
