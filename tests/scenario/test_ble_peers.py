"""`[[ble_peer]]`: read, written again, and made for a run; and nothing of it without."""

import subprocess
import sys
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.run.device_run import new_run
from quecsim.scenario.ble_peers import new_crowd
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.scenario.text import scenario_table, scenario_text, table_scenario

SENSOR = {
    "kind": "sensor",
    "name": "thermometer",
    "asks": {"interval": 80},
    "services": [
        {
            "uuid": "181a",
            "characteristics": [
                {"uuid": "2a6e", "properties": ["read", "notify"], "text": "21", "every_ms": "1s"}
            ],
        }
    ],
}
PHONE = {
    "kind": "phone",
    "name": "phone",
    "steps": [{"do": "mtu", "mtu": 100}, {"do": "write", "uuid": "fff2", "text": "hello"}],
}


def made(*peers: dict[str, Any], device: str = "fcm242d") -> Scenario:
    head = {"title": "x", "shows": "x", "device": device}
    return table_scenario(head | {"ble_peer": list(peers)})


def test_all_kinds_and_back_again() -> None:
    scenario = made(SENSOR, PHONE, {"kind": "crowd", "count": 2})
    assert [one.name for one in scenario.ble_peers] == ["thermometer", "phone", "other"]
    again = table_scenario(scenario_table(scenario))
    assert again == scenario
    assert "every_ms = 1000" in scenario_text(scenario)


def test_a_run_has_them_each_with_an_address() -> None:
    crowd = new_run(made(SENSOR, PHONE, {"kind": "crowd", "count": 2})).crowd
    assert crowd is not None
    told = [(one.name, one.kind) for one in crowd.states()]
    names = ["thermometer", "phone", "other 1", "other 2"]
    assert told == list(zip(names, ["sensor", "phone", "crowd", "crowd"], strict=True))
    assert [one.address for one in crowd.states()][:2] == ["c0ffee000001", "c0ffee000002"]


@pytest.mark.parametrize("uuid", ["2803", "2800", "0000280300001000800000805F9B34FB"])
def test_a_characteristic_has_no_uuid_of_a_declaration(uuid: str) -> None:
    service = {"uuid": uuid, "characteristics": [{"uuid": uuid}]}
    with pytest.raises(QuecsimError, match=f"{uuid} is GATT's own"):
        made(SENSOR | {"services": [service]})


def test_arguments_add_to_those_of_the_scenario() -> None:
    scenario = make_scenario(scenario=made(SENSOR), ble_peers=[PHONE])
    assert [one.name for one in scenario.ble_peers] == ["thermometer", "phone"]


def test_without_a_stack_it_says_so_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bumble", None)
    with pytest.raises(QuecsimError, match="Bluetooth LE peers need bumble") as told:
        new_run(made(PHONE))
    assert "quecsim[ble]" in (told.value.hint or "")
    assert new_run(made({"kind": "crowd", "count": 2})).crowd is not None  # nobody connects


def test_without_there_is_nobody_and_nothing_is_loaded() -> None:
    assert new_crowd(make_scenario("fcm242d")) is None
    code = (
        "import sys, quecsim\n"
        "from quecsim.run.device_run import new_run\n"
        "from quecsim.scenario.options import make_scenario\n"
        "run = new_run(make_scenario('fcm242d'))\n"
        "run.start()\n"
        "run.finish(10**9)\n"
        "print([name for name in ('bumble', 'quecsim.gatt') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
