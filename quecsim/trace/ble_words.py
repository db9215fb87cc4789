"""The words of `BleAsked` and `BleHeard`, taken apart: `interval=20 latency=0 timeout=500`."""

import re

_WORD = re.compile(r"(?:^| )([a-z_]+)=(.*?)(?= [a-z_]+=|$)", re.DOTALL)
_MOST_DIGITS = 12


def words_of(text: str) -> dict[str, str]:
    """By their names; a text that is not of that form has none."""
    return dict(_WORD.findall(text))


def number_of(words: dict[str, str], name: str) -> int | None:
    """A word that is a number, None where it is none."""
    text = words.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None
