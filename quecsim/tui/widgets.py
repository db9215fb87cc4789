"""Widgets that show rows: they ask for them, and are drawn only where something has changed."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget

from quecsim.tui.rows import Row, Tone

Fill = Callable[[int, int], list[Row]]
"""The rows for a width and a height."""

STYLES = {
    Tone.PLAIN: "",
    Tone.FAINT: "#8b949e",
    Tone.NAME: "bold",
    Tone.GOOD: "#56d364",
    Tone.WARN: "#e3b341",
    Tone.LOUD: "bold #ff7b72",
    Tone.HOST: "#79c0ff",
    Tone.DEVICE: "#7ee787",
    Tone.NET: "#d2a8ff",
}


def as_text(rows: Iterable[Row]) -> Text:
    """Rows for a terminal. Nothing in them is markup."""
    text = Text(no_wrap=True, overflow="crop")
    for number, pieces in enumerate(rows):
        if number:
            text.append("\n")
        for piece in pieces:
            text.append(piece.text, STYLES[piece.tone])
    return text


class RowView(Widget):
    """Rows in a frame with a title."""

    can_focus = False
    DEFAULT_CSS: ClassVar[str] = """
    RowView { border: round #3d444d; border-title-color: #e6edf3; border-title-style: bold;
              border-subtitle-color: #8b949e; }
    """

    def __init__(self, fill: Fill, *, title: str = "", id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._fill = fill
        self._rows: list[Row] = []
        self.border_title = title or None

    def look(self) -> None:
        """Draw it again, if there is something else to see now."""
        size = self.content_size
        rows = self._fill(size.width, size.height)
        if rows != self._rows:
            self._rows = rows
            self.refresh()

    def on_resize(self) -> None:
        """Another size has other rows."""
        self.look()

    def render(self) -> Text:
        """What is seen."""
        return as_text(self._rows)
