"""A byte as an analyser's table writes it, in whichever radix it was shown: `0x41`, `65`,
`0b01000001`, `A (0x41)`, or as a character, `A`, `\\r`, `' '`, `'13'`, `COMMA`.
"""

import re
from collections.abc import Iterable

_WORDS = {
    "\\r": 13, "\\n": 10, "\\t": 9, "\\0": 0, "\\\\": 92, "' '": 32, "": 32, "COMMA": 44,
    "\\b": 8, "\\f": 12, "\\v": 11, "\\a": 7, "\\e": 27, "'": 39,
}  # fmt: skip
_DIGITS = re.compile(r"[0-9]{1,3}\Z")
_QUOTED = re.compile(r"'([0-9]{1,3})'\Z")
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})\Z")
_BOTH = re.compile(r".{0,6}\((0x[0-9A-Fa-f]{1,3})\)\Z", re.DOTALL)


def cell_byte(cell: str, *, is_decimal: bool) -> int:
    """The byte of a cell; a bare digit is a number only where all are. ValueError."""
    if cell[:2] in ("0x", "0X"):
        return _byte(int(cell, 16))
    if is_decimal and _DIGITS.match(cell):
        return _byte(int(cell))
    if len(cell) == 1:
        return _byte(ord(cell))
    if cell in _WORDS:
        return _WORDS[cell]
    if cell[:2] in ("0b", "0B"):
        return _byte(int(cell, 2))
    if match := _QUOTED.match(cell):
        return _byte(int(match[1]))
    if match := _ESCAPED.match(cell) or _BOTH.match(cell):
        return _byte(int(match[1], 16))
    raise ValueError(cell)


def is_decimal(cells: Iterable[str]) -> bool:
    """Whether all of a column's first cells are whole numbers, and so none is a character."""
    found = list(cells)
    return bool(found) and all(_DIGITS.match(cell) for cell in found)


def is_numeric(cells: Iterable[str]) -> bool:
    """Whether every byte can be told: as a number, and not as a character."""
    found = list(cells)
    return all(cell[:2] in ("0x", "0X", "0b", "0B") or _BOTH.match(cell) for cell in found) or (
        is_decimal(found)
    )


def _byte(value: int) -> int:
    if not 0 <= value <= 255:
        raise ValueError(value)
    return value
