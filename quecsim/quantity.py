"""Values as people write them, with their unit: `5ms`, `1.5s`, `8k`, `64KiB`, `115k`.

One reading for the command line, for scenario files and for keyword arguments. A value becomes a
whole number, by integer arithmetic alone: 1.5s is 1500000000 ns, and what is no whole number of the
unit that is asked for is a mistake and not rounded.
"""

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,12}))?[ _]?([A-Za-zµμ]*)")
_MIDDLE_K = re.compile(r"([0-9]{1,4})k([0-9]{1,3})")
_SHOWN_CHARS = 40
# What `115k` stands for: the rates that have ever had a name of their own.
_USUAL_BAUD = (
    1_200, 2_400, 4_800, 9_600, 14_400, 19_200, 28_800, 38_400, 57_600, 115_200, 230_400, 460_800,
    921_600,
)  # fmt: skip


class QuantityError(ValueError):
    """What was written is no such value: one readable sentence, without a full stop."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is measured: its units by name (each a whole number of the smallest), and an example."""

    name: str
    units: dict[str, int]
    example: str
    refused: dict[str, str]


_MINUTE_NS = 60 * 10**9
TIME = Dimension(
    "time",
    {
        "ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "sec": 10**9,
        "min": _MINUTE_NS, "h": 60 * _MINUTE_NS,
    },
    "5ms, 1.5s or 2min",
    {"m": "write min for minutes, ms for milliseconds"},
)  # fmt: skip
"""In nanoseconds."""

SIZE = Dimension(
    "size",
    {
        "B": 1, "byte": 1, "bytes": 1, "k": 1 << 10, "K": 1 << 10, "KiB": 1 << 10, "kB": 1_000,
        "M": 1 << 20, "MiB": 1 << 20, "MB": 1_000_000,
    },
    "512, 8k or 64KiB",
    {"KB": "write k or KiB for 1024 bytes, kB for 1000", "kb": "write k or KiB, or kB for 1000",
     "m": "write M or MiB for 1048576 bytes, MB for 1000000"},
)  # fmt: skip
"""In bytes: k and M are those of memories, 1024 and 1048576."""

RATE = Dimension(
    "rate",
    {"baud": 1, "Bd": 1, "bps": 1, "k": 1_000, "K": 1_000, "kbaud": 1_000, "kBd": 1_000,
     "kbps": 1_000, "M": 1_000_000, "Mbaud": 1_000_000, "MBd": 1_000_000},
    "115200, 115k or 1.5M",
    {"m": "write M for a million"},
)  # fmt: skip
"""In baud. `115k` is the usual rate that begins so, 115200; `115.2k` and `115k2` say it in full."""

# How the last word of a key says its unit: (dimension, how many of its smallest).
UNITS_OF_KEYS = {
    "ns": (TIME, 1), "us": (TIME, 10**3), "ms": (TIME, 10**6), "s": (TIME, 10**9),
    "bytes": (SIZE, 1), "byte": (SIZE, 1), "baud": (RATE, 1), "ipr": (RATE, 1),
}  # fmt: skip


def parse(text: str, dimension: Dimension, unit: str, *, bare: str = "") -> int:
    """`text` as a whole number of `unit`; where no unit is written, `bare` (`unit`) is meant.

    `1.5s` as "ms" is 1500; `1.5` as "s" is no whole number. Raises QuantityError.
    """
    per_unit = dimension.units[unit]
    smallest, size = _smallest(text, dimension, dimension.units[bare or unit])
    if smallest % (per_unit * size):
        raise QuantityError(f"{shown(text)} is no whole number of {unit}")
    return smallest // (per_unit * size)


def of_key(key: str, text: str) -> int | None:
    """The value of a key that ends in its unit (`off_ms`, `rx_bytes`, `baud`); None for another.

    Raises QuantityError.
    """
    found = UNITS_OF_KEYS.get(key.rsplit("_", 1)[-1])
    if found is None or key.endswith("_per_s"):  # a speed has no unit of its own
        return None
    dimension, per_unit = found
    if text.strip()[-1:].isdigit():
        raise QuantityError(f"{shown(text)} has no unit: write {dimension.example}, or a number")
    unit = next(name for name, size in dimension.units.items() if size == per_unit)
    return parse(text, dimension, unit)


def shown(text: str) -> str:
    """What was written, in quotes and in one line, cut to a readable length."""
    cut = text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 3]}..."
    return f'"{repr(cut)[1:-1]}"'


def _smallest(text: str, dimension: Dimension, per_unit: int) -> tuple[int, int]:
    """The value as a fraction (numerator, denominator) of the smallest unit."""
    written = text.strip()
    middle = _MIDDLE_K.fullmatch(written) if dimension is RATE else None
    if middle is not None:
        written = f"{middle[1]}.{middle[2]}k"
    match = _NUMBER.fullmatch(written)
    if match is None:
        raise QuantityError(f"{shown(text)} is no {dimension.name}: write {dimension.example}")
    whole, part, unit = match[1], match[2] or "", match[3]
    if unit in dimension.refused:
        raise QuantityError(f"{shown(text)} can be read in two ways: {dimension.refused[unit]}")
    if unit and unit not in dimension.units:
        raise QuantityError(
            f"{shown(text)}: there is no unit {unit} of a {dimension.name}: write "
            f"{dimension.example}"
        )
    size = dimension.units[unit] if unit else per_unit
    if dimension is RATE and size == 1_000 and not part:
        return _usual(int(whole)), 1
    return int(whole + part) * size, 10 ** len(part)


def _usual(thousands: int) -> int:
    """The usual rate of so many whole thousands: 115 is 115200, and 250 is 250000."""
    return next((rate for rate in _USUAL_BAUD if rate // 1_000 == thousands), thousands * 1_000)
