"""Events in, lines out: which event is told by whom, and which are not."""

from collections import deque
from collections.abc import Iterable
from typing import Any

from quecsim.render.dialogue import ble, losses, others, outside, talk
from quecsim.render.dialogue.line import Line
from quecsim.render.dialogue.scene import Scene, Tellers, Told
from quecsim.trace import event as of
from quecsim.trace.event import Event

LEFT_OUT: dict[type[Any], str] = {
    of.PayloadDigest: "nothing has happened",
    of.Urc: "Sent has told it, marked (URC) where no command runs",
    of.LinkCredit: "room for more, after each piece that has come",
    of.LinkTaken: "NewsCame has told it",
}
"""Events that have no line, and why. Others have none in some cases, as their functions say."""

TELL: Tellers = talk.TELL | losses.TELL | outside.TELL | ble.TELL | others.TELL


_AHEAD = of.Stored
"""Is on record as soon as the flash begins, with the time when it will be done."""

_MOST_HELD = 64


class Dialogue:
    """Feed it the events of a run, in order; `number` is that of the first one in the record.

    The times of its lines never go back: what becomes known late has the time when it does, and
    what is on record ahead of its time waits for an event of that time, or for `end`.
    """

    def __init__(self, number: int = 0) -> None:
        self._scene = Scene()
        self._now_ns = 0
        self._held: deque[Line] = deque()
        self.next_number = number

    def feed(self, events: Iterable[Event]) -> list[Line]:
        """The lines of these events."""
        lines: list[Line] = []
        for event in events:
            tell = TELL.get(type(event))
            told = list(tell(self._scene, event)) if tell is not None else []
            known_ns = max((one.at_ns or 0 for one in told), default=0) or event.at_ns
            if type(event) is _AHEAD and known_ns > self._now_ns:
                at_ns = max(known_ns, self._held[-1].at_ns if self._held else 0)
                self._held += [self._line(one, event, at_ns) for one in told]
            else:
                self._now_ns = max(self._now_ns, known_ns)
                lines += self._due(self._now_ns)
                lines += (self._line(one, event, self._now_ns) for one in told)
            self.next_number += 1
            while len(self._held) > _MOST_HELD:
                lines += self._due(self._held[0].at_ns)
        return lines

    def skip(self, count: int) -> None:
        """So many events of the record are not known."""
        self.next_number += count

    def end(self) -> list[Line]:
        """What still waits for its time."""
        return self._due(max((line.at_ns for line in self._held), default=0))

    def _due(self, now_ns: int) -> list[Line]:
        """What has waited for a time up to `now_ns`."""
        due: list[Line] = []
        while self._held and self._held[0].at_ns <= now_ns:
            line = self._held.popleft()
            self._now_ns = max(self._now_ns, line.at_ns)
            due.append(line)
        return due

    def _line(self, told: Told, event: Event, at_ns: int) -> Line:
        return Line(
            at_ns, told.group, told.way, told.text, told.is_loud, self.next_number,
            type(event).__name__, told.offset,
        )  # fmt: skip
