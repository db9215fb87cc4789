"""The built site: nothing is missing, links lead somewhere, nothing comes from the network."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from tests.docs.markdown import ROOT
from tests.website.pages import Page, pages

_OUTSIDE = re.compile(r"(?:https?:)?//")
_LOADED_BY_CSS = re.compile(r"@import|url\(\s*['\"]?(?!data:)([^)'\"]+)")
_ASKED = re.compile(r'"url":"https?://([^/":]+)')
_OF_THE_BROWSER = (
    "update.googleapis.com",
    ".google.com",
    ".gvt1.com",
)  # what it asks for by itself
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def built(site: Path) -> dict[Path, Page]:
    return {page.path: page for page in pages(site / "html")}


def test_every_document_has_its_page(site: Path, built: dict[Path, Page]) -> None:
    for document in (ROOT / "docs").rglob("*.md"):
        page = (site / "html" / document.relative_to(ROOT / "docs")).with_suffix(".html")
        assert page in built


def test_the_contents_lead_to_every_page(site: Path, built: dict[Path, Page]) -> None:
    start = built[site / "html/index.html"]
    listed = {(start.path.parent / link.partition("#")[0]).resolve() for link in start.links}
    own = {"genindex.html", "search.html", "py-modindex.html", "index.html"}
    assert [path for path in built if path.name not in own and path.resolve() not in listed] == []


def test_every_link_leads_somewhere(built: dict[Path, Page]) -> None:
    wrong = [
        f"{page.path.name}: {link}"
        for page in built.values()
        for link in page.links
        if not _OUTSIDE.match(link) and not _leads_somewhere(page, link, built)
    ]
    assert wrong == []


def _leads_somewhere(page: Page, link: str, built: dict[Path, Page]) -> bool:
    name, _, place = link.partition("#")
    target = (page.path.parent / unquote(name)).resolve() if name else page.path
    if target not in built:
        return target.is_file()
    return not place or unquote(place) in built[target].places


def test_nothing_comes_from_the_network(site: Path, built: dict[Path, Page]) -> None:
    loaded = [load for page in built.values() for load in page.loads]
    assert len(loaded) > len(built)
    assert [load for load in loaded if _OUTSIDE.match(load)] == []
    sheets = list((site / "html").rglob("*.css"))
    assert sheets
    for sheet in sheets:
        found = _LOADED_BY_CSS.finditer(sheet.read_text(encoding="utf-8"))
        assert [one[0] for one in found if one[1] is None or _OUTSIDE.match(one[1])] == []


def test_the_page_of_the_story_is_there(site: Path, built: dict[Path, Page]) -> None:
    story = built[site / "html/STORY.html"]
    (link,) = [link for link in story.links if link.endswith("burst.html")]
    assert "153 bytes" in (story.path.parent / link).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("word", "page"),
    [("println", "UPLOAD"), ("rts_stuck", "reference/faults"), ("transpar", "NETWORK")],
)
def test_the_search_knows_the_words(site: Path, word: str, page: str) -> None:
    text = (site / "html/searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").rstrip().removesuffix(")"))
    found = [index[terms].get(word, []) for terms in ("terms", "titleterms")]
    numbers = [number for one in found for number in (one if isinstance(one, list) else [one])]
    assert page in {index["docnames"][number] for number in numbers}


@pytest.mark.skipif(_CHROMIUM is None, reason="there is no chromium")
@pytest.mark.parametrize(
    ("words", "first"), [("println", "UPLOAD.html"), ("transparent mode", "NETWORK.html")]
)
def test_the_search_works_from_a_file(site: Path, tmp_path: Path, words: str, first: str) -> None:
    """In a browser, without a server; and the page asks for nothing outside. What explains comes
    before the lists of AT commands.
    """
    assert _CHROMIUM is not None
    url, log = f"{(site / 'html/search.html').as_uri()}?q={quote(words)}", tmp_path / "net.json"
    done = subprocess.run(
        [
            _CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000",
            "--disable-background-networking", "--disable-component-update", "--no-first-run",
            f"--user-data-dir={tmp_path}", f"--log-net-log={log}", "--dump-dom", url,
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    links = re.findall(r'href="([^"?#]+)', done.stdout.partition('id="search-results"')[2])
    assert first in links
    assert not any(link.startswith("reference/at-") for link in links[: links.index(first)])
    asked = set(_ASKED.findall(log.read_text(encoding="utf-8", errors="replace")))
    assert {host for host in asked if not host.endswith(_OF_THE_BROWSER)} == set()
