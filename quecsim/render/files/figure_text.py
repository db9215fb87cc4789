"""Text that a picture can show: what its font has no shape for is written as an escape."""

from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font

from quecsim.render.layout import safe

FONT = "DejaVu Sans"
"""It comes with matplotlib, so that a picture looks the same everywhere."""

_POINTS_PER_INCH = 72
_CHAR_WIDTH = 0.58  # of the size of the font: most are narrower


@cache
def _shapes() -> frozenset[int]:
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    return frozenset(FT2Font(path).get_charmap())


def drawable(text: str) -> str:
    """The text on one line, harmless, every character with a shape."""
    shapes = _shapes()
    return "".join(char if ord(char) in shapes else ascii(char)[1:-1] for char in safe(text))


def fitting(text: str, inches: float, size: float) -> str:
    """As much of the text as has room at that size; nothing where that would say nothing."""
    most = int(inches * _POINTS_PER_INCH / (size * _CHAR_WIDTH))
    if len(text) <= most:
        return text
    return f"{text[: most - 3]}..." if most >= 8 else ""
