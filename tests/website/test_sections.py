"""The contents of the site."""

from website.sections import MORE, SECTIONS, contents
from website.tree import places


def test_every_page_that_is_named_is_there() -> None:
    pages = set(places().values())
    named = [name for names in SECTIONS.values() for name in names]
    assert [name for name in named if f"{name}.md" not in pages] == []
    assert len(set(named)) == len(named)


def test_a_page_that_is_named_nowhere_is_under_more() -> None:
    assert contents(["NEW", "UPLOAD"]) == {"How to": ["UPLOAD"], MORE: ["NEW"]}
