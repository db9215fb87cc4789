import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.scenario import load_scenario, scenario_names
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Case, FileContent, Scenario
from quecsim.scenario.text import content, scenario_table, scenario_text, table_scenario
from quecsim.testing.strategies import scenarios


def again(scenario: Scenario) -> Scenario:
    return table_scenario(tomllib.loads(scenario_text(scenario)), scenario.name)


def same(one: Scenario, other: Scenario) -> bool:
    """But for how their files and payload were written down."""
    case = one.case and replace(one.case, payload=FileContent())
    other_case = other.case and replace(other.case, payload=FileContent())
    return replace(one, files={}, case=case) == replace(other, files={}, case=other_case)


@pytest.mark.parametrize("name", scenario_names())
def test_a_shipped_scenario_is_read_back_from_its_text(name: str) -> None:
    scenario = load_scenario(name)
    assert same(again(scenario), scenario)


@given(scenarios(), st.binary(max_size=200), st.text(max_size=100).map(str.encode))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_scenario_with_any_file_is_read_back(drawn: Scenario, data: bytes, text: bytes) -> None:
    scenario = replace(
        drawn,
        contents={"UFS:a": data, "UFS:b c": text},
        case=Case(payload=FileContent(), name="UFS:\xfc.pem", program=("./a b", "{port}")),
        case_bytes=data + text,
    )
    assert same(again(scenario), scenario)


def test_only_what_differs_is_said() -> None:
    text = scenario_text(replace(make_scenario("ec200u"), title="t", shows="s"))
    assert text == 'title = "t"\nshows = "s"\ndevice = "ec200u"\n'


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"hello\n", FileContent(text="hello\n")),
        (b"\xff\x00", FileContent(base64="/wA=")),
        (b"a\x11b", FileContent(base64="YRFi")),
        (b"a" * 1025, FileContent(bytes_count=1025, fill=97)),
        (b"", FileContent(text="")),
    ],
)
def test_bytes_are_shown_as_text_where_they_are_text(data: bytes, shown: FileContent) -> None:
    assert content(data) == shown


def test_cr_lf_survives_in_a_long_text() -> None:
    pem = b"-----BEGIN-----\r\n" * 20
    scenario = replace(make_scenario("ec200u"), title="t", shows="s", contents={"UFS:a": pem})
    assert again(scenario).contents == {"UFS:a": pem}


def test_the_table_is_plain_data() -> None:
    table = scenario_table(load_scenario("thread-57329"))
    assert table["stall"] == [{"stall_ms": 40, "every_bytes": 256}]
    assert "line" not in table
