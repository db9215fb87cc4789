"""Filters and names: the standard's own examples, the slow way, and another library's matcher."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zmqtt._internal.topic_matching import topic_matches

from quecsim.mqtt import is_filter, is_name, matches
from tests.mqtt.strategies import FILTERS, NAMES

# 3.1.1, sections 4.7.1 to 4.7.3.
EXAMPLES = [
    ("sport/tennis/player1/#", "sport/tennis/player1", True),
    ("sport/tennis/player1/#", "sport/tennis/player1/ranking", True),
    ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", True),
    ("sport/#", "sport", True),
    ("sport/#", "sports", False),
    ("#", "a", True),
    ("#", "/", True),
    ("sport/tennis/+", "sport/tennis/player1", True),
    ("sport/tennis/+", "sport/tennis/player1/ranking", False),
    ("sport/+", "sport", False),
    ("sport/+", "sport/", True),
    ("+/+", "/finance", True),
    ("/+", "/finance", True),
    ("+", "/finance", False),
    ("#", "$SYS/monitor", False),
    ("+/monitor/Clients", "$SYS/monitor/Clients", False),
    ("$SYS/#", "$SYS/", True),
    ("$SYS/monitor/+", "$SYS/monitor/Clients", True),
    ("a/$SYS", "a/$SYS", True),
    ("+/$SYS", "a/$SYS", True),
    ("ACCOUNTS", "Accounts", False),
    ("+/b/#", "a/b", True),
    ("a", "a/", False),
    ("a/", "a", False),
]


@pytest.mark.parametrize(("topic_filter", "name", "wanted"), EXAMPLES)
def test_the_standards_examples(topic_filter: str, name: str, wanted: bool) -> None:
    assert matches(topic_filter, name) is wanted


SMALL_NAMES = st.lists(st.sampled_from(["a", "b", "", "$S"]), min_size=1, max_size=4).map("/".join)
SMALL_FILTERS = st.builds(
    lambda levels, last: "/".join([*levels, last]),
    st.lists(st.sampled_from(["a", "b", "", "$S", "+", "+"]), max_size=3),
    st.sampled_from(["a", "b", "", "$S", "+", "#"]),
)


def slowly(topic_filter: str, name: str) -> bool:
    """By a regular expression, written from the standard's words."""
    if topic_filter[:1] in ("+", "#") and name[:1] == "$":
        return False
    pattern = re.escape(topic_filter).replace(r"\+", "[^/]*")
    pattern = re.sub(r"(^|/)\\#$", lambda found: "(/.*)?" if found[1] else ".*", pattern)
    return re.fullmatch(pattern, name, re.DOTALL) is not None


@given(SMALL_FILTERS.filter(bool), SMALL_NAMES.filter(bool))
def test_it_matches_as_the_slow_way_does(topic_filter: str, name: str) -> None:
    assert matches(topic_filter, name) == slowly(topic_filter, name)


@given(SMALL_FILTERS.filter(bool), SMALL_NAMES.filter(bool))
def test_it_matches_as_zmqtt_does(topic_filter: str, name: str) -> None:
    assert matches(topic_filter, name) == topic_matches(topic_filter, name)


@given(NAMES)
def test_a_name_takes_itself_and_the_wildcard_takes_it(name: str) -> None:
    assert is_name(name)
    assert is_filter(name)
    assert matches(name, name)
    assert matches("#", name) == (not name.startswith("$"))


@given(FILTERS)
def test_a_filter_is_valid_also_below_another_level(topic_filter: str) -> None:
    assert is_filter(topic_filter)
    assert is_filter(f"a/{topic_filter}")


@pytest.mark.parametrize("text", ["", "#/a", "a#", "a/#/b", "+a", "a+/b", "a/b+", "##", "a\0"])
def test_what_is_no_filter(text: str) -> None:
    assert not is_filter(text)


@pytest.mark.parametrize(
    "text", ["", "+", "a/#", "a+b", "\0", "\udc80", "a" * 65_536, "é" * 32_768]
)
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_the_longest_name_matches_the_longest_filter() -> None:
    name = "/" * 65_535
    assert is_name(name)
    assert matches("/".join("+" * 32_767) + "/#", name)
    assert not matches("/".join("+" * 32_767), name)
