"""File data that no upload takes: it meets the command line, which reads it without a word.

Counted from the end of an upload (or its refusal) to the next command. Data may hold `AT` by
chance and so begin a command line in the middle; such a line is one of data unless it gets an OK.
"""

from quecsim.report.track import Track
from quecsim.trace.event import CommandLine, Eaten, Result

_WHYS = ("no command", "surplus after the data")
_LINE_ENDS = (0x0A, 0x0D)


class Strays:
    """Follows the bytes behind one upload; `is_over` once a command has come."""

    def __init__(self, track: Track) -> None:
        self.is_over = False
        self._track = track
        self._end: int | None = None  # where the last piece of data ended, in the middle of a line
        self._doubtful: CommandLine | None = None

    def eaten(self, event: Eaten) -> None:
        """The command line threw bytes away."""
        if event.why in _WHYS:
            self._track.stray += event.count
            is_middle = event.data[-1] not in _LINE_ENDS
            self._end = event.offset + event.count if is_middle else None

    def line(self, event: CommandLine) -> None:
        """A command line: the next command, or data that looks like one."""
        if event.offset == self._end:
            self._doubtful = event
        else:
            self.is_over = True

    def result(self, event: Result) -> None:
        """What became of it."""
        if self._doubtful is None:
            return
        if event.text == "OK":
            self.is_over = True
        else:
            self._track.stray += self._doubtful.count
        self._doubtful = self._end = None
