"""A line in columns: time, group, way, text. The first three are always at the same place."""

from collections.abc import Iterable
from enum import StrEnum
from textwrap import wrap

from quecsim.date import is_moment, parse_moment, utc_parts
from quecsim.errors import QuecsimError
from quecsim.render.dialogue.line import Group, Line, Way
from quecsim.trace.event import ClockStopped, Event, Start
from quecsim.units import US, S

_TIME_WIDTH = 15
_GROUP_WIDTH = max(map(len, Group))
_MARGIN = _TIME_WIDTH + _GROUP_WIDTH + 8  # where the text begins
_NARROW, _NARROW_MARGIN = 60, 2
_LEAST_WIDTH = 8
_SECOND_US = S // US
_ZONE_AT = len("2026-06-01T00:00:00")

_LOUD = "1;31"
_COLOURS = {
    Way.TO_DEVICE: "36",
    Way.TO_HOST: "32",
    Way.NETWORK: "35",
    Way.LOSS: "31",
    Way.DEVICE: "",
}


class Times(StrEnum):
    """Which time stands before a line."""

    RUN = "run"  # since the beginning of the run
    DELTA = "delta"  # since the line before
    CLOCK = "clock"  # of the wall, from the date of the record


class Clock:
    """The times of a dialogue, as `times` has them. Feed it the events of the lines, too.

    Raises QuecsimError, when it is asked, for a record that has no date.
    """

    def __init__(self, times: Times = Times.RUN) -> None:
        self.times = times
        self._before_ns = 0
        self._begin_s: int | None = None
        self._scale = 1.0
        self._stopped_ns = 0

    def feed(self, events: Iterable[Event]) -> None:
        """What the wall's clock depends on."""
        if self.times is not Times.CLOCK:
            return
        for event in events:
            if isinstance(event, Start):
                self._begin_s, self._scale = _begin_s(event), _scale_of(event)
            elif isinstance(event, ClockStopped):
                self._stopped_ns += event.real_ns

    def text(self, line: Line) -> str:
        """The time of `line`, without blanks."""
        at_ns, before_ns = line.at_ns, self._before_ns
        self._before_ns = at_ns
        if self.times is Times.DELTA:
            return f"{'-' if at_ns < before_ns else '+'}{seconds(abs(at_ns - before_ns))}"
        if self.times is Times.CLOCK:
            return self._wall(at_ns)
        return seconds(at_ns)

    def _wall(self, at_ns: int) -> str:
        """In the zone of the record."""
        if self._begin_s is None:
            raise QuecsimError(
                "the record has no date, and so no times of the wall's clock",
                hint="it was made in virtual time, or has lost its beginning: take --times run",
            )
        passed_us = round(at_ns / self._scale + self._stopped_ns) // US
        *_, hour, minute, second = utc_parts(self._begin_s + passed_us // _SECOND_US)
        return f"{hour:02}:{minute:02}:{second:02}.{passed_us % _SECOND_US:06}"


def seconds(at_ns: int) -> str:
    """`0.342597`: to the microsecond, and cut, so that nothing seems to be later than it was."""
    return f"{at_ns // S}.{at_ns % S // US:06}"


def line_text(
    line: Line, time: str | None = None, *, colour: bool = False, width: int | None = None
) -> str:
    """`line` as text, without a line end: one line, or wrapped at `width` columns.

    `time` is what `Clock.text` says, or the time of the run. `colour` only repeats what the words
    say; without it there is no control code in the text.
    """
    told = seconds(line.at_ns) if time is None else time
    head = f"{told:>{_TIME_WIDTH}}  {line.group:<{_GROUP_WIDTH}}  {line.way}  "
    rows = [head + line.text] if width is None else _wrapped(head, line.text, width)
    code = "" if not colour else _LOUD if line.is_loud else _COLOURS[line.way]
    if not code:
        return "\n".join(rows)
    return "\n".join(f"\x1b[{code}m{row}\x1b[0m" for row in rows)


def _wrapped(head: str, text: str, width: int) -> list[str]:
    """On a narrow terminal what goes on stands at the left, or nothing would be left of it."""
    margin = " " * (_MARGIN if width >= _NARROW else _NARROW_MARGIN)
    width = max(width, _LEAST_WIDTH)
    if len(head) + len(text) <= width:
        return [head + text]
    if width < _NARROW:
        return wrap(f"{head.strip()} {text}", width, subsequent_indent=margin) or [head]
    return wrap(text, width, initial_indent=head, subsequent_indent=margin,
                break_on_hyphens=False) or [head.rstrip()]  # fmt: skip


def _begin_s(start: Start) -> int | None:
    """The date of the record without its zone, as if that were UTC."""
    local = start.origin.date[:_ZONE_AT]
    return parse_moment(local) if is_moment(local) else None


def _scale_of(start: Start) -> float:
    """Model seconds in one of the wall's."""
    line = start.origin.scenario.get("line")
    scale = line.get("time_scale", 1.0) if isinstance(line, dict) else 1.0
    return float(scale) if isinstance(scale, int | float) and 1e-3 <= scale <= 1e3 else 1.0
