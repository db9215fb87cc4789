"""What lies over the panels for a moment: the help, and the choice of what the dialogue shows."""

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from quecsim.render.dialogue import Group
from quecsim.tui.rows import Piece, Row, Tone, fit, named, row
from quecsim.tui.widgets import RowView, as_text

_CSS = """
Help, Filter { align: center middle; background: #0d1117 60%; }
#box { width: 64; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
       border: round #58a6ff; background: #161b22; }
RowView#box { width: 74; height: 12; padding: 0; }
"""
_GROUPS = tuple(Group)
HINT = row(Piece("Esc closes", Tone.FAINT))


class Help(ModalScreen[None]):
    """What the keys do."""

    CSS: ClassVar[str] = _CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, "dismiss", show=False)
        for key in ("escape", "question_mark", "h", "enter", "q")
    ]

    def __init__(self, keys: Collection[tuple[str, str]]) -> None:
        super().__init__()
        self._rows: list[Row] = [named(key, about, width=10) for key, about in keys]

    def compose(self) -> ComposeResult:
        """One box."""
        box = VerticalScroll(Static(as_text([*self._rows, HINT]), markup=False), id="box")
        box.border_title = "Keys"
        yield box


class Filter(ModalScreen[frozenset[Group]]):
    """Which groups of lines the dialogue shows."""

    CSS: ClassVar[str] = _CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f,q", "done", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("space,enter", "choose", show=False),
        Binding("a", "all", show=False),
    ]

    def __init__(self, shown: Collection[Group]) -> None:
        super().__init__()
        self._chosen = set(shown)
        self._at = 0
        self._view = RowView(
            self._fill, title="Dialogue: space chooses, a all, Esc closes", id="box"
        )

    def compose(self) -> ComposeResult:
        """A list to choose from."""
        yield self._view

    def action_move(self, by: int) -> None:
        """Another group."""
        self._at = (self._at + by) % len(_GROUPS)
        self._view.look()

    def action_choose(self) -> None:
        """This one too, or no more."""
        self._chosen ^= {_GROUPS[self._at]}
        self._view.look()

    def action_all(self) -> None:
        """All of them; none, where all are chosen."""
        self._chosen = set() if len(self._chosen) == len(_GROUPS) else set(_GROUPS)
        self._view.look()

    def action_done(self) -> None:
        """That is what is to be seen; none at all would be all."""
        self.dismiss(frozenset(self._chosen) or frozenset(_GROUPS))

    def _fill(self, width: int, height: int) -> list[Row]:
        """As many as there is room for, with the one that is meant among them."""
        first = min(max(self._at - height // 2, 0), max(len(_GROUPS) - height, 0))
        return fit(map(self._row, _GROUPS[first : first + height]), width, height)

    def _row(self, group: Group) -> Row:
        is_here, is_chosen = group is _GROUPS[self._at], group in self._chosen
        mark = Piece("[x] " if is_chosen else "[ ] ", Tone.GOOD if is_chosen else Tone.FAINT)
        here = Piece("> " if is_here else "  ", Tone.HOST)
        return row(here, mark, Piece(f"{group:<6} ", Tone.NAME if is_here else Tone.PLAIN),
                   Piece(group.about, Tone.PLAIN if is_chosen else Tone.FAINT))  # fmt: skip
