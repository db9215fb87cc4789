"""The safe envelope in words: computed from every cell, never beyond what was tried.

    envelope(grid, results)     a sentence for each combination of the other axes

Two axes at most span a region (chunk and gap, if they were swept); the others are conditions. A
region is told by its limits only where every cell inside is safe and every cell outside is not;
a safe set that is not of this kind is listed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from quecsim.sweep.axes import AXES, NO_STALL, Axis, Value
from quecsim.sweep.grid import Grid
from quecsim.sweep.work import CellResult

_REGION = ("chunk", "gap", "packet", "link", "latency", "ring", "baud")
"""Axes that may span the region, the first ones first."""

_FLOW_WORDS = {
    "none": "Without flow control",
    "rtscts": "With RTS/CTS",
    "xonxoff": "With XON/XOFF",
    "auto": "With the flow control of the host's own port settings",
}


def envelope(grid: Grid, results: Sequence[CellResult]) -> list[str]:
    """One sentence for each combination of the axes that are no part of the region, none twice."""
    region = [AXES[name] for name in _REGION if name in grid.wide][:2]
    outside = [name for name in grid.wide if AXES[name] not in region]
    told: dict[str, list[CellResult]] = {}
    for _, group in _grouped(results, lambda result: [result.settings[name] for name in outside]):
        told.setdefault(_region(region, group), []).append(group[0])
    return [f"{_conditions(firsts, grid)}: {words}." for words, firsts in told.items()]


def _grouped(
    results: Iterable[CellResult], key: Callable[[CellResult], object]
) -> list[tuple[object, list[CellResult]]]:
    """Groups of equal keys, wherever their members stand, in the order of their first."""
    groups: dict[str, list[CellResult]] = {}
    keys: dict[str, object] = {}
    for result in results:
        name = repr(key(result))
        keys.setdefault(name, key(result))
        groups.setdefault(name, []).append(result)
    return [(keys[name], group) for name, group in groups.items()]


# the conditions


def _conditions(firsts: list[CellResult], grid: Grid) -> str:
    """`Without flow control at 115200 baud`: what all of these have in common, or each has."""
    outside = [name for name in ("flow", "baud", "ring", "stall") if _is_condition(name, grid)]
    words = [_condition(name, _values(name, firsts)) for name in outside]
    if len(firsts) > 1 and not _is_product(firsts, outside):
        each = "; ".join(_conditions([first], grid).removesuffix(":") for first in firsts)
        return f"Each of these ({each})"
    return " ".join(word for word in words if word)


def _is_condition(name: str, grid: Grid) -> bool:
    region = [each for each in _REGION if each in grid.wide][:2]
    return name not in region and (name in ("flow", "baud") or name in grid.axes)


def _is_product(firsts: list[CellResult], names: list[str]) -> bool:
    """Whether the values can be told axis by axis: all their combinations are there."""
    count = 1
    for name in names:
        count *= len(_values(name, firsts))
    return count == len(firsts)


def _values(name: str, results: Iterable[CellResult]) -> list[Value]:
    found = dict.fromkeys(result.settings[name] for result in results)
    return [value for value in found if value is not None]


def _condition(name: str, values: list[Value]) -> str:
    if not values:
        return ""
    listed = _listed(values)
    match name:
        case "flow":
            first, *rest = (_FLOW_WORDS[str(value)] for value in values)
            return _listed([first, *(word[0].lower() + word[1:] for word in rest)])
        case "baud":
            return f"at {listed} baud"
        case "ring":
            return f"with a ring of {listed} bytes"
        case "stall" if values == [NO_STALL]:
            return "without stalls"
        case _:
            return f"with stalls {listed}"


def _listed(values: Sequence[object]) -> str:
    """`64`, `64 and 256`, `64, 256 and 1024`."""
    *most, last = map(str, values)
    return f"{', '.join(most)} and {last}" if most else last


# the region


@dataclass(frozen=True, slots=True)
class _Row:
    """One value of the first axis, and its cells along the second, the safest first."""

    value: Value
    cells: list[CellResult]

    @property
    def depth(self) -> int:
        """How many cells are safe before the first that is not."""
        return next((i for i, cell in enumerate(self.cells) if not cell.is_safe), len(self.cells))

    @property
    def is_simple(self) -> bool:
        """No safe cell lies behind one that is not."""
        return not any(cell.is_safe for cell in self.cells[self.depth :])


def _region(axes: list[Axis], group: list[CellResult]) -> str:
    """What is safe in this group, without its conditions."""
    if all(cell.is_safe for cell in group):
        return "every cell safe" if len(group) > 1 else "safe"
    if not any(cell.is_safe for cell in group):
        return f"{'no cell' if len(group) > 1 else 'not'} safe ({_trouble(group)})"
    first = axes[0]
    second = axes[1] if len(axes) > 1 else None
    rows = [_row(value, first, second, group) for value in _ordered(first, group)]
    depths = [row.depth for row in rows]
    is_region = all(row.is_simple for row in rows) and depths == sorted(depths, reverse=True)
    return _staircase(first, second, rows) if is_region else _listing(first, second, rows)


def _row(value: Value, first: Axis, second: Axis | None, group: list[CellResult]) -> _Row:
    cells = [cell for cell in group if cell.settings[first.name] == value]
    if second is not None:
        places = {each: i for i, each in enumerate(_ordered(second, cells))}
        cells.sort(key=lambda cell: places[_value(cell, second)])
    return _Row(value, cells)


def _ordered(axis: Axis, cells: Iterable[CellResult]) -> list[Value]:
    """The axis's values in these cells, the safest first."""
    numbers = sorted({number for cell in cells if isinstance(number := _value(cell, axis), int)})
    return list(axis.safest_first(tuple(numbers)))


