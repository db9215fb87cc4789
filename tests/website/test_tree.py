"""Documents on their way to the site: links, pieces, what is not for it."""

from pathlib import Path

import pytest

from tests.docs.markdown import ROOT
from website.generated import PIECES
from website.tree import lay_out, of_the_site, places


@pytest.mark.parametrize(
    ("source", "link", "place"),
    [
        ("docs/CHECK.md", "[CHECK](UPLOAD.md#3-println)", "[CHECK](UPLOAD.md#3-println)"),
        ("docs/CHECK.md", "[UPLOAD.md](UPLOAD.md)", "[](UPLOAD.md)"),
        ("docs/devices/m95.md", "[there](../../CONTRIBUTING.md)", "[there](../CONTRIBUTING.md)"),
        ("CHANGELOG.md", "[docs/UPLOAD.md](docs/UPLOAD.md#x)", "[](UPLOAD.md#x)"),
        ("docs/TLS.md", "[a](../README.md)", "[a](index.md)"),
        ("docs/TLS.md", "[a](https://x.example/UPLOAD.md)", "[a](https://x.example/UPLOAD.md)"),
        ("docs/TLS.md", "`[a](../README.md)` and [b](#c)", "`[a](index.md)` and [b](#c)"),
    ],
)
def test_links_lead_on(source: str, link: str, place: str, tmp_path: Path) -> None:
    assert of_the_site(link, source, places(), tmp_path) == place


def test_a_link_to_a_file_takes_it_along(tmp_path: Path) -> None:
    text = "[the file](../scenarios/worst-flash.toml)"
    made = of_the_site(text, "docs/TLS.md", places(), tmp_path)
    assert made == "[the file](files/scenarios/worst-flash.toml)"
    assert "worst" in (tmp_path / "files/scenarios/worst-flash.toml").read_text()


def test_code_is_left_as_it_is(tmp_path: Path) -> None:
    text = "```text\n[a](../README.md)\n```\n[a](../README.md)\n"
    made = of_the_site(text, "docs/TLS.md", places(), tmp_path)
    assert made == "```text\n[a](../README.md)\n```\n[a](index.md)\n"


def test_what_is_not_for_the_site_goes(tmp_path: Path) -> None:
    text = "a\n<!-- not on the site -->\nb\n<!-- end -->\nc\n"
    assert of_the_site(text, "docs/TLS.md", places(), tmp_path) == "a\nc\n"


def test_every_generated_piece_has_its_place(tmp_path: Path) -> None:
    lay_out(tmp_path)
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
    assert [name for name in PIECES if f"<!-- generated: {name} -->\n" not in text] == []
    laid = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.md"))
    assert "\n<!-- generated:" not in laid
    assert "\n<!-- not on the site" not in laid
