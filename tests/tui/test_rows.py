"""Rows of text in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.cells import cells, harmless
from quecsim.tui.rows import Piece, Tone, fit, named, plain, row


def test_a_row_begins_with_what_it_is_about() -> None:
    assert plain(named("host", "9600", Piece(" 8N1", Tone.GOOD))) == "host    9600 8N1"


def test_what_does_not_fit_is_counted() -> None:
    rows = [row(str(number)) for number in range(5)]
    assert [plain(one) for one in fit(rows, 10, 5)] == ["0", "1", "2", "3", "4"]
    assert [plain(one) for one in fit(rows, 10, 3)] == ["0", "1", "3 more"]
    assert fit(rows, 10, 0) == []


@given(st.lists(st.lists(st.text(max_size=20), max_size=4), max_size=8), st.integers(0, 30),
       st.integers(0, 6))  # fmt: skip
def test_rows_always_fit(given_texts: list[list[str]], width: int, height: int) -> None:
    rows = fit([row(*map(harmless, one)) for one in given_texts], width, height)
    assert len(rows) <= height
    assert all(cells(plain(one)) <= width for one in rows)
