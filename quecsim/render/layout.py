"""Text for a terminal of 80 columns: wrapped, harmless, numbers with their nouns."""

from textwrap import wrap

from quecsim.units import S

WIDTH = 80
WORD_WIDTH = 9
"""The column behind the word that a line of the answer begins with."""


def wrapped(text: str, indent: int) -> list[str]:
    """Lines of `text`, all with the same margin."""
    margin = " " * indent
    return wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin) or [margin]


def hanging(text: str) -> list[str]:
    """Lines of `text` with a margin of 2, and of 4 from the second on."""
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def worded(word: str, text: str, colour: str) -> list[str]:
    """Lines of `text` behind `word`, which has the colour of that code, or none."""
    lines = wrapped(text, WORD_WIDTH)
    told = f"\x1b[{colour}m{word}\x1b[0m" if colour else word
    lines[0] = told + lines[0][len(word) :]
    return lines


def safe(text: str) -> str:
    """What a host wrote must not steer the terminal."""
    return text if text.isprintable() else ascii(text)[1:-1]


def seconds(at_ns: int) -> str:
    """`3.120`."""
    return f"{at_ns / S:.3f}"


def counted(number: int, noun: str) -> str:
    """`1 erase`, `2 erases`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
