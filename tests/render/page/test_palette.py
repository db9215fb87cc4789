import re
from itertools import product

import pytest

from quecsim.render.page.document import asset
from quecsim.render.page.palette import HATCHES, PALETTE, style_variables

TEXTS = ("ink", "soft", "accent", "good", "unsure", "lost")
GROUNDS = ("ground", "surface", "sunken")


def luminance(colour: str) -> float:
    """Of sRGB, as WCAG has it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_can_be_read(theme: str) -> None:
    pairs = [*product(TEXTS, GROUNDS), ("lost", "lost-ground"), ("ink", "stored-ground")]
    for text, ground in pairs:
        levels = [luminance(getattr(PALETTE[name], theme)) for name in (text, ground)]
        contrast = (max(levels) + 0.05) / (min(levels) + 0.05)
        assert contrast >= 4.5, (theme, text, ground, contrast)


def test_no_two_light_colours_are_the_same_one() -> None:
    lights = [colour.light for colour in PALETTE.values()]
    assert len(set(lights)) == len(lights)  # the script finds the dark one by the light one
    assert "#ffffff" not in lights  # Bokeh leaves out what it takes for granted


def test_what_counts_is_hatched() -> None:
    assert all(HATCHES[key] for key in ("lost", "flash", "held"))


def test_the_style_uses_colours_that_there_are() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", asset("page.css"))) - {"mono", "sans", "tone"}
    assert used <= set(PALETTE)
    assert "--lost:#b4232c;" in style_variables("light")
