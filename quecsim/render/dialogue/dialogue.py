"""Events in, lines out: which event is told by whom, and which are not."""

from collections.abc import Iterable
from typing import Any

from quecsim.render.dialogue import losses, others, outside, talk
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

TELL: Tellers = talk.TELL | losses.TELL | outside.TELL | others.TELL


class Dialogue:
    """Feed it the events of a run, in order; `number` is that of the first one in the record."""

    def __init__(self, number: int = 0) -> None:
        self._scene = Scene()
        self.next_number = number

    def feed(self, events: Iterable[Event]) -> list[Line]:
        """The lines of these events."""
        lines: list[Line] = []
        for event in events:
            tell = TELL.get(type(event))
            if tell is not None:
                number = self.next_number
                lines += [_line(told, event, number) for told in tell(self._scene, event)]
            self.next_number += 1
        return lines

    def skip(self, count: int) -> None:
        """So many events of the record are not known."""
        self.next_number += count

    def end(self) -> list[Line]:
        """What is still open at the end: nothing is held back so far."""
        return []


def _line(told: Told, event: Event, number: int) -> Line:
    at_ns = event.at_ns if told.at_ns is None else told.at_ns
    return Line(
        at_ns, told.group, told.way, told.text, told.is_loud, number, type(event).__name__,
        told.offset,
    )  # fmt: skip
