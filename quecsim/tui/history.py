"""The ring's level over the last seconds: columns of a plot, the highest level in each."""

from collections import deque
from dataclasses import dataclass

from quecsim.units import ms

COLUMN_NS = ms(100)
_MOST_COLUMNS = 600


@dataclass(slots=True)
class Column:
    """A stretch of time: the highest level, and what there was of busy, held and lost in it."""

    number: int
    level: int = 0
    is_busy: bool = False
    is_held: bool = False
    lost: int = 0


class History:
    """Tell it what happened, in any order that is nearly that of time; ask for the last columns.

    A level stands until the next one. What is too old is forgotten.
    """

    def __init__(self, column_ns: int = COLUMN_NS, most: int = _MOST_COLUMNS) -> None:
        self._column_ns = column_ns
        self._most = most
        self._columns: deque[Column] = deque([Column(0)], most)
        self._level = 0
        self._is_held = False
        self._busy_until_ns = 0

    def level(self, at_ns: int, level: int) -> None:
        """The ring holds so many bytes from then on."""
        column = self._at(at_ns)
        column.level = max(column.level, level)
        for later in self._behind(column):
            later.level = level
        self._level = level

    def held(self, at_ns: int, is_held: bool) -> None:
        """The host is held from then on, or goes on."""
        column = self._at(at_ns)
        column.is_held = column.is_held or is_held
        for later in self._behind(column):
            later.is_held = is_held
        self._is_held = is_held

    def busy(self, begin_ns: int, end_ns: int) -> None:
        """The processor is taken all that time, which may be long."""
        first = self._at(begin_ns)
        self._busy_until_ns = max(self._busy_until_ns, end_ns)
        for column in [first, *self._behind(first)]:
            column.is_busy = column.is_busy or column.number * self._column_ns < end_ns

    def lost(self, begin_ns: int, end_ns: int, count: int) -> None:
        """So many bytes were lost in that time."""
        columns = self._between(begin_ns, end_ns)
        for column in columns:
            column.lost += -(-count // len(columns))

    def last(self, count: int, now_ns: int) -> list[Column]:
        """The last `count` columns up to `now_ns`, the oldest first; fewer at the start."""
        self._at(now_ns)
        kept = list(self._columns)
        return [column for column in kept if column.number <= now_ns // self._column_ns][-count:]

    def span_ns(self, count: int) -> int:
        """The time that so many columns stand for."""
        return count * self._column_ns

    def _at(self, at_ns: int) -> Column:
        """The column of that time, made if it is new; the oldest kept, for what is older."""
        number, newest = at_ns // self._column_ns, self._columns[-1].number
        if number - newest > self._most:
            self._columns.clear()
            newest = number - self._most
        for new in range(newest + 1, number + 1):
            is_busy = new * self._column_ns < self._busy_until_ns
            self._columns.append(Column(new, self._level, is_busy, self._is_held))
        index = len(self._columns) - 1 - (self._columns[-1].number - number)
        return self._columns[max(index, 0)]

    def _behind(self, column: Column) -> list[Column]:
        """Those that are there already, since something was known of a later time before."""
        return [one for one in self._columns if one.number > column.number]

    def _between(self, begin_ns: int, end_ns: int) -> list[Column]:
        first, last = self._at(begin_ns).number, self._at(max(begin_ns, end_ns - 1)).number
        return [column for column in self._columns if first <= column.number <= last]
