from msgspec.structs import replace

from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario


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
