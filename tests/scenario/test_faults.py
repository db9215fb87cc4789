"""Faults that a scenario cannot have are told with the line that asks for them."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.faults import AckLost, BleUnanswered, DnsFailure, ErrorReply, MqttRefused
from quecsim.faults.catalogue import KINDS
from quecsim.peers.ble_settings import BlePhone
from quecsim.scenario.build import rig_config
from quecsim.scenario.faults import has_use
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.network import Route, Service
from quecsim.scenario.options import make_scenario

HEAD = 'title = "t"\nshows = "s"\n'
MISTAKES = [
    ('[[fault]]\nkind = "ack_lots"\n', 4, 'fault[1].kind cannot be "ack_lots"', '"ack_lost"'),
    ("[[fault]]\nack = 1\n", 3, "fault[1].kind is missing", "ack_lost"),
    ('[[fault]]\nkind = "ack_lost"\nnth = 1\n', 5, 'unknown key "nth"', ""),
    ('[[fault]]\nkind = "ack_lost"\nack = 0\n', 5, "fault[1].ack must be", ""),
    ('[[fault]]\nkind = "ack_late"\nack = 1\n', 3, "fault[1].delay_ms is missing", "1 to 600000"),
    ('[[fault]]\nkind = "power_cut"\n', 3, "at_byte, at_ms or at_flash_op: one of them", "none"),
    ('[[fault]]\nkind = "reset"\nat_byte = 1\nat_ms = 2\n', 6, "one of them", "at_byte and at_ms"),
    ('[[fault]]\nkind = "error_reply"\ncommand = "+NOPE"\n', 5, "no AT+NOPE", "quecsim commands"),
    ('[[fault]]\nkind = "error_reply"\ncommand = "AT+CSQ"\n', 5, "a command without AT", ""),
    (
        '[[fault]]\nkind = "existing_file"\nname = "a//b"\ntext = ""\n',
        5,
        "cannot be a file",
        "UFS:",
    ),
    (
        '[line]\ninterface = "usb"\n[[fault]]\nkind = "break"\nat_ms = 1\n',
        6,
        "no meaning on a USB",
        "",
    ),
    ("fault = 1\n", 3, "fault must be a list", ""),
    ("fault = [1]\n", 3, "fault[1] must be a table, not 1", ""),
]


@pytest.mark.parametrize(("text", "line", "message", "hint"), MISTAKES)
def test_a_mistake(tmp_path: Path, text: str, line: int, message: str, hint: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(HEAD + text)
    with pytest.raises(QuecsimError) as caught:
        load_scenario(path)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.where.endswith(f":{line}")


def test_faults_reach_the_rig(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(
        HEAD + '[[fault]]\nkind = "ack_lost"\n[[fault]]\nkind = "error_reply"\ncommand = "E"\n'
    )
    wanted = (AckLost(), ErrorReply(command="E"))
    assert load_scenario(path).faults == wanted
    assert rig_config(load_scenario(path)).faults == wanted


def test_faults_as_options() -> None:
    made = make_scenario("ec200u", faults=[AckLost(ack=2), {"kind": "echo_on"}])
    assert [fault.kind for fault in made.faults] == ["ack_lost", "echo_on"]
    with pytest.raises(QuecsimError, match="no AT\\+QFUPL"):
        make_scenario("fcm242d", faults=[{"kind": "error_reply", "command": "+QFUPL"}])
    with pytest.raises(QuecsimError, match=r"fault\[1\]\.ack must be"):
        make_scenario("ec200u", faults=[{"kind": "ack_lost", "ack": 0}])


_ON = {"wifi_deauth": "fcm242d"}
# A device that has no such network; where there is none, all can have it.
_WITHOUT = {
    "mqtt_refused": "m95",
    "publish_unanswered": "m95",
    "bearer_lost": "fcm242d",
    "wifi_deauth": "ec200u",
}


@pytest.mark.parametrize("kind", [kind for kind, fault in KINDS.items() if fault.NEEDS_SERVER])
def test_a_device_without_a_network_cannot_have_its_faults(kind: str) -> None:
    needed: dict[str, object] = {"send": 1} if "send" in KINDS[kind].__struct_fields__ else {}
    table = {"kind": kind, **needed, **KINDS[kind].AIMED_WITH}
    (made,) = make_scenario(_ON.get(kind, "ec200u"), faults=[table]).faults
    assert made.kind == kind
    without = _WITHOUT.get(kind)
    if without is None:
        for device in ("m95", "fcm242d"):
            assert make_scenario(device, faults=[table]).faults
        return
    with pytest.raises(QuecsimError, match=f"{kind} needs .*, and {without}"):
        make_scenario(without, faults=[table])


def test_faults_of_the_air_have_a_use_where_somebody_is_on_it() -> None:
    phone = (BlePhone(name="phone"),)
    assert has_use(replace(make_scenario("fcm242d"), ble_peers=phone), BleUnanswered())
    assert not has_use(make_scenario("fcm242d"), BleUnanswered)
    assert not has_use(replace(make_scenario("ec200u"), ble_peers=phone), BleUnanswered)


def test_what_has_a_use() -> None:
    plain = make_scenario("ec200u")
    service = Service(host="broker.example", port=1883)
    assert not has_use(plain, DnsFailure())
    assert has_use(plain, AckLost)
    assert has_use(replace(plain, services=(service,)), DnsFailure)
    assert has_use(replace(plain, services=(service,)), MqttRefused)
    web = replace(service, kind="http")
    assert has_use(replace(plain, services=(web,)), DnsFailure)
    assert not has_use(replace(plain, services=(web,)), MqttRefused)
    assert has_use(replace(plain, routes=(Route(name="a", port=1, to="127.0.0.1:1"),)), DnsFailure)
