"""The part of the dialogue that is seen: filtered, wrapped, as many rows as there is room for."""

from collections.abc import Collection
from textwrap import wrap

from quecsim.render.cells import harmless
from quecsim.render.dialogue import Group, Line, Way
from quecsim.tui.model import Model
from quecsim.tui.rows import Piece, Row, Tone, fit
from quecsim.units import MS, S

ALL = frozenset(Group)
_TIME_WIDTH = 9
_NARROW, _NARROW_MARGIN = 50, 2
_TONES = {
    Way.TO_DEVICE: Tone.HOST,
    Way.TO_HOST: Tone.DEVICE,
    Way.DEVICE: Tone.PLAIN,
    Way.NETWORK: Tone.NET,
    Way.LOSS: Tone.WARN,
}


def dialogue_rows(
    model: Model, width: int, height: int, groups: Collection[Group] = ALL, end: int | None = None
) -> list[Row]:
    """The last lines of those `groups` before line number `end` (None: up to now), the oldest at
    the top, in `height` rows of `width` columns.
    """
    rows: list[Row] = []
    for line in model.lines_before(model.lines_told if end is None else end):
        if len(rows) >= height:
            break
        if line.group in groups:
            rows = [*_rows(line, width), *rows]
    return fit(rows[-height:], width, height) if height > 0 else []


def scrolled(model: Model, groups: Collection[Group], end: int | None, by: int) -> int | None:
    """Where the last line that is seen is after scrolling: `by` lines of those groups, up (below
    0) or down; None: at the newest, and following.
    """
    told, first = model.lines_told, model.first_line
    at = told if end is None else max(end, first)
    if by < 0:
        return _up(model, groups, at, -by)
    lines = list(model.lines_before(told))[: told - at]  # behind `at`, the newest first
    behind = [told - place for place, line in enumerate(lines) if line.group in groups]
    return behind[-by] if 0 < by < len(behind) else None


def _up(model: Model, groups: Collection[Group], at: int, by: int) -> int:
    """There is always one line left to see."""
    last = at
    for place, line in enumerate(model.lines_before(at)):
        if line.group in groups:
            last = at - place
            by -= 1
            if by < 0:
                break
    return last


def _rows(line: Line, width: int) -> list[Row]:
    head = f"{line.at_ns // S}.{line.at_ns % S // MS:03}".rjust(_TIME_WIDTH)
    tone = Tone.LOUD if line.is_loud else _TONES[line.way]
    text = harmless(line.text)
    if width < _NARROW:
        told = wrap(f"{head.strip()} {line.way} {text}", max(width, _NARROW_MARGIN + 1),
                    subsequent_indent=" " * _NARROW_MARGIN)  # fmt: skip
        return [(Piece(one, tone),) for one in told]
    margin = len(head) + len(line.way) + 2
    first, *others = wrap(text, width - margin, break_on_hyphens=False) or [""]
    rows: list[Row] = [(Piece(f"{head} ", Tone.FAINT), Piece(f"{line.way} {first}", tone))]
    return rows + [(Piece(" " * margin + other, tone),) for other in others]
