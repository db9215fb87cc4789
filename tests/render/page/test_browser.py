"""The page as a person has it: in a browser, by mouse and keyboard, dark, small, on paper."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from quecsim.render.page.write import write_page
from quecsim.run.recorded import recorded
from quecsim.units import s
from tests.cli.test_report import record
from tests.render.page.browsing import Visit, chromium
from tests.render.page.runs import many_losses


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with many losses."""
    path = tmp_path_factory.mktemp("page") / "run.html"
    with path.open("wb") as stream:
        write_page(recorded(many_losses(), name="run.jsonl"), stream)
    return path


@pytest.fixture
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    visit = Visit(browser, file, viewport={"width": 1280, "height": 900})
    yield visit
    assert visit.complaints == []
    assert visit.requests == [file.as_uri()]
    visit.close()


def test_it_opens_with_the_verdict_and_the_timeline(visit: Visit) -> None:
    assert "bytes lost in" in visit.text("h1")
    assert visit.page.locator("#plots canvas").count() > 0
    assert not visit.page.locator(".stills").is_visible()
    assert "512 of 512 bytes" in visit.text("#reading")


def test_a_key_leads_from_loss_to_loss(visit: Visit) -> None:
    count = int(visit.number("timeline.losses.begin.length"))
    assert count > 20
    seen = []
    for number in range(2, count + 1):
        visit.press("n")
        assert visit.text("#of") == f"loss {number} of {count}"
        seen.append(visit.number("timeline.cursor"))
        at = visit.number("timeline.cursor")
        assert visit.number("timeline.view.start") <= at <= visit.number("timeline.view.end")
    assert seen == sorted(set(seen))
    visit.press("n")
    assert visit.text("#of") == f"loss {count} of {count}"
    visit.press("p")
    assert visit.number("timeline.cursor") == seen[-2]
    assert "lost, from byte" in visit.text("#reading")


def test_a_loss_in_the_list_leads_to_the_timeline(visit: Visit) -> None:
    visit.page.click("#loss-2 [data-show]")
    visit.settle()
    assert visit.number("timeline.chosen") == 1
    assert visit.page.locator("#dialogue .chosen").get_attribute("data-loss") == "2"
    assert visit.page.evaluate("document.activeElement.id") == "plots"


def test_keys_zoom_move_and_go_back_to_the_whole_run(visit: Visit) -> None:
    visit.page.focus("#plots")
    visit.press("0")
    whole = span(visit)
    assert whole >= visit.number("timeline.data.end")
    visit.press("+", "+")
    assert span(visit) == pytest.approx(whole / 4)
    before = visit.number("timeline.view.start")
    visit.press("ArrowRight")
    assert visit.number("timeline.view.start") > before
    visit.press("ArrowDown", "Home")
    assert span(visit) == pytest.approx(whole)


def test_keys_move_the_cursor_and_its_values_are_said(visit: Visit) -> None:
    visit.page.focus("#plots")
    before = visit.number("timeline.cursor")
    visit.press(">")
    assert visit.number("timeline.cursor") > before
    assert "ring: " in visit.text("#said")
    visit.press("<")
    assert visit.number("timeline.cursor") == pytest.approx(before)


def test_elsewhere_arrows_are_the_pages_own(visit: Visit) -> None:
    start = visit.number("timeline.view.start")
    visit.press("ArrowRight", "+")
    assert visit.number("timeline.view.start") == start


def in_the_ring(visit: Visit) -> tuple[float, float]:
    """A point there, on the screen."""
    visit.page.locator("#plots").scroll_into_view_if_needed()
    box = visit.page.locator("#plots").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * 0.8, box["y"] + 150


def span(visit: Visit) -> float:
    return visit.number("timeline.view.end") - visit.number("timeline.view.start")


def test_the_mouse_reads_values_and_drags(visit: Visit) -> None:
    x, y = in_the_ring(visit)
    before, start = visit.text("#reading"), visit.number("timeline.view.start")
    visit.page.mouse.move(x, y)
    visit.until(lambda: visit.text("#reading") != before)
    visit.page.mouse.down()
    visit.page.mouse.move(x - 300, y, steps=5)
    visit.page.mouse.up()
    visit.until(lambda: visit.number("timeline.view.start") > start)


