"""Markdown from plain words: tables whose cells hold anything, and prose from docstrings."""

import re
import textwrap
from collections.abc import Iterable, Sequence

_DOCUMENT = re.compile(r"\bdocs/([\w/]+\.md)")
_CODE = re.compile(r"(`+[^`]*`+)")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing where there are no rows."""
    body = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    if not body:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *body]) + "\n"


def code(text: object) -> str:
    """As code, whatever is in it; nothing for nothing."""
    shown = str(text)
    if not shown:
        return ""
    fence = "``" if "`" in shown else "`"
    pad = " " if "`" in shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str | None) -> str:
    """A docstring, or any words of ours: what is no code must not be taken for HTML or emphasis."""
    parts = _CODE.split(textwrap.dedent(_first_line_apart(text or "")).strip())
    return "".join(part if _CODE.fullmatch(part) else _led_on(_escaped(part)) for part in parts)


def _first_line_apart(text: str) -> str:
    first, newline, rest = text.partition("\n")
    return first.strip() + newline + textwrap.dedent(rest)


def _led_on(text: str) -> str:
    """A document that is named is a link, which shows its title."""
    return _DOCUMENT.sub(r"[](/\1)", text)


def _escaped(text: str) -> str:
    return re.sub(r"([<*\[\]])", r"\\\1", text)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