def _value(cell: CellResult, axis: Axis) -> Value:
    value = cell.settings[axis.name]
    assert value is not None
    return value


def _staircase(first: Axis, second: Axis | None, rows: list[_Row]) -> str:
    """The limits, step by step: the safe set is all that lies on their safe side."""
    steps = [(depth, list(step)) for depth, step in groupby(rows, lambda row: row.depth)]
    safe = [_step(first, second, step, rows) for depth, step in steps if depth]
    words = "safe with " + ", or ".join(safe)
    last_depth, last = steps[-1]
    if last_depth:
        return (
            f"{words}; the rest is unsafe ({_trouble(cell for row in rows for cell in row.cells)})"
        )
    names = first.each.format(_listed(sorted(row.value for row in last)))
    anywhere = f" at every {second.noun} tried" if second is not None else ""
    trouble = _trouble(cell for row in last for cell in row.cells)
    return f"{words}; {names} are unsafe{anywhere} ({trouble})"


def _step(first: Axis, second: Axis | None, step: list[_Row], rows: list[_Row]) -> str:
    """One corner of the safe set. A limit is called one only if there is more on its safe side."""
    limit, cells, depth = step[-1].value, step[-1].cells, step[-1].depth
    words = (first.each if step[-1] is rows[0] else first.bound).format(limit)
    if step[-1] is rows[-1] and len(rows) > 1:
        words += f" (the {'smallest' if first.safer > 0 else 'largest'} tried)"
    if second is None:
        return words
    if depth == len(cells):
        return f"{words} at every {second.noun} tried"
    bound = second.each if depth == 1 else second.bound
    return f"{words} and {bound.format(_value(cells[depth - 1], second))}"


def _listing(first: Axis, second: Axis | None, rows: list[_Row]) -> str:
    """A safe set without simple limits, value by value."""
    if second is None:
        safe = [row.value for row in rows if row.depth]
        words = first.each.format(_listed(sorted(safe)))
    else:
        words = "; ".join(
            f"{first.each.format(row.value)}: {_safe_along(second, row)}" for row in rows
        )
    trouble = _trouble([cell for row in rows for cell in row.cells])
    return f"the safe cells have no simple limit; safe are {words} ({trouble} elsewhere)"


def _safe_along(second: Axis, row: _Row) -> str:
    safe = sorted(_value(cell, second) for cell in row.cells if cell.is_safe)
    if len(safe) == len(row.cells):
        return f"every {second.noun} tried"
    return f"{second.each.format(_listed(safe))}" if safe else "none"


def _trouble(cells: Iterable[CellResult]) -> str:
    """Why the unsafe ones of these are unsafe, in short."""
    bad = [cell for cell in cells if not cell.is_safe]
    firsts = [cell.first_lost for cell in bad if cell.first_lost is not None]
    if firsts:
        return f"first loss at byte {min(firsts)}"
    return _listed(sorted({cell.trouble for cell in bad}))
