"""The reducer: a smaller case that still shows the same.

It works on the case as plain data, as it stands in the file, and so needs to know no fault and no
table: it leaves out what can be left out (faults, files, tables, keys), makes numbers rounder, and
the payload shorter and plainer. A candidate that is no valid scenario costs nothing.

Every candidate is simpler than what it came from, in one respect, and no respect gets worse: so it
ends.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.fuzz.case import make_case, upload_of
from quecsim.scenario.schema import Scenario
from quecsim.scenario.text import scenario_table, table_scenario, table_text

Table = dict[str, Any]
Path = tuple[str | int, ...]

_NEEDED = frozenset(("title", "shows", "case", "check"))
_PLAIN = ord("a")
_AIMS = (100, 50, 20, 10, 70, 90, 120, 150, 200, 500, 1000, 1500)
_LENGTHS = (1, 2, 10, 16, 100, 256, 512, 1000, 1023, 1024, 1025, 1500, 2000, 2048, 2049, 4096)


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as the reducer changes it: the scenario as plain data, and the upload."""

    table: Table
    payload: bytes
    name: str

    @classmethod
    def of(cls, case: Scenario) -> "Draft":
        """The draft of a case."""
        name, payload = upload_of(case)
        table = scenario_table(case)
        del table["case"]
        return cls(table, payload, name)

    def case(self) -> Scenario:
        """The case again. Raises QuecsimError where it is no valid scenario."""
        return make_case(table_scenario(self.table), self.payload, self.name)

    @property
    def key(self) -> tuple[str, bytes]:
        """Tells it from the other drafts of one case."""
        return table_text(self.table), self.payload


@dataclass(frozen=True, slots=True)
class Reduced:
    """The smallest case found, and how many runs that took."""

    case: Scenario
    runs: int


def reduce_case(
    case: Scenario,
    shows: Callable[[Scenario], bool],
    *,
    most_runs: int = 400,
    fixed: frozenset[str] = frozenset(),
) -> Reduced:
    """The simplest case that `shows` the same as `case`. `fixed` tables stay as they are."""
    reducer = _Reducer(shows, most_runs, fixed)
    return Reduced(reducer.reduce(Draft.of(case)).case(), reducer.runs)


