"""Rows of text in pieces, each with its tone: what panels are made of before they meet a terminal.

A tone says what a piece is to look like, and never more than its words do.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from quecsim.render.cells import cells, cut


class Tone(StrEnum):
    """How a piece looks."""

    PLAIN = ""
    FAINT = "faint"
    NAME = "name"
    GOOD = "good"
    WARN = "warn"
    LOUD = "loud"
    HOST = "host"
    DEVICE = "device"
    NET = "net"


class Piece(NamedTuple):
    """Some text of a row."""

    text: str
    tone: Tone = Tone.PLAIN


Row = tuple[Piece, ...]
BLANK: Row = ()


def row(*pieces: Piece | str) -> Row:
    """A row; bare texts are plain."""
    return tuple(piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces)


def named(name: str, *pieces: Piece | str, width: int = 7) -> Row:
    """A row that begins with what it is about."""
    return (Piece(f"{name:<{width}} ", Tone.FAINT), *row(*pieces))


def plain(pieces: Row) -> str:
    """Its text."""
    return "".join(piece.text for piece in pieces)


def fit(rows: Iterable[Row], width: int, height: int) -> list[Row]:
    """At most `height` rows of at most `width` columns; what is left out is told in the last."""
    rows = list(rows)
    if len(rows) > height > 0:
        hidden = len(rows) - height + 1
        rows = [*rows[: height - 1], row(Piece(f"{hidden} more", Tone.FAINT))]
    return [_narrow(one, width) for one in rows[:height]]


def _narrow(pieces: Row, width: int) -> Row:
    kept: list[Piece] = []
    left = width
    for piece in pieces:
        text = cut(piece.text, left)
        kept.append(Piece(text, piece.tone))
        left -= cells(text)
        if text != piece.text:
            break
    return tuple(kept)
