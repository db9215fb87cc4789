"""What a live run is given of the real network."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.live.network.options import NetworkOptions
from quecsim.scenario.network import Route
from quecsim.scenario.options import make_scenario

ROUTE = "broker.example:1883=127.0.0.1:18831"


def test_the_routes_of_a_scenario_count_only_where_that_is_asked_for() -> None:
    scenario = make_scenario("ec200u")
    route = Route(name="broker.example", port=1883, to="127.0.0.1:18831")
    scenario = replace(scenario, routes=(route,))
    assert not NetworkOptions(scenario).permissions
    options = NetworkOptions(scenario, uses_scenario=True)
    assert options.permissions.way("broker.example", 1883) is not None


def test_real_servers_want_real_time() -> None:
    scenario = make_scenario("ec200u", time_scale=2.0)
    assert not NetworkOptions(scenario).permissions
    with pytest.raises(QuecsimError, match="real time"):
        NetworkOptions(scenario, [ROUTE])


def test_what_the_device_can_be_called_at() -> None:
    scenario = make_scenario("ec200u")
    assert NetworkOptions(scenario, listen=["8080"]).doors
    closed = NetworkOptions(scenario).doors
    assert closed.open(8080, "tcp") is None
    opened = NetworkOptions(scenario, listens=True).doors.open(8080, "tcp")
    assert opened is not None
    opened.close()


def test_calls_want_real_time_too() -> None:
    scenario = make_scenario("ec200u", time_scale=2.0)
    with pytest.raises(QuecsimError, match="real time"):
        NetworkOptions(scenario, listen=["8080"])
    assert NetworkOptions(scenario, listens=True).doors.open(8080, "tcp") is None


def test_a_place_for_the_keys_of_tls_is_looked_at_first(tmp_path: Path) -> None:
    scenario = make_scenario("ec200u")
    with pytest.raises(QuecsimError, match="cannot write the keys"):
        NetworkOptions(scenario, [ROUTE], keylog=tmp_path)
    NetworkOptions(scenario, [ROUTE], keylog=tmp_path / "keys")
    assert (tmp_path / "keys").read_bytes() == b""
