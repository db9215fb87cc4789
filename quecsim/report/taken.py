"""Commands that became file data: which of the lines like commands among it certainly were some.

A file may hold such lines itself, so one of them proves nothing. It was a command of the host's

* where the data ended in the middle of it, and its rest came right behind;
* where it came after a pause, not where a block of the file may begin, and more came than was
  announced: what did not fit is what it had pushed out;
* where it opened the data, and as many bytes did not fit at the end; of the upload's own command
  line, sent twice, one byte more than was announced is enough;
* where it completed the data, or that was never complete, after so long a pause as a host makes
  that expects an answer.

A right host writes every byte that it has announced and not one more, so it is accused by none of
these but the last, and by that only for a file that holds a command at a place before which the
host paused for half a second. Who knows the file compares (`quecsim.judge.conduct`).
"""

from dataclasses import dataclass

from quecsim.trace.eaten import EatenWhy
from quecsim.trace.event import DataEnd, Eaten, Swallowed
from quecsim.units import ms

STRAY_WHYS = (EatenWhy.NO_COMMAND, EatenWhy.SURPLUS)
_MOST_LINES = 100
_MOST_BEHIND = 1024
_BLANK = b" \r\n\t"
_PATIENCE_NS = ms(500)


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A line like a command among the data; `may_be_file`: a block of the file may begin there."""

    event: Swallowed
    may_be_file: bool

    @property
    def end(self) -> int:
        """The offset behind it."""
        event = self.event
        return event.offset + len(event.text) + (0 if event.is_cut else 1)


class TakenCommands:
    """Follows the data of one transfer, which command line `line` (without AT) asked for."""

    __slots__ = ("_behind", "_behind_count", "_end", "_is_full", "_is_written", "_line", "lines")

    def __init__(self, line: str) -> None:
        self.lines: list[TakenLine] = []
        self._line = line.strip()
        self._end: int | None = None
        self._is_full = False  # as many bytes came as were announced
        self._is_written = False  # the host wrote on before the device had answered
        self._behind = b""
        self._behind_count = 0

    def take(self, event: Swallowed, start: int, acked: int) -> None:
        """A line like a command; `acked` bytes of the data from `start` on have had their `A`."""
        if len(self.lines) < _MOST_LINES:
            self.lines.append(TakenLine(event, event.offset - start in (0, acked)))

    def end(self, event: DataEnd, sent: int) -> None:
        """The data is over; the host has written `sent` bytes of its stream so far."""
        self._end, self._is_full = event.offset, event.why == "size"
        self._is_written = sent > event.offset

    def eaten(self, event: Eaten) -> None:
        """The command line threw bytes away."""
        is_next = self._end is not None and event.offset == self._end + self._behind_count
        if is_next and event.why in STRAY_WHYS:
            self._behind_count += event.count
            self._behind += event.data[: _MOST_BEHIND - len(self._behind)]

    def sure(self) -> list[Swallowed]:
        """The lines that were commands, in the order of the stream."""
        tail = self._tail()
        return [line.event for line in self.lines if line in tail or self._is_sure(line)]

    def suspect(self) -> list[Swallowed]:
        """The lines that were, unless the file has them there."""
        sure = self.sure()
        return [
            line.event
            for line in self.lines
            if line.event in sure or not (line.may_be_file or line.event.is_cut)
        ]

    def tail(self, size: int) -> tuple[int, list[Swallowed]] | None:
        """What completed data of `size` bytes, if commands did: how many bytes, and the lines."""
        lines = self._tail()
        if not lines:
            return None
        assert self._end is not None
        count = self._end - lines[0].event.offset
        return (count, [line.event for line in lines]) if count < size else None

    def head(self, start: int) -> tuple[str, bool] | None:
        """The command that opened the data, if one did, and whether it is the upload's own."""
        first = next(iter(self.sure()), None)
        if first is None or first.offset != start or first.is_cut:
            return None
        return first.text, self._is_own(first)

    def _tail(self) -> list[TakenLine]:
        """The commands that follow each other up to the end of complete data."""
        tail: list[TakenLine] = []
        place = self._end if self._is_full else None
        for line in reversed(self.lines):
            if place is None or place - line.end not in (0, 1):  # an LF may follow
                break
            if not (tail or self._completes(line)):
                break
            tail.insert(0, line)
            place = line.event.offset
        return tail

    def _completes(self, line: TakenLine) -> bool:
        if line.event.is_cut:
            return self._goes_on(line)
        return _is_patient(line)

    def _is_sure(self, line: TakenLine) -> bool:
        if line.event.is_cut:
            return False
        if not self._is_full:
            return _is_patient(line)
        if not self._behind.strip(_BLANK):
            return False
        length = len(line.event.text) + 1
        is_all = self._behind_count in (length, length + 1)
        return is_all or not line.may_be_file or self._is_own(line.event)

    def _goes_on(self, line: TakenLine) -> bool:
        """The rest of a line that the data has cut off came right behind it, or is on its way."""
        if not self._behind:
            return self._is_written and _is_patient(line)
        rest, is_ended, _ = self._behind.partition(b"\r")
        if not is_ended or rest.lstrip().upper().startswith(b"AT"):
            return False
        return bool(rest.strip(_BLANK)) or (self._is_written and not line.may_be_file)

    def _is_own(self, event: Swallowed) -> bool:
        return bool(self._line) and event.text[2:].strip() == self._line


def _is_patient(line: TakenLine) -> bool:
    """Before it the host has waited for an answer, it seems, and not for an `A`."""
    return not line.may_be_file and line.event.pause_ns >= _PATIENCE_NS
