"""The story as a page."""

import re
from pathlib import Path

import pytest

from quecsim.demo.outcomes import Outcomes
from quecsim.demo.page import story_html
from quecsim.demo.play import play
from quecsim.demo.story import CHAPTERS
from quecsim.demo.ways import CARGOES, WAYS
from tests.render.page.browsing import Visit, chromium


@pytest.fixture(scope="module")
def page() -> str:
    played = [play(way, CARGOES[0], is_quick=True) for way in WAYS]
    return story_html(Outcomes(played), is_quick=True)


def test_it_has_all_chapters_and_both_rings(page: str) -> None:
    assert re.findall("<h2>(.*)</h2>", page) == [chapter.title for chapter in CHAPTERS]
    assert page.count('<figure class="still">') == 2
    assert "LOST 153 bytes, 1024..1176 of ca.pem" in page
    assert page.count("<tr class=") == len(WAYS)
    assert page.count('<tr class="bad">') == 1
    assert "NOT let in (+QMTOPEN: 0,5)" in page


def test_it_has_no_script(page: str) -> None:
    assert "<script" not in page


@pytest.mark.parametrize("width", [1280, 360])
def test_in_a_browser(page: str, tmp_path: Path, width: int) -> None:
    file = tmp_path / "demo.html"
    file.write_text(page)
    with chromium() as browser:
        visit = Visit(browser, file, scripts=False, viewport={"width": width, "height": 800})
        assert visit.complaints == []
        assert visit.requests == [file.as_uri()]
        box = visit.page.locator("main").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width
        visit.close()
