"""Rows meet a terminal: nothing in them is markup, and nothing is drawn twice."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from quecsim.tui.rows import Piece, Row, Tone, row
from quecsim.tui.widgets import STYLES, RowView, as_text

MARKUP = ("[bold]", "[/]", "[@click=app.bell]x[/]", "[link=https://x]", "$error", "[red on blue")


def test_every_tone_has_a_look() -> None:
    assert set(STYLES) == set(Tone)


@given(st.lists(st.lists(st.one_of(st.sampled_from(MARKUP), st.text("[]/=@#ab")), max_size=3)))
def test_text_is_no_markup(given_rows: list[list[str]]) -> None:
    text = as_text([row(*one) for one in given_rows])
    assert text.plain == "\n".join("".join(one) for one in given_rows)
    assert not [span for span in text.spans if span.style]


class One(App[None]):
    """An application with one view, whose rows the test chooses."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.asked: list[tuple[int, int]] = []
        self.drawn = 0

    def compose(self) -> ComposeResult:
        app = self

        class Counted(RowView):
            def render(self) -> object:  # type: ignore[override]
                app.drawn += 1
                return super().render()

        yield Counted(self.fill, title="[bold]title[/]")

    def fill(self, width: int, height: int) -> list[Row]:
        self.asked.append((width, height))
        return self.rows


def test_a_view_is_drawn_when_its_rows_have_changed() -> None:
    async def look() -> None:
        app = One()
        async with app.run_test(size=(30, 8)) as pilot:
            view = app.query_one(RowView)
            assert app.asked[-1] == (28, 6)  # inside of its frame
            before = app.drawn
            view.look()
            await pilot.pause()
            assert app.drawn == before
            app.rows = [row(Piece("[bold]loud[/]", Tone.LOUD))]
            view.look()
            await pilot.pause()
            assert app.drawn == before + 1
            assert str(view.render()) == "[bold]loud[/]"

    asyncio.run(look())
