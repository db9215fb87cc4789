"""Text that a picture can show: what its font has no shape for is written as an escape."""

from bisect import bisect_right
from functools import cache
from itertools import accumulate
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font

from quecsim.render.layout import safe

FONT = "DejaVu Sans"
"""It comes with matplotlib, so that a picture looks the same everywhere."""

_POINTS_PER_INCH = 72
_LEAST_CHARS = 5
_FIXED = 1 << 16  # of the font's own numbers


@cache
def _font() -> FT2Font:
    font = FT2Font(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))
    font.set_size(1, _POINTS_PER_INCH)
    return font


@cache
def _shapes() -> frozenset[int]:
    return frozenset(_font().get_charmap())


def drawable(text: str) -> str:
    """The text on one line, harmless, every character with a shape."""
    shapes = _shapes()
    return "".join(char if ord(char) in shapes else ascii(char)[1:-1] for char in safe(text))


@cache
def _width(char: str) -> float:
    """Of the size of the font."""
    return _font().load_char(ord(char)).linearHoriAdvance / _FIXED


def fitting(text: str, inches: float, size: float) -> str:
    """As much of a drawable text as has room at that size; nothing where that would say nothing."""
    room = inches * _POINTS_PER_INCH / size
    ends = list(accumulate(map(_width, text)))
    if not ends or ends[-1] <= room:
        return text
    count = bisect_right(ends, room - 3 * _width("."))
    return f"{text[:count]}..." if count >= _LEAST_CHARS else ""
