"""`--require-safe chunk<=512,gap>=40`: which cells a user insists on, and which of them fell short.

A set of cells is a list of conditions that all hold, or `all`.
"""

import re
from collections.abc import Callable, Sequence
from operator import eq, ge, le
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.sweep.axes import AXES, Value, parse
from quecsim.sweep.work import CellResult

_CONDITION = re.compile(r"(\w+)(<=|>=|=)(.+)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"<=": le, ">=": ge, "=": eq}
_HINT = "for instance chunk<=512,gap>=40,flow=none, or all"

Condition = tuple[str, str, Value]


def conditions(text: str) -> list[Condition]:
    """(axis, comparison, value) of each. Raises QuecsimError."""
    return [] if text.strip() == "all" else [_condition(item.strip()) for item in text.split(",")]


def fell_short(text: str, results: Sequence[CellResult]) -> list[CellResult]:
    """The unsafe cells of the set. Raises QuecsimError where the set is empty or cannot be."""
    wanted = conditions(text)
    chosen = [result for result in results if all(_holds(each, result) for each in wanted)]
    if not chosen:
        hint = "name values that are in the grid"
        raise QuecsimError(f"--require-safe {text}: no cell is like that", hint=hint)
    return [result for result in chosen if not result.is_safe]


def _condition(item: str) -> Condition:
    match = _CONDITION.fullmatch(item)
    if match is None or match[1] not in AXES:
        axes = ", ".join(AXES)
        raise QuecsimError(f"--require-safe cannot be {item!r}", hint=f"{_HINT}; axes: {axes}")
    values = parse(match[1], match[3])
    if len(values) != 1 or (match[2] != "=" and isinstance(values[0], str)):
        raise QuecsimError(f"--require-safe cannot be {item!r}", hint=_HINT)
    return match[1], match[2], values[0]


def _holds(condition: Condition, result: CellResult) -> bool:
    name, comparison, wanted = condition
    value = result.settings[name]
    return value is not None and _COMPARE[comparison](value, wanted)
