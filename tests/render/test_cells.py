"""The width of text on a terminal, and text from strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.cells import cells, cut, harmless


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("ca.pem", 6), ("证书", 4), ("e\N{COMBINING ACUTE ACCENT}", 1)]
)
def test_what_a_text_takes(text: str, columns: int) -> None:
    assert cells(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("ca.pem", 6, "ca.pem"),
        ("ca.pem", 5, "ca.p~"),
        ("证书", 3, "证~"),
        ("ab", 1, "~"),
        ("a", 0, ""),
    ],
)
def test_cut_text_says_so(text: str, columns: int, shown: str) -> None:
    assert cut(text, columns) == shown


@given(st.text(), st.integers(0, 30))
def test_no_cut_is_too_wide(text: str, columns: int) -> None:
    assert cells(cut(harmless(text), columns)) <= columns


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Mn", "Zl", "L", "P"])))
def test_nothing_steers_a_terminal(text: str) -> None:
    assert harmless(text).isprintable()
