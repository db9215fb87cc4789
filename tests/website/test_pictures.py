"""The pictures of the documents are those of the runs that they show."""

import pytest

from tests.docs.markdown import DOCUMENTS
from website.pictures import PICTURES, illustrated, letters, renewed


def test_the_pictures_in_the_documents_are_as_made_now() -> None:
    stale = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        if renewed(text) != text:
            stale.append(document.name)
    assert stale == [], "run: python -m website.pictures"


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_shown(name: str) -> None:
    marker = f"<!-- picture: {name} -->\n"
    assert any(marker in document.read_text(encoding="utf-8") for document in DOCUMENTS)


def test_only_the_burst_loses_bytes_and_only_rts_holds_the_host() -> None:
    lanes = {name: [line[:4] for line in letters(name).split("\n")] for name in PICTURES}
    assert [name for name, lines in lanes.items() if "lost" in lines] == ["burst"]
    assert [name for name, lines in lanes.items() if "held" in lines] == ["held"]


def test_on_the_site_a_picture_keeps_its_place() -> None:
    text = "before\n<!-- picture: burst -->\n```text\n```\n<!-- end -->\nafter\n"
    kept: dict[str, bytes] = {}

    def keep(name: str, drawn: bytes) -> str:
        kept[name] = drawn
        return name

    made = illustrated(text, keep)
    assert made.startswith("before\n<!-- picture: burst -->\n")
    assert made.endswith("<!-- end -->\nafter\n")
    assert "](burst.svg)" in made
    assert b"153 bytes lost" in kept["burst.svg"]


def test_on_the_site_the_page_of_a_run_is_linked() -> None:
    kept: dict[str, bytes] = {}

    def keep(name: str, drawn: bytes) -> str:
        kept[name] = drawn
        return name

    made = illustrated("<!-- page: burst -->The run<!-- end -->.\n", keep)
    assert made == "[The run](burst.html).\n"
    assert b"153 bytes" in kept["burst.html"]