def test_the_wheel_zooms_once_the_timeline_is_chosen(visit: Visit) -> None:
    visit.page.mouse.move(*in_the_ring(visit))
    before, top = span(visit), visit.page.evaluate("scrollY")
    visit.page.mouse.wheel(0, -200)
    visit.until(lambda: visit.page.evaluate("scrollY") < top)
    assert span(visit) == before
    visit.page.mouse.click(*in_the_ring(visit))
    visit.until(lambda: visit.page.evaluate("document.activeElement.id") == "plots")
    visit.page.mouse.wheel(0, -200)
    visit.until(lambda: span(visit) < before)


def test_the_dialogue_leads_to_the_timeline(visit: Visit) -> None:
    line = visit.page.locator("#dialogue li.data").last
    line.scroll_into_view_if_needed()
    line.click()
    visit.settle()
    at = float(line.get_attribute("data-at") or 0) / 1e6
    assert visit.number("timeline.cursor") == pytest.approx(at)
    assert visit.number("timeline.view.start") < at < visit.number("timeline.view.end")
    assert line.get_attribute("aria-selected") == "true"
    visit.press("Home")
    assert visit.number("timeline.cursor") == 0


def test_the_timeline_leads_to_the_dialogue(visit: Visit) -> None:
    visit.press("n", "n")
    chosen = visit.page.locator("#dialogue .chosen")
    assert chosen.get_attribute("data-loss") == "3"
    top = visit.number("dialogue.list.scrollTop")
    visit.page.focus("#plots")
    visit.press(*["ArrowRight"] * 30)
    assert visit.number("dialogue.list.scrollTop") > top
    assert visit.page.locator("#dialogue .in-sight").count() > 0


def test_groups_of_the_dialogue_can_be_left_out(visit: Visit) -> None:
    assert visit.page.locator("#dialogue li.flash").first.is_visible()
    visit.page.click("#filter [data-group=flash]")
    assert not visit.page.locator("#dialogue li.flash").first.is_visible()
    assert visit.page.get_attribute("#filter [data-group=flash]", "aria-pressed") == "false"


def test_it_turns_dark_with_the_system_and_stays_where_it_was(visit: Visit) -> None:
    light = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    visit.press("n", "n", "n")
    start = visit.number("timeline.view.start")
    visit.page.emulate_media(color_scheme="dark")
    visit.page.wait_for_selector("html[data-theme=dark]", state="attached")
    visit.settle()
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    surface = "timeline.named('ring').background_fill_color"
    assert visit.page.evaluate(f"() => window.quecsim.{surface}") == "#1b2027"
    assert visit.number("timeline.view.start") == start


def test_on_paper_stands_the_picture(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".still svg").first.is_visible()
    assert not visit.page.locator("#live").is_visible()
    assert visit.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1600])
def test_no_width_needs_sideways_scrolling(browser: Browser, file: Path, width: int) -> None:
    visit = Visit(browser, file, viewport={"width": width, "height": 740})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.complaints == []
    visit.close()


def test_without_a_script_there_is_all_but_the_zoom(browser: Browser, file: Path) -> None:
    visit = Visit(browser, file, scripts=False)
    assert "bytes lost in" in visit.text("h1")
    assert visit.page.locator(".losses del").first.is_visible()
    assert visit.page.locator(".still svg").first.is_visible()
    assert visit.page.locator("#dialogue li").count() > 100
    assert not visit.page.locator("#live").is_visible()
    visit.close()


def test_it_opens_on_the_part_that_was_asked_for(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "part.html"
    made = replace(recorded(many_losses()), window=(s(2), s(3)))
    with path.open("wb") as stream:
        write_page(made, stream)
    visit = Visit(browser, path)
    assert (visit.number("timeline.view.start"), visit.number("timeline.view.end")) == (2, 3)
    assert 2 <= visit.number("timeline.cursor") <= 3
    visit.close()


def test_a_run_that_went_well(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "well.html"
    with path.open("wb") as stream:
        write_page(recorded(record("typical-flash"), name="well.jsonl"), stream)
    visit = Visit(browser, path)
    visit.press("n", "p")
    assert "all 1188 bytes are stored" in visit.text("h1")
    assert "previous loss" not in visit.text("#live")
    assert visit.complaints == []
    visit.close()


def test_a_loss_that_took_no_time_is_seen_with_what_was_around_it(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "cut.html"
    with path.open("wb") as stream:
        write_page(recorded(record("power-cut-in-upload")), stream)
    visit = Visit(browser, path)
    begin = visit.number("timeline.losses.begin[0]")
    assert begin == visit.number("timeline.losses.end[0]")
    assert visit.number("timeline.view.start") < begin < visit.number("timeline.view.end")
    assert 0.005 < span(visit) < 0.1
    visit.close()
