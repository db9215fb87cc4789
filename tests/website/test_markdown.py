"""Plain words as Markdown: nothing in them is taken for markup."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from website.generated.markdown import code, prose, table

_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


def test_what_is_no_code_is_neither_html_nor_emphasis() -> None:
    assert prose("Of *.toml and *.md, <name> or [x](y): `a<b>`") == (
        r"Of \*.toml and \*.md, \<name> or \[x\](y): `a<b>`"
    )


def test_a_docstring_loses_its_indent() -> None:
    assert prose("First.\n\n    Second,\n    third.\n") == "First.\n\nSecond,\nthird."


def test_a_document_that_is_named_is_a_link() -> None:
    assert prose("see docs/UPLOAD.md.") == "see [](/UPLOAD.md)."
    assert prose("`docs/UPLOAD.md`") == "`docs/UPLOAD.md`"


@given(st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=4))
def test_a_table_has_its_rows_and_cells_whatever_is_in_them(rows: list[tuple[str, str]]) -> None:
    html = rendered(table(("a", "b"), [(code(one), code(two)) for one, two in rows]))
    assert html.count("<tr>") == len(rows) + 1
    assert html.count("<td>") == 2 * len(rows)


def test_a_table_without_rows_is_none() -> None:
    assert table(("a",), []) == ""