class _Reducer:
    def __init__(
        self, shows: Callable[[Scenario], bool], most_runs: int, fixed: frozenset[str]
    ) -> None:
        self.runs = 0
        self._shows = shows
        self._most_runs = most_runs
        self._fixed = fixed | _NEEDED
        self._tried: set[tuple[str, bytes]] = set()

    def reduce(self, draft: Draft) -> Draft:
        """Every respect in turn, until none gives anything more."""
        self._tried.add(Draft.of(draft.case()).key)
        respects = (self._less, self._aimed, self._shorter, self._rounder, self._plainer)
        while True:
            before = draft
            for simpler in respects:
                draft = self._greedy(draft, simpler)
            if draft == before:
                return draft

    def _greedy(self, draft: Draft, simpler: Callable[[Draft], Iterator[Draft]]) -> Draft:
        """Take the first candidate that still shows it, and go on from there."""
        while True:
            better = next((one for one in simpler(draft) if self._holds(one)), None)
            if better is None:
                return draft
            draft = better

    def _holds(self, draft: Draft) -> bool:
        if self.runs >= self._most_runs:
            return False
        try:
            case = draft.case()
            key = Draft.of(case).key  # what is not said and what is said as it is anyway are one
            if key in self._tried:
                return False
            self._tried.add(key)
            self.runs += 1
            return self._shows(case)
        except QuecsimError:  # the scenario cannot be, or not on this device
            return False

    # what is simpler

    def _less(self, draft: Draft) -> Iterator[Draft]:
        """Without a table, a fault, a file, a key."""
        for path in sorted(_paths(draft.table), key=len):
            if path[0] not in self._fixed and not _is_text_of_list(draft.table, path):
                yield _with(draft, _without(draft.table, path))

    def _aimed(self, draft: Draft) -> Iterator[Draft]:
        """A fault that strikes anywhere, at one byte instead."""
        for index, fault in enumerate(draft.table.get("fault", ())):
            if "per_million" in fault and "fault" not in self._fixed:
                rest = {key: value for key, value in fault.items() if key != "per_million"}
                for byte in _AIMS:
                    yield _with(
                        draft, _replaced(draft.table, ("fault", index), {**rest, "at_byte": byte})
                    )

    def _rounder(self, draft: Draft) -> Iterator[Draft]:
        for path in _paths(draft.table):
            value = _at(draft.table, path)
            is_name = path[0] == "quirks"  # a number there is one of a few that mean something
            if path[0] in self._fixed or is_name or type(value) is not int:
                continue
            for number in rounder(value):
                yield _with(draft, _replaced(draft.table, path, number))

    def _shorter(self, draft: Draft) -> Iterator[Draft]:
        """Cut off at a round length; all one letter; without a piece."""
        payload = draft.payload
        lengths = sorted({*_LENGTHS, *rounder(len(payload)), len(payload) // 2} - {0})
        shorter = [length for length in lengths if length < len(payload)]
        for length in shorter:
            yield _carrying(draft, bytes([_PLAIN]) * length)
        for length in shorter:
            yield _carrying(draft, payload[:length])
        for start, end in _pieces(len(payload)):
            if end - start < len(payload):
                yield _carrying(draft, payload[:start] + payload[end:])

    def _plainer(self, draft: Draft) -> Iterator[Draft]:
        """Letters in place of what is something else."""
        payload = draft.payload
        for start, end in _pieces(len(payload)):
            plain = bytes([_PLAIN]) * (end - start)
            if payload[start:end] != plain:
                yield _carrying(draft, payload[:start] + plain + payload[end:])


def rounder(number: int) -> Iterator[int]:
    """Numbers that are simpler than `number`: 0 and 1, fewer digits that count, powers of two."""
    places = [10**place for place in range(len(str(number)) - 1, 0, -1)]
    down = [number // place * place for place in places]
    up = [-(-number // place) * place for place in places]
    power = 1 << max(0, number.bit_length() - 1)
    seen = set()
    for candidate in (0, 1, 10, 100, *down, *up, power, 2 * power, number // 2, number - 1):
        if candidate >= 0 and candidate not in seen and weight(candidate) < weight(number):
            seen.add(candidate)
            yield candidate


def weight(number: int) -> tuple[int, int]:
    """How hard a number is to read: the digits that count, then its size."""
    digits = len(str(number).rstrip("0"))
    is_power_of_two = number >= 16 and number & (number - 1) == 0
    return (min(digits, 2) if is_power_of_two else digits, number)


def size(case: Scenario) -> tuple[int, int, int, int]:
    """How much there is to read: faults and files, keys, digits, bytes of payload."""
    draft = Draft.of(case)
    values = [_at(draft.table, path) for path in _paths(draft.table)]
    numbers = [value for value in values if isinstance(value, int) and value >= 0]
    lists = sum(len(draft.table.get(key, ())) for key in ("fault", "stall", "files"))
    digits = sum(weight(int(number))[0] for number in numbers)
    return lists, len(values), digits, len(draft.payload)


# plain data


def _paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """Every key and list element, the outer before the inner."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, Mapping):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for key, one in inner:
        yield (*above, key)
        yield from _paths(one, (*above, key))


def _at(table: Any, path: Path) -> Any:
    for key in path:
        table = table[key]
    return table


def _is_text_of_list(table: Table, path: Path) -> bool:
    """Whether it is one of several plain values that belong together, such as ifc = [2, 2]."""
    return isinstance(path[-1], int) and not isinstance(_at(table, path), Mapping)


def _without(table: Table, path: Path) -> Table:
    copy: Table = _copied(table)
    inner = _at(copy, path[:-1])
    del inner[path[-1]]
    if not inner and len(path) > 1:  # an empty table says nothing
        return _without(copy, path[:-1])
    return copy


def _replaced(table: Table, path: Path, value: Any) -> Table:
    copy: Table = _copied(table)
    _at(copy, path[:-1])[path[-1]] = value
    return copy


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _with(draft: Draft, table: Table) -> Draft:
    return Draft(table, draft.payload, draft.name)


def _carrying(draft: Draft, payload: bytes) -> Draft:
    return Draft(draft.table, payload, draft.name)


def _pieces(length: int) -> Iterator[tuple[int, int]]:
    """Halves, quarters, ... of `length` bytes, down to single bytes where these are few."""
    piece = length
    while piece and length // piece <= 64:
        yield from ((start, min(start + piece, length)) for start in range(0, length, piece))
        piece //= 2
