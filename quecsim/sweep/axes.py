"""What can be swept, and how its values are written: `64,256`, `0..100:20`, `every256:0..80:20`.

`AXES` is the table of axes; `parse` turns what was written behind an option into sorted values.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quecsim.errors import QuecsimError
from quecsim.quantity import RATE, SIZE, TIME, QuantityError
from quecsim.quantity import parse as parse_quantity
from quecsim.scenario.schema import Stall

Value = int | str
"""A number, or for stall and flow the word that stands for it."""

NO_STALL = "none"
MOST_VALUES = 10_000
_FLOWS = ("none", "rtscts", "xonxoff")
_RANGE = re.compile(r"(.+?)(?:\.\.(.+?)(?::(.+))?)?")
_STALL = re.compile(r"(every)?([^:]+):(.+)")
_STALL_MOST_MS = 600_000


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a sweep. `unit` of its values, allowed from `low` to `high` (numbers only).

    `safer`: 1 where larger values are safer, -1 where smaller ones are, 0 where there is no order.
    `bound` tells of a limit on the safe side, `each` of single values, `noun` of the axis itself.
    """

    name: str
    column: str
    noun: str
    parse: Callable[["Axis", str], tuple[Value, ...]]
    unit: str = ""
    low: int = 0
    high: int = 0
    safer: int = 0
    bound: str = ""
    each: str = ""

    @property
    def label(self) -> str:
        """`chunk (bytes)`."""
        return f"{self.noun} ({self.unit})" if self.unit else self.noun

    def safest_first(self, values: tuple[Value, ...]) -> tuple[Value, ...]:
        """Sorted values, the safest at the front."""
        return values[::-1] if self.safer > 0 else values


def _numbers(axis: Axis, text: str) -> tuple[Value, ...]:
    found: list[int] = []
    for item in text.split(","):
        found += _expand(axis, item, found, axis.unit)
    for number in found:
        if not axis.low <= number <= axis.high:
            raise _wrong(axis, str(number), f"it takes {axis.low} to {axis.high}")
    return tuple(sorted(set(found)))


def _expand(axis: Axis, item: str, before: list[int], unit: str) -> Iterator[int]:
    """The numbers of `7`, `1..10` or `0..100:20`, each perhaps with its unit: `0..1s:20ms`.

    A range without a step goes on in the step that led to it: `0,10,20..50` is 0,10,20,30,40,50.
    """
    match = _RANGE.fullmatch(item.strip())
    if match is None:
        raise _wrong(axis, item, "write numbers and ranges, for instance 0,10,20..100 or 0..100:20")
    first = _number(axis, match[1], unit)
    if match[2] is None:
        return iter((first,))
    last = _number(axis, match[2], unit)
    step = _number(axis, match[3], unit) if match[3] else _step(first, before)
    if step < 1 or last < first:
        raise _wrong(axis, item, "a range goes up, by a step of 1 or more: 0..100:20")
    if (last - first) // step >= MOST_VALUES:
        raise _wrong(axis, item, f"more than {MOST_VALUES} values: give a larger step, 0..100:20")
    return iter(range(first, last + 1, step))


def _number(axis: Axis, text: str, unit: str) -> int:
    unit = unit.removesuffix("/s")
    dimension = {"bytes": SIZE, "ms": TIME, "baud": RATE}[unit]
    try:
        return parse_quantity(text, dimension, unit)
    except QuantityError as error:
        hint = f"{error}; ranges are like 0,10,20..100 or 0..100:20"
        raise _wrong(axis, text, hint) from None


def _step(first: int, before: list[int]) -> int:
    return first - before[-1] if before and first > before[-1] else 1


def _stalls(axis: Axis, text: str) -> tuple[Value, ...]:
    found: list[tuple[int, int, int]] = []
    for item in text.split(","):
        found += _stall_items(axis, item.strip())
    return tuple(dict.fromkeys(stall_text(*each) for each in sorted(found)))


def _stall_items(axis: Axis, item: str) -> Iterator[tuple[int, int, int]]:
    """(is it repeated, byte count, ms), so that they sort; no stall comes first."""
    if item == NO_STALL:
        yield 0, 0, 0
        return
    match = _STALL.fullmatch(item)
    count = _number(axis, match[2], "bytes") if match is not None else 0
    if match is None or not count:
        hint = (
            "write BYTE:TIME or everyN:TIME, perhaps with a range (every256:0..80ms:20ms); or none"
        )
        raise _wrong(axis, item, hint)
    for stall_ms in _expand(axis, match[3], [], "ms"):
        if stall_ms > _STALL_MOST_MS:
            raise _wrong(axis, item, f"a stall lasts up to {_STALL_MOST_MS} ms")
        yield (int(bool(match[1])), count, stall_ms) if stall_ms else (0, 0, 0)


def stall_text(is_repeated: int, count: int, stall_ms: int) -> str:
    """`every256:40`, `1:45`; `none` for 0 ms."""
    return f"{'every' * bool(is_repeated)}{count}:{stall_ms}" if stall_ms else NO_STALL


def stalls_of(text: str) -> tuple[Stall, ...]:
    """The stalls that a value of the axis stands for."""
    match = _STALL.fullmatch(text)
    if match is None:
        return ()
    count, stall_ms = int(match[2]), int(match[3])
    if match[1]:
        return (Stall(stall_ms=stall_ms, every_bytes=count),)
    return (Stall(stall_ms=stall_ms, at_byte=count),)


def _words(axis: Axis, text: str) -> tuple[Value, ...]:
    given = tuple(dict.fromkeys(item.strip() for item in text.split(",")))
    for word in given:
        if word not in _FLOWS:
            raise _wrong(axis, word, f"it takes {', '.join(_FLOWS)}")
    return given


def _wrong(axis: Axis, item: str, hint: str) -> QuecsimError:
    return QuecsimError(f"--{axis.name} cannot be {item.strip()!r}", hint=hint)


# fmt: off
_TABLE = (
    Axis("flow", "flow", "flow control", _words),
    Axis("stall", "stall", "stall", _stalls),
    Axis("baud", "baud", "rate", _numbers, "baud", 50, 4_000_000, -1,
         "rates up to {} baud", "rates of {} baud"),
    Axis("ring", "ring_bytes", "ring", _numbers, "bytes", 16, 1 << 20, 1,
         "rings of at least {} bytes", "rings of {} bytes"),
    Axis("link", "link_bytes_s", "link", _numbers, "bytes/s", 1, 1_000_000_000, -1,
         "links up to {} bytes/s", "links of {} bytes/s"),
    Axis("latency", "latency_ms", "latency", _numbers, "ms", 1, 60_000, -1,
         "latencies up to {} ms", "latencies of {} ms"),
    Axis("packet", "packet_bytes", "packet", _numbers, "bytes", 1, 1460, -1,
         "packets up to {} bytes", "packets of {} bytes"),
    Axis("chunk", "chunk_bytes", "chunk", _numbers, "bytes", 1, 65_536, -1,
         "chunks up to {} bytes", "chunks of {} bytes"),
    Axis("gap", "gap_ms", "gap", _numbers, "ms", 0, 60_000, 1,
         "at least {} ms from write to write", "gaps of {} ms"),
)
# fmt: on
AXES = {axis.name: axis for axis in _TABLE}
"""The axes by name, the slowest to change first."""


def parse(name: str, text: str) -> tuple[Value, ...]:
    """The values of axis `name` as written: sorted, none twice. Raises QuecsimError."""
    return AXES[name].parse(AXES[name], text)
