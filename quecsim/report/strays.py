"""File data that no upload takes: it meets the command line, which reads it without a word.

Counted from the end of an upload (or its refusal) to the next command. Data may hold `AT` by
chance and so begin a command line in the middle. Such a line is a command if the device knows it,
whatever it answers; the one-letter commands, which data may hold by chance too, only if the line
is short or gets an OK. Data without a CR at its end swallows the next command: there it ends.
"""

import re

from quecsim.report.taken import STRAY_WHYS
from quecsim.report.track import Track
from quecsim.trace.event import Called, CommandLine, Eaten, Result

_LINE_ENDS = (0x0A, 0x0D)
_BLANK = b" \r\n\t"
_SHORT_BYTES = 8
_SWALLOWED = re.compile(r"AT(\+[A-Z]+.*)?$", re.IGNORECASE)


class Strays:
    """Follows the bytes behind one upload; `is_over` once a command has come."""

    def __init__(self, track: Track) -> None:
        self.is_over = False
        self.track = track
        self._end: int | None = None  # where the last piece of data ended, in the middle of a line
        self._doubtful: CommandLine | None = None

    def eaten(self, event: Eaten) -> None:
        """The command line threw bytes away; those that nobody sent are not the host's."""
        if event.why in STRAY_WHYS and event.offset >= 0:
            blank = len(event.data) - len(event.data.translate(None, _BLANK))
            self._add(event.count, event.count - blank)
            is_middle = event.data[-1] not in _LINE_ENDS
            self.track.reach = event.offset + event.count
            self._end = event.offset + event.count if is_middle else None

    def line(self, event: CommandLine) -> None:
        """A command line: the next command, or data that looks like one."""
        if event.offset == self._end:
            self._doubtful = event
        else:
            self.is_over = True

    def called(self, event: Called) -> None:
        """What the device makes of it."""
        line = self._doubtful
        if line is not None and line.number == event.number and event.is_known:
            self.is_over = event.name.startswith("+") or line.count <= _SHORT_BYTES

    def result(self, event: Result) -> tuple[CommandLine, int] | None:
        """What became of it; returns the line, and how many bytes of it were data, if any were."""
        line, self._doubtful = self._doubtful, None
        if line is None or line.number != event.number or self.is_over:
            return None
        self._end = None
        if event.error is None and event.text == "OK":
            self.is_over = True
            return None
        command = _SWALLOWED.search(line.text)
        count = line.count
        if command is not None:
            self.is_over = True
            count -= len(command.group()) + 1
        self._add(count, count)
        self.track.reach = line.offset + count
        return line, count

    def _add(self, count: int, solid: int) -> None:
        self.track.stray += count
        self.track.surplus += solid
