"""The way into the network: what is waited for, what is put in order, and what is missing."""

from dataclasses import replace
from typing import Any

import pytest

from quecsim.host.connect import ConnectPlan, ConnectResult, Stage, connect
from tests.host.mqtt_peer import MqttPeer, Says

PLAN = ConnectPlan("broker.example", 1883, registration_s=10)


def run(port: MqttPeer, **changes: Any) -> ConnectResult:
    return connect(port, replace(PLAN, **changes), sleep=port.sleep)


class Changing(MqttPeer):
    """Answers `command` with each of `answers` in turn, and then as ever."""

    def __init__(self, command: str, *answers: Says, says: dict[str, Says] | None = None) -> None:
        super().__init__(says)
        self.changing, self.left = command, list(answers)

    def obey(self, command: str) -> None:
        if command == self.changing and self.left:
            self._say_all(self.left.pop(0))
        else:
            super().obey(command)


@pytest.mark.parametrize("missing", ["AT+QMTOPEN", "AT+QIACT", "AT+QSSLCFG"])
def test_a_command_that_is_missing(missing: str) -> None:
    result = run(MqttPeer({f"{missing}=?": ("ERROR",)}), cacert="ca.pem")
    assert result.failure == f"the module does not have {missing}"
    assert "LTE modules" in str(result.advice)
    assert result.stage is Stage.COMMANDS


def test_all_commands_that_are_missing() -> None:
    says: dict[str, Says] = {"AT+QMTOPEN=?": ("ERROR",), "AT+QIACT=?": ("ERROR",)}
    assert run(MqttPeer(says)).failure == "the module does not have AT+QMTOPEN, AT+QIACT"


def test_nobody_is_there() -> None:
    port = MqttPeer()
    port.answers = {"AT": ""}
    failure = "no answer to AT at 115200 baud: is it on, and is the rate right?"
    assert run(port).failure == failure


def test_a_module_in_data_mode_is_fetched_out_of_it() -> None:
    port = MqttPeer()
    port.stuck_in_data_mode("ca.pem", 1188)
    result = run(port)
    assert result.ok
    assert result.notes == ["the module was still in data mode: +++ ended that"]


@pytest.mark.parametrize(
    ("says", "registration"),
    [
        ({"AT+CEREG?": ("+CEREG: 2,1,\"1A2B\",\"0000C0DE\",7", "OK")}, 1),
        ({"AT+CEREG?": ("+CEREG: 0,5", "OK")}, 5),
        ({"AT+CEREG?": ("+CEREG: 1", "+CEREG: 0,5", "OK")}, 5),  # a report in front of it
        ({"AT+CEREG?": ("ERROR",), "AT+CGREG?": ("+CGREG: 0,1", "OK")}, 1),
        ({"AT+CEREG?": ("+CEREG: 0,0", "OK"), "AT+CGREG?": ("+CGREG: 0,5", "OK")}, 5),
        ({"AT+CPIN?": ("ERROR",)}, 1),  # it cannot tell
    ],
)  # fmt: skip
def test_registered(says: dict[str, Says], registration: int) -> None:
    result = run(MqttPeer(says))
    assert result.ok
    assert result.registration == registration


def test_the_network_is_waited_for() -> None:
    looking: Says = ("+CEREG: 0,2", "OK")
    port = Changing("AT+CEREG?", looking, looking, looking)
    assert run(port).ok
    assert port.commands.count("AT+CEREG?") == 4


def test_the_sim_is_waited_for() -> None:
    port = Changing("AT+CPIN?", ("+CME ERROR: 14",), ("+CME ERROR: 14",))
    assert run(port).ok


@pytest.mark.parametrize(
    ("says", "failure"),
    [
        ({"AT+CEREG?": ("+CEREG: 0,2", "OK")}, "no network after 10 s: not registered, it still"),
        ({"AT+CEREG?": ("+CEREG: 0,0", "OK")}, "no network after 10 s: not registered, and it"),
        ({"AT+CEREG?": ("+CEREG: 0,3", "OK")}, "no network after 10 s: the network refuses it"),
        ({"AT+CEREG?": ("+CEREG: 0,8", "OK")}, "no network after 10 s: state 8"),
        ({"AT+CEREG?": ("ERROR",)}, "no network after 10 s: it does not say"),
        ({"AT+CPIN?": ("+CPIN: SIM PIN", "OK")}, "the SIM is not ready after 10 s: SIM PIN"),
        ({"AT+CPIN?": ("+CME ERROR: 10",)}, "the SIM is not ready after 10 s: +CME ERROR: 10"),
    ],
)
def test_no_network(says: dict[str, Says], failure: str) -> None:
    port = MqttPeer(says)
    result = run(port)
    assert failure in str(result.failure)
    assert result.advice
    assert result.stage is Stage.REGISTRATION
    assert 10 <= port.now_s < 30


def test_a_context_that_is_not_up_is_activated() -> None:
    port = Changing("AT+QIACT?", ("OK",))
    assert run(port).address == "10.0.0.2"
    assert "AT+QIACT=1" in port.commands
    assert "AT+QIDEACT=1" not in port.commands


@pytest.mark.parametrize(
    "listed", ['+QIACT: 2,1,1,"10.0.0.9"', '+QIACT: 1,0,1,"0.0.0.0"', '+QIACT: 11,1,1,"10.0.0.9"']
)
def test_another_context_is_not_ours(listed: str) -> None:
    port = Changing("AT+QIACT?", (listed, "OK"))
    assert run(port).address == "10.0.0.2"
    assert "AT+QIACT=1" in port.commands


def test_a_context_that_the_network_has_ended_is_put_away_first() -> None:
    port = Changing("AT+QIACT=1", ("ERROR",), says={"AT+QIACT?": ("OK",)})
    result = run(port)
    assert port.commands.count("AT+QIACT=1") == 2
    assert port.commands.count("AT+QIDEACT=1") == 1
    assert result.failure == "AT+QIACT=1 was OK, and AT+QIACT? has no address"


def test_a_context_that_does_not_come_up() -> None:
    result = run(
        MqttPeer(
            {
                "AT+QIACT?": ("OK",),
                "AT+QIACT=1": ("ERROR",),
                "AT+QIGETERROR": ("+QIGETERROR: 561,open PDP context failed", "OK"),
            }
        )
    )
    assert result.failure == "AT+QIACT=1: ERROR"
    assert str(result.advice).startswith("561,open PDP context failed; give --apn")


def test_the_access_point_that_is_there_already_stays() -> None:
    port = MqttPeer()
    assert run(port, apn="internet").ok
    assert not any(command.startswith("AT+QIDEACT") for command in port.commands)


def test_another_access_point_needs_the_context_down() -> None:
    port = MqttPeer()
    assert run(port, apn="iot").ok
    change = port.commands.index('AT+QICSGP=1,1,"iot","","",0')
    assert port.commands[change - 1] == "AT+QIDEACT=1"


def test_an_access_point_that_the_module_does_not_take() -> None:
    result = run(MqttPeer({"AT+QICSGP=1,": ("ERROR",)}), apn="iot", apn_user="u", apn_password="pw")
    assert (result.failure, result.advice) == ("AT+QICSGP=1: ERROR", "check --apn")
