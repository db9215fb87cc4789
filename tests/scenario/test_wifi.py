"""What a scenario says of Wi-Fi: what there is without a word, and what cannot be."""

from typing import Any

import pytest

from quecsim.at.access_point import THE_USUAL, AccessPoint
from quecsim.at.surroundings import Provision, Surroundings, Wake, WifiClient
from quecsim.errors import QuecsimError
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.scenario.text import scenario_table, table_scenario

MAC = "00:00:5e:00:53:0a"


def made(device: str = "fcm242d", **tables: Any) -> Scenario:
    head = {"title": "x", "shows": "x", "device": device}
    return table_scenario(head | tables)


def test_without_a_word_it_has_joined_the_usual_one() -> None:
    config = rig_config(made())
    assert config.around == Surroundings()
    assert config.around.access_points == (THE_USUAL,)
    assert (config.around.is_joined, config.has_network) == (True, True)


def test_an_option_takes_it_out_of_its_box() -> None:
    assert not rig_config(make_scenario("fcm242d", joined=False)).around.is_joined
    with pytest.raises(QuecsimError, match="ec200u has no Wi-Fi"):
        make_scenario("ec200u", joined=False)


def test_all_of_it_and_back_again() -> None:
    scenario = made(
        network={"joined": False},
        access_point=[{"ssid": "office", "key": "12345678", "rssi_dbm": -70}, {"ssid": "open"}],
        wifi_client=[{"mac": MAC, "at_ms": 5, "leaves_ms": 7, "ssid": "own", "key": "12345678"}],
        provision=[{"ssid": "office", "by": "web", "at_ms": 3}],
        wake=[{"at_ms": 9}],
    )
    assert rig_config(scenario).around == Surroundings(
        access_points=(
            AccessPoint(ssid="office", key="12345678", rssi_dbm=-70),
            AccessPoint(ssid="open"),
        ),
        is_joined=False,
        clients=(WifiClient(mac=MAC, at_ms=5, leaves_ms=7, ssid="own", key="12345678"),),
        provisions=(Provision(ssid="office", by="web", at_ms=3),),
        wakes=(Wake(at_ms=9),),
    )
    again = table_scenario(scenario_table(scenario))
    assert rig_config(again).around == rig_config(scenario).around


def test_no_access_point_is_in_range() -> None:
    assert not rig_config(made(network={"bearer": "none"})).has_network
    assert rig_config(made(network={"bearer": "wlan"})).has_network


@pytest.mark.parametrize(
    "tables",
    [
        {"network": {"joined": True}},
        {"access_point": [{"ssid": "x"}]},
        {"wifi_client": [{"mac": MAC}]},
        {"provision": [{"ssid": "x"}]},
        {"wake": [{"at_ms": 1}]},
    ],
)
def test_a_device_without_wifi_has_none(tables: dict[str, Any]) -> None:
    with pytest.raises(QuecsimError, match="ec200u has no Wi-Fi"):
        made("ec200u", **tables)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"access_point": [{"ssid": "x", "security": "WPA3_SAE"}]}, "WPA3_SAE, and it has no key"),
        (
            {"access_point": [{"ssid": "x", "key": "12345678", "security": "OPEN"}]},
            "OPEN, and it has a key",
        ),
        ({"access_point": [{"ssid": ""}]}, "1 to 32 characters"),
        ({"access_point": [{"ssid": "x", "key": "1234567"}]}, "8 to 63 characters"),
        ({"access_point": [{"ssid": "x", "bssid": "x"}]}, "six bytes"),
        ({"wifi_client": [{"mac": MAC, "at_ms": 5, "leaves_ms": 5}]}, "before it has come"),
    ],
)
def test_what_cannot_be(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(QuecsimError, match=message):
        made(**tables)
