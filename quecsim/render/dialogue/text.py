"""The dialogue as rows of text: what a reader has chosen, as he wants to see it."""

from collections.abc import Collection, Iterable, Iterator

from quecsim.render.dialogue.columns import Clock, Times, line_text
from quecsim.render.dialogue.dialogue import Dialogue
from quecsim.render.dialogue.line import Group, Line, Way
from quecsim.trace.event import Event


class DialogueText:
    """Feed it the events of a run; it gives rows, without line ends.

    `only` are the groups to show, all where it is empty. `width` is that of the terminal, which may
    change, None where a line is never wrapped. The events before number `since` are only looked at.
    """

    def __init__(
        self,
        only: Collection[Group] = (),
        times: Times = Times.RUN,
        *,
        colour: bool = False,
        width: int | None = None,
        since: int = 0,
        number: int = 0,
    ) -> None:
        self._dialogue = Dialogue(number)
        self._only = frozenset(only or Group)
        self._clock = Clock(times)
        self._colour = colour
        self._since = since
        self._last_ns = 0
        self.width = width

    def feed(self, events: Iterable[Event]) -> list[str]:
        """The rows of these events. Raises QuecsimError as `Clock` does."""
        events = list(events)
        self._clock.feed(events)
        return list(self._rows(self._dialogue.feed(events)))

    def skip(self, count: int) -> None:
        """So many events of the record are not known."""
        self._dialogue.skip(count)

    def end(self) -> list[str]:
        """The rows of what was still open."""
        return list(self._rows(self._dialogue.end()))

    def note(self, text: str) -> str:
        """A loud row of the reader's own program, at the time of the row before."""
        line = Line(self._last_ns, Group.RUN, Way.LOSS, text, True, -1, "")
        return self._row(line)

    def _rows(self, lines: Iterable[Line]) -> Iterator[str]:
        for line in lines:
            if line.group in self._only and line.event >= self._since:
                self._last_ns = line.at_ns
                yield self._row(line)

    def _row(self, line: Line) -> str:
        return line_text(line, self._clock.text(line), colour=self._colour, width=self.width)
