"""The timeline as a still picture, for paper and where no script runs: plain SVG, which takes its
colours from the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quecsim.render.lanes import telling_window
from quecsim.render.page.lanes import WIRE, PageLane
from quecsim.render.page.levels import Window, merged, outlined, within
from quecsim.render.page.palette import HATCHES
from quecsim.render.page.places import Place
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import Span, Timeline
from quecsim.units import MS, US, S

WIDTH = 960
LEFT, RIGHT, TOP = 116, 14, 20
_RING = 108
_ROW = 20
_BAR = 12
_AXIS = 34
_NARROWEST = 1.2
_TICKS = 8
_LEAST_VIEW_NS = 20 * MS  # around a loss that takes no time


@dataclass(frozen=True, slots=True)
class Bar:
    """Something in a lane, in the picture's units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """A lane: bars, or the `path` of a wire. `hatch` is its pattern's name, if it has one."""

    key: str
    title: str
    middle: float
    bars: list[Bar]
    path: str
    hatch: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the ring that means something."""

    y: float
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`line` is the ring's level, `area` what is below it, `losses` stand behind both."""

    title: str
    text: str
    height: float
    bottom: float
    ring_bottom: float
    line: str
    area: str
    losses: list[Bar]
    levels: list[Level]
    rows: list[Row]
    ticks: list[Tick]


def first_view(recorded: Recorded, made: Timeline, places: Sequence[Place]) -> Window:
    """What is worth seeing first: what was asked for, the ring around the first loss, or the whole
    run.
    """
    whole = made.begin_ns, made.end_ns
    if recorded.window is not None:
        begin_ns, end_ns = recorded.window
        return max(whole[0], begin_ns), min(whole[1], end_ns)
    if not places:
        return whole
    first = next((place for place in places if place.upload is not None), places[0])
    begin_ns, end_ns = first.loss.first_ns, first.loss.last_ns
    if first.upload is not None:
        near = telling_window(recorded.events, first.upload)
        # What tells most is where the ring is fullest; not every loss has to do with the ring.
        if near[0] <= begin_ns and end_ns <= near[1]:
            begin_ns, end_ns = near
    span_ns = max(end_ns - begin_ns, _LEAST_VIEW_NS)
    return max(whole[0], begin_ns - span_ns // 2), min(whole[1], end_ns + span_ns)


def picture(made: Timeline, lanes: Sequence[PageLane], window: Window, title: str) -> Picture:
    """Of the times in `window`."""
    scale = _Scale(*window)
    bottom = TOP + _RING + 10 + len(lanes) * _ROW
    full = max(made.ring_bytes, 1)
    points = outlined(within(made.ring, *window), *window, WIDTH // 2)
    corners = [(scale.x(at_ns), _ring_y(level, full)) for at_ns, level in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    lost = next((lane.spans for lane in lanes if lane.key == "lost"), ())
    return Picture(
        title=title,
        text=_words(lanes, window),
        height=bottom + _AXIS,
        bottom=bottom,
        ring_bottom=TOP + _RING,
        line=line,
        area=f"{LEFT:.1f},{TOP + _RING:.1f} {line} {WIDTH - RIGHT:.1f},{TOP + _RING:.1f}",
        losses=list(scale.bars(lost, TOP, _RING)),
        levels=list(_levels(made, full)),
        rows=[_row(lane, number, scale) for number, lane in enumerate(lanes)],
        ticks=list(_ticks(window, scale, made.begin_ns)),
    )


class _Scale:
    """Times to places."""

    def __init__(self, begin_ns: int, end_ns: int) -> None:
        self.begin_ns, self.end_ns = begin_ns, max(end_ns, begin_ns + 1)
        self.unit_ns = (self.end_ns - begin_ns) / (WIDTH - LEFT - RIGHT)

    def x(self, at_ns: int) -> float:
        """Within the picture."""
        return LEFT + (min(max(at_ns, self.begin_ns), self.end_ns) - self.begin_ns) / self.unit_ns

    def bars(self, spans: Sequence[Span], y: float, height: float) -> Iterator[Bar]:
        """Of what lies in sight; what would lie on one another is one."""
        seen = [s for s in spans if s.end_ns >= self.begin_ns and s.begin_ns <= self.end_ns]
        for span in merged(seen, int(self.unit_ns)):
            left, right = self.x(span.begin_ns), self.x(span.end_ns)
            yield Bar(round(left, 1), y, round(max(_NARROWEST, right - left), 1), height)


def _ring_y(level: int, full: int) -> float:
    return TOP + _RING * (1 - min(level / full, 1.0) / 1.12)


def _levels(made: Timeline, full: int) -> Iterator[Level]:
    yield Level(_ring_y(0, full), "ring: 0 bytes", "empty")
    marks = ((made.rts_on_bytes, "RTS on"), (made.rts_off_bytes, "RTS off"))
    for level, text in marks:
        if level is not None and 0 < level < full:
            yield Level(_ring_y(level, full), f"{text} {level}", "mark")
    yield Level(_ring_y(full, full), f"full {made.ring_bytes}", "full")


def _row(lane: PageLane, number: int, scale: _Scale) -> Row:
    middle = TOP + _RING + 10 + number * _ROW + _ROW / 2
    bars = list(scale.bars(lane.spans, middle - _BAR / 2, _BAR))
    path = ""
    if lane.kind == WIRE:
        path, bars = _wave(bars, middle), []
    return Row(lane.key, lane.title, middle, bars, path, bool(HATCHES.get(lane.key)))


def _wave(offs: Sequence[Bar], middle: float) -> str:
    """A wire that is high but for `offs`."""
    high, low = middle - _BAR / 2, middle + _BAR / 2
    path = f"M{LEFT} {high:.1f}"
    for off in offs:
        path += f"H{off.x}V{low:.1f}H{off.x + off.width:.1f}V{high:.1f}"
    return f"{path}H{WIDTH - RIGHT}"


def _ticks(window: Window, scale: _Scale, begin_ns: int) -> Iterator[Tick]:
    span_ns = scale.end_ns - scale.begin_ns
    step_ns = _step(span_ns)
    first = -(-(window[0] - begin_ns) // step_ns)
    places = next(n for n in range(10) if step_ns * 10**n % S == 0)
    for number in range(first, (scale.end_ns - begin_ns) // step_ns + 1):
        at_ns = number * step_ns
        yield Tick(round(scale.x(begin_ns + at_ns), 1), f"{at_ns / S:.{places}f} s")


def _step(span_ns: int) -> int:
    """A round time, of which a few fit."""
    step_ns = US
    while span_ns // step_ns > _TICKS:
        for factor in (2, 5, 10):
            if span_ns // (step_ns * factor) <= _TICKS:
                return step_ns * factor
        step_ns *= 10
    return step_ns


def _words(lanes: Sequence[PageLane], window: Window) -> str:
    """What somebody hears who does not see it."""
    begin_ns, end_ns = window
    counts = [
        f"{lane.title}: {count}"
        for lane in lanes
        if (count := sum(s.end_ns >= begin_ns and s.begin_ns <= end_ns for s in lane.spans))
    ]
    return f"From {begin_ns / S:.3f} to {end_ns / S:.3f} seconds. {', '.join(counts)}."
