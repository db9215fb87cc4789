import tomllib
from pathlib import Path

import pytest
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.scenario.build import rig_config
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.options import make_scenario
from quecsim.scenario.text import scenario_text, table_scenario


def test_one_scenario_is_made_into_a_configuration_once() -> None:
    scenario = make_scenario("ec200u")
    assert rig_config(scenario) is rig_config(scenario)
    assert rig_config(replace(scenario, seed=7)).seed == 7


def test_files_that_were_put_in_meanwhile_count() -> None:
    scenario = make_scenario("ec200u", files={"UFS:a": b"1"})
    assert rig_config(scenario).contents == {"a": b"1"}
    scenario.contents["UFS:b"] = b"2"
    assert rig_config(scenario).contents == {"a": b"1", "b": b"2"}


def test_a_great_many_scenarios_each_have_their_own() -> None:
    scenario = make_scenario("ec200u")
    assert [rig_config(replace(scenario, seed=seed)).seed for seed in range(200)] == [*range(200)]


@pytest.mark.parametrize(
    "written",
    ["2026-06-01T00:00:00Z", '"2026-06-01T00:00:00Z"', '"2026-06-01"', "2026-06-01",
     "2026-06-01T02:00:00+02:00", "2026-06-01 00:00:00"],
)  # fmt: skip
def test_the_clock_is_a_date_of_toml_or_a_text(tmp_path: Path, written: str) -> None:
    file = tmp_path / "dated.toml"
    file.write_text(f"[network]\nclock = {written}\n")
    scenario = load_scenario(file)
    assert rig_config(scenario).clock_s == 1_780_272_000
    again = table_scenario(tomllib.loads(scenario_text(scenario)))
    assert again.network == scenario.network


def test_what_is_no_date_is_told() -> None:
    with pytest.raises(QuecsimError, match="clock must be a date, or a date and a time"):
        make_scenario("ec200u", clock="tomorrow")


def test_the_bearer_says_whether_there_is_a_network() -> None:
    assert rig_config(make_scenario("ec200u")).has_network
    assert rig_config(make_scenario("ec200u", bearer="lte")).has_network
    assert not rig_config(make_scenario("m95", bearer="none")).has_network
    assert rig_config(make_scenario("ec200u")).clock_s is None
