"""Whatever a file, a host or a device says is text on the page, and never markup."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from quecsim.border.news import Why
from quecsim.judge.file import as_judged
from quecsim.render.page.document import page_html
from quecsim.render.page.write import write_page
from quecsim.render.recorded import Recorded
from quecsim.report.model import Verdict
from quecsim.run.recorded import recorded
from quecsim.trace import event as ev
from tests.cli.test_report import record
from tests.render.page.browsing import Visit, chromium

NASTY = (
    '"><script>window.hurt=1</script><img src=x onerror="window.hurt=2">',
    "</script><script>window.hurt=3</script>",
    "</style></title></textarea><svg onload=window.hurt=4>",
    "<!--<script>",
    "' onmouseover='window.hurt=5' x='",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[2J\x1b]0;title\x07\x00\x08\x9b31m",
    "\u202egnp.exe\u2066\u200f",
    "\ud800 alone",
    "javascript:window.hurt=6",
    "&lt;b&gt;&amp;",
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=40)).filter(bool)
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Markup(HTMLParser):
    """The elements and attributes of a page, and what stands in its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.links: set[str] = set()
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}
        self.scripts += tag == "script"


def markup(html: str) -> Markup:
    parser = Markup()
    parser.feed(html)
    parser.close()
    return parser


@cache
def honest() -> Recorded:
    return recorded(record("thread-57329"), name="run.jsonl")


@cache
def honest_markup() -> Markup:
    failed = replace(honest(), verdict="failed", has_passed=False, payload_hidden=False)
    mark = markup(page_html(failed))
    quiet = markup(page_html(replace(honest(), payload_hidden=True)))
    mark.found |= quiet.found | {
        ("p", "class"),
        ("strong", ""),
        ("li", "class"),
        ("small", ""),
        ("b", "class"),
    }
    return mark


def spoilt(event: ev.Event, text: str) -> ev.Event:
    """The same with `text` wherever words of others may stand."""
    if isinstance(event, ev.Start):
        origin = structs.replace(event.origin, name=text, version=text, command=(text, text))
        return structs.replace(event, origin=origin, settings={text: text})
    if isinstance(event, ev.HostBytes):
        raw = text.encode("utf-8", "surrogatepass")
        return structs.replace(event, data=(raw * len(event.data))[: len(event.data)])
    if isinstance(event, ev.Sent):
        return structs.replace(event, data=text.encode("utf-8", "surrogatepass"))
    words: dict[str, Any] = dict.fromkeys(_WORDS.get(type(event), ()), text)
    return structs.replace(event, **words) if words else event


_WORDS: dict[type, tuple[str, ...]] = {
    ev.CommandLine: ("text",),
    ev.Result: ("text", "line"),
    ev.TransferAsked: ("name",),
    ev.DataBegin: ("name",),
    ev.Stored: ("name",),
    ev.Lost: ("doing", "device_flow", "host_flow"),
    ev.FlashBusy: ("why",),
    ev.DataEnd: ("summary",),
    ev.Power: ("why",),
    ev.TransferEnd: ("result",),
    ev.FileChanged: ("name",),
}


def more(text: str) -> list[ev.Event]:
    """Events of other kinds that hold words."""
    return [
        ev.Urc(at_ns=5, text=text),
        ev.UrcDropped(at_ns=6, text=text, why=text),
        ev.FaultFired(at_ns=7, index=0, kind=text, what=text),
        ev.LinkFailed(at_ns=9, link=1, owner=text, host=text, port=1, why=Why.DNS, detail=text),
        ev.MessageSent(at_ns=10, reference=1, to=text, body=text, is_pdu=False),
        ev.Swallowed(at_ns=11, offset=1100, pause_ns=1, text=text, transfer=1),
    ]


def attacked(text: str) -> Recorded:
    """A run in which everybody says `text`."""
    start, *events = (spoilt(event, text) for event in honest().events)
    made = recorded([start, *more(text), *events], name=text, verdict=text, has_passed=False)
    report = as_judged(made.report, text, Verdict.LOST, text)
    return replace(made, report=report)


@settings(max_examples=12)
@given(TEXTS)
@example(NASTY[0])
@example(NASTY[1])
@example(NASTY[2])
@example(NASTY[3])
@example(NASTY[4])
@example(NASTY[6])
@example(NASTY[7])
@example(NASTY[8])
def test_no_word_of_others_becomes_markup(text: str) -> None:
    html = page_html(attacked(text))
    found = markup(html)
    assert found.found <= honest_markup().found
    assert found.scripts == honest_markup().scripts
    assert found.links <= {"#verdict", "#losses", "#timeline", "#about"}
    assert not _HIDDEN.search(html)
    assert "window.hurt" not in scripts(html)


def scripts(html: str) -> str:
    return "".join(re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL))


def test_a_lone_surrogate_can_be_written() -> None:
    file = BytesIO()
    write_page(attacked(NASTY[8]), file)
    assert file.getvalue().decode()


@pytest.fixture(scope="module")
def visits() -> Iterator[Any]:
    with chromium() as browser:
        yield lambda path: Visit(browser, path)


def test_in_a_browser_nothing_of_it_runs(visits: Any, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    with path.open("wb") as file:
        write_page(attacked("".join(NASTY[:6]) + NASTY[9]), file)
    visit = visits(path)
    visit.press("n", "p")
    visit.page.locator("#dialogue li").last.click()
    assert visit.page.evaluate("() => window.hurt === undefined")
    assert visit.page.locator("img").count() == 0
    assert "<script>window.hurt=1</script>" in visit.text("#about")
    assert visit.requests == [path.as_uri()]
    assert visit.complaints == []
    visit.close()
