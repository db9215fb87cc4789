"""What lies over the panels for a moment: the help, and the choice of what the dialogue shows."""

from collections.abc import Collection
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from quecsim.render.dialogue import Group
from quecsim.tui.rows import Piece, Row, Tone, named, row
from quecsim.tui.widgets import as_text

_CSS = """
Help, Filter { align: center middle; background: #0d1117 60%; }
#box { width: 64; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
       border: round #58a6ff; background: #161b22; }
SelectionList { height: auto; max-height: 1fr; border: none; padding: 0; background: #161b22; }
"""
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


class Filter(ModalScreen[frozenset[Group] | None]):
    """Which groups of lines the dialogue shows."""

    CSS: ClassVar[str] = _CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f,q", "done", show=False),
        Binding("a", "all", show=False),
    ]

    def __init__(self, shown: Collection[Group]) -> None:
        super().__init__()
        self._shown = frozenset(shown)

    def compose(self) -> ComposeResult:
        """A list to choose from."""
        choices = [
            Selection(Text(f"{group:<6} {group.about}"), group, group in self._shown)
            for group in Group
        ]
        chosen: SelectionList[Group] = SelectionList[Group](*choices, id="box")
        chosen.border_title = "Dialogue: space chooses, a all, Esc closes"
        yield chosen

    def action_all(self) -> None:
        """All of them; none, where all are chosen."""
        chosen = self._list
        if len(chosen.selected) == len(Group):
            chosen.deselect_all()
        else:
            chosen.select_all()

    def action_done(self) -> None:
        """That is what is to be seen; none at all would be all."""
        self.dismiss(frozenset(self._list.selected) or frozenset(Group))

    @property
    def _list(self) -> SelectionList[Group]:
        return self.query_one(SelectionList)
