"""How many columns of a terminal a text takes, and text cut to so many."""

import unicodedata

from quecsim.render.layout import safe

_CUT = "~"
_WIDE = ("W", "F")


def cells(text: str) -> int:
    """The columns that `text` takes: two for a wide character, none for an accent of its own."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def cut(text: str, columns: int) -> str:
    """As much of `text` as fits; a `~` says that there was more."""
    if cells(text) <= columns:
        return text
    if columns <= 0:
        return ""
    kept, left = [], columns - len(_CUT)
    for one in text:
        left -= _columns(one)
        if left < 0:
            break
        kept.append(one)
    return "".join(kept) + _CUT


def harmless(text: str) -> str:
    """`text` from anywhere as a terminal may show it: one line, nothing that steers, and nothing
    whose width terminals do not agree about.
    """
    shown = safe(text)
    if shown.isascii() or not any(map(unicodedata.combining, shown)):
        return shown
    return ascii(shown)[1:-1]


def _columns(one: str) -> int:
    if unicodedata.combining(one):
        return 0
    return 2 if unicodedata.east_asian_width(one) in _WIDE else 1
