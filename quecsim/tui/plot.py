"""The ring's history as a plot of blocks, with the marks of flow control and a lane under it."""

from collections.abc import Sequence

from quecsim.tui.history import Column
from quecsim.tui.rows import Piece, Row, Tone

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_MARK, _NOTHING = "·", " "
_LOST, _HELD, _BUSY = "x", "~", "="


def plot_rows(
    columns: Sequence[Column], capacity: int, width: int, height: int, mark: int | None = None
) -> list[Row]:
    """`height` rows of `width` columns, the newest at the right. A column that lost bytes, or was
    full, is loud; `mark` is a level whose height is dotted.
    """
    shown = list(columns)[-width:]
    margin = width - len(shown)
    marked = None if mark is None else _height(mark, capacity, height) // 8
    rows: list[Row] = []
    for number in reversed(range(height)):
        blank = _MARK if number == marked else _NOTHING
        pieces = [Piece(blank * margin, Tone.FAINT)] if margin else []
        pieces += [_cell(column, capacity, height, number, blank) for column in shown]
        rows.append(_joined(pieces))
    return rows


def lane_row(columns: Sequence[Column], width: int) -> Row:
    """A row of marks under it: `x` bytes were lost, `~` the host was held, `=` the device busy."""
    shown = list(columns)[-width:]
    pieces = [Piece(" " * (width - len(shown)))] if width > len(shown) else []
    return _joined([*pieces, *map(_mark, shown)])


def _cell(column: Column, capacity: int, height: int, number: int, blank: str) -> Piece:
    filled = _height(column.level, capacity, height) - number * 8
    is_loud = column.lost > 0 or 0 < capacity <= column.level
    if filled <= 0:
        return Piece(blank, Tone.FAINT)
    return Piece(_EIGHTHS[min(filled, 8)], Tone.LOUD if is_loud else Tone.HOST)


def _height(level: int, capacity: int, height: int) -> int:
    """In eighths of a row: any byte shows, and only a full ring reaches the top."""
    steps = height * 8
    if level <= 0 or capacity <= 0:
        return 0
    if level >= capacity:
        return steps
    return min(max(level * steps // capacity, 1), steps - 1)


def _mark(column: Column) -> Piece:
    if column.lost:
        return Piece(_LOST, Tone.LOUD)
    if column.is_held:
        return Piece(_HELD, Tone.HOST)
    return Piece(_BUSY, Tone.WARN) if column.is_busy else Piece(" ")


def _joined(pieces: Sequence[Piece]) -> Row:
    """Neighbours with the same tone as one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].tone is piece.tone:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.tone)
        else:
            joined.append(piece)
    return tuple(joined)
