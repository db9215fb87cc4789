"""The page of two runs: the answer, what differs, and the same stretch of time of both."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.render.page.two import two_html, write_two
from quecsim.render.recorded import Recorded
from quecsim.report.comparison import Comparison, Difference, Kind, Run, compare
from quecsim.run.recorded import recorded
from tests.cli.test_report import record
from tests.render.page.browsing import Visit, chromium
from tests.render.page.test_hostile import NASTY, markup

TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))


@cache
def lossy() -> Recorded:
    return recorded(record("thread-57329"), name="before.jsonl")


@cache
def cured() -> Recorded:
    return recorded(record("thread-57329", flow="rtscts", ifc=(2, 2)), name="after.jsonl")


def compared(before: Recorded, after: Recorded) -> Comparison:
    return compare(*(Run(each.name, each.events, each.report) for each in (before, after)))


def html(before: Recorded, after: Recorded) -> str:
    return two_html(compared(before, after), before, after)


def test_the_answer_comes_first_and_both_rings_last() -> None:
    page = html(lossy(), cured())
    places = [
        page.index(text)
        for text in (
            "ca.pem was lost (153 bytes) before, and is intact after.",
            "set-up: host_flow",
            "153 bytes in 1 place, the first at byte 1024",
            "Before: before.jsonl",
            "After: after.jsonl",
        )
    ]
    assert places == sorted(places)


def test_two_runs_that_are_alike() -> None:
    page = html(lossy(), lossy())
    assert "Both came out alike." in page
    assert "Nothing but, perhaps, times." in page


def test_the_same_runs_give_the_same_bytes() -> None:
    first, again = BytesIO(), BytesIO()
    for file in (first, again):
        write_two(compared(lossy(), cured()), lossy(), cured(), file)
    assert first.getvalue() == again.getvalue()
    assert len(first.getvalue()) < 100_000


@settings(max_examples=25, deadline=None)
@given(what=TEXTS, before=TEXTS, after=TEXTS)
def test_no_text_of_others_is_markup(what: str, before: str, after: str) -> None:
    found = Comparison(before, after, what, [Difference(Kind.HOST, what, before, after)])
    named = replace(lossy(), name=before), replace(cured(), name=after)
    plain = Comparison("a", "b", "c", [Difference(Kind.HOST, "d", "e", "f")])
    made, usual = (
        markup(two_html(each, *sides))
        for each, sides in ((found, named), (plain, (lossy(), cured())))
    )
    assert made.found == usual.found
    assert made.links == usual.links
    assert made.scripts == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_in_a_browser_nothing_is_asked_for_or_wider_than_the_window(
    tmp_path: Path, width: int
) -> None:
    file = tmp_path / "two.html"
    file.write_text(html(lossy(), cured()))
    with chromium() as browser:
        size = {"width": width, "height": 800}
        visit = Visit(browser, file, scripts=False, viewport=size)
        assert visit.complaints == []
        assert visit.requests == [file.as_uri()]
        assert visit.page.locator(".still svg").count() == 2
        box = visit.page.locator("main").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width
        visit.close()
