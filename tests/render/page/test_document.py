"""The page as a whole: what a browser may do for it, and what becomes of damaged records."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from quecsim.render.page.document import library, page_html
from quecsim.run.recorded import recorded
from quecsim.trace.event import Event
from quecsim.units import ms
from tests.cli.test_report import record

EVENTS = record("thread-57329")
NUMBERS = st.sampled_from([0, 1, -1, 255, 1 << 30, 1 << 61])


def test_only_the_scripts_of_the_page_may_run() -> None:
    html = page_html(recorded(EVENTS))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    policy = policy.replace("&#39;", "'")
    (own,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    for script in (own, library()):
        digest = b64encode(sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search("script-src[^;]*unsafe-inline", policy)


def test_a_picture_of_what_was_asked_for_says_so() -> None:
    whole = page_html(recorded(EVENTS))
    part = page_html(replace(recorded(EVENTS), window=(ms(1), ms(250))))
    assert "The first loss" in whole
    assert "The first loss" not in part
    assert "From 0.001 s to 0.25 s" in part


def test_it_is_small() -> None:
    assert len(page_html(recorded(EVENTS))) < 700_000


@st.composite
def damaged(draw: st.DrawFn) -> list[Event]:
    """The record with events missing, and others with numbers that cannot be."""
    kept = draw(st.sets(st.integers(1, len(EVENTS) - 1)))
    events = [EVENTS[n] for n in sorted(kept)]
    for place in draw(st.sets(st.integers(0, len(events)), max_size=6)):
        if place < len(events):
            events[place] = _spoilt(events[place], draw)
    return [EVENTS[0], *events]


def _spoilt(event: Event, draw: Any) -> Event:
    values = {name: getattr(event, name) for name in event.__struct_fields__}
    numbers = [name for name, value in values.items() if type(value) is int]
    return structs.replace(event, **{draw(st.sampled_from(numbers)): draw(NUMBERS)})


@settings(max_examples=25)
@given(damaged())
def test_a_damaged_record_has_a_page_all_the_same(events: list[Event]) -> None:
    assert page_html(recorded(events)).endswith("</html>")
