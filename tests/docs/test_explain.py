"""docs/EXPLAIN.md names every kind of story and every name of the JSON."""

import re
from typing import Any

import pytest

from quecsim.explanation import Added, Certainty, Explanation, Places, Story, Stretch, Tried
from quecsim.explanation.causes import CAUSES
from tests.docs.markdown import ROOT

TEXT = (ROOT / "docs" / "EXPLAIN.md").read_text()


def test_every_kind_of_story_is_told() -> None:
    rows = TEXT.partition("## The stories")[2].partition("## From Python")[0]
    told = {word for row in re.findall(r"^\| (`.+?`) \|", rows, re.MULTILINE)
            for word in re.findall(r"`([a-z-]+)`", row)}  # fmt: skip
    assert told == {kind for kind in CAUSES if not kind.endswith("-cut")}


def test_every_certainty_is_told() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| [^|]+ \|$", TEXT.partition("## Chance")[2], re.MULTILINE)
    assert rows[1 : 1 + len(Certainty)] == [each.value for each in Certainty]


@pytest.mark.parametrize("record", [Explanation, Story, Tried, Stretch, Added, Places])
def test_every_name_of_the_json_is_told(record: Any) -> None:
    told = set(re.findall(r"`(\w+)`", TEXT.partition("## From Python")[2]))
    assert set(record.__struct_fields__) <= told
