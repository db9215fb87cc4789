"""What the host says to a real device while no data is wanted: command lines, and stray bytes."""

from collections.abc import Iterator

from quecsim.at.lexer import InputLine, LineEditor
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.event import CommandLine, Eaten

_CR, _LF, _BS = 13, 10, 8


class HostReader:
    """Reads one command line after the other; `lines` counts them."""

    def __init__(self, line_bytes: int) -> None:
        self.lines = 0
        self._editor = LineEditor(line_bytes)
        self._behind_line = -1  # where a line has ended: an LF there belongs to it

    def read(self, at_ns: int, offset: int, data: bytes) -> tuple[int, list[CommandLine | Eaten]]:
        """Read up to the end of a command line; returns how many bytes, and what they were."""
        found: list[CommandLine | Eaten] = []
        for place, byte in enumerate(data):
            at = offset + place
            if byte == _LF and at == self._behind_line:
                found += [Eaten(at_ns, at_ns, at, 1, EatenWhy.LF_AFTER_CR, b"\n")]
                continue
            line = self._editor.feed(byte, at, _CR, _BS)
            if line is not None:
                self._behind_line = at + 1
                found += [*self._strays(at_ns), self._command_line(at_ns, line)]
                return place + 1, found
        return len(data), [*found, *self._strays(at_ns)]

    def skip(self, offset: int) -> None:
        """All up to byte `offset` of the stream was data."""
        self._editor.reset()
        self._behind_line = offset if offset == self._behind_line else -1

    @property
    def line_end(self) -> int:
        """Where the last line has ended, -1 for nowhere."""
        return self._behind_line

    def _command_line(self, at_ns: int, line: InputLine) -> CommandLine:
        self.lines += 1
        return CommandLine(at_ns, line.offset, line.count, line.text, self.lines)

    def _strays(self, at_ns: int) -> Iterator[Eaten]:
        for each in self._editor.ignored():
            why = EatenWhy.BEYOND_LINE if each.is_excess else EatenWhy.NO_COMMAND
            yield Eaten(at_ns, at_ns, each.offset, len(each.data), why, each.data)
