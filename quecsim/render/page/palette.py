"""The colours of the page, light and dark. None of them says anything that words, shapes or
hatches do not say as well.
"""

from typing import NamedTuple


class Colour(NamedTuple):
    """The same thing on light and on dark ground."""

    light: str
    dark: str


PALETTE: dict[str, Colour] = {
    "ground": Colour("#fcfcfb", "#14181d"),
    "surface": Colour("#fefefe", "#1b2027"),  # white is what Bokeh leaves out
    "sunken": Colour("#f3f4f4", "#10141a"),
    "edge": Colour("#dfe2e5", "#333b45"),
    "grid": Colour("#eceeef", "#282f38"),
    "ink": Colour("#1c232b", "#e7eaee"),
    "soft": Colour("#58626d", "#a3adb9"),
    "accent": Colour("#1f5fa8", "#7fb4f0"),
    "good": Colour("#1d7044", "#6cc794"),
    "unsure": Colour("#8a5a00", "#e3b04b"),
    "lost": Colour("#b4232c", "#ff8585"),
    "lost-ground": Colour("#fbe9e8", "#3d2124"),
    "stored-ground": Colour("#e6f2ea", "#1c3226"),
    "ring": Colour("#3a6ea5", "#86b2df"),
    "writes": Colour("#3f5f87", "#9dbbe0"),
    "line": Colour("#5b7fab", "#7d9fc8"),
    "rts": Colour("#0b6e69", "#5cc4bd"),
    "held": Colour("#0f766e", "#55b8b0"),
    "flash": Colour("#b07817", "#dba548"),
    "mode": Colour("#8c97a3", "#6d7884"),
    "acks": Colour("#2c7a4b", "#7ccf9e"),
    "line-back": Colour("#6c86a6", "#8a9fba"),
    "commands": Colour("#44546a", "#b4c0d0"),
    "urcs": Colour("#7a4b94", "#c79ade"),
    "network": Colour("#5d4aa0", "#a899e6"),
    "faults": Colour("#94431c", "#f0a070"),
    "eaten": Colour("#7a6a58", "#c0ad97"),
}

HATCHES: dict[str, str] = {
    "flash": "/",
    "held": ".",
    "rts": "-",
    "mode": "",
    "line": "",
    "line-back": "",
    "network": "\\",
    "eaten": "|",
    "lost": "x",
}
"""Hatch of a lane, as Bokeh names it; without one it is plain."""


def style_variables(theme: str) -> str:
    """The colours of `theme` (light | dark) as CSS custom properties."""
    return "".join(f"--{name}:{getattr(colour, theme)};" for name, colour in PALETTE.items())
