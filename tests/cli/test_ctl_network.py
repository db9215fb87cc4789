"""`quecsim ctl network`, as its user calls it, against a simulator in a process of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner, Result

from quecsim.cli.ctl import ctl
from quecsim.cli.ctl_network import _broker_text, _network_text
from quecsim.cli.main import VARIABLE, cli
from quecsim.errors import QuecsimError
from quecsim.peers.mqtt_view import BrokerClient
from quecsim.run.network_view import (
    BrokerState,
    ClientState,
    LinkState,
    NetworkState,
    PacketContext,
    ServiceState,
)
from tests.e2e.simulator import RunningSimulator, ask
from tests.live.control.bench import runtime_folder
from tests.peers.bench import subscribe

SCENARIO = """
title = "A broker"
shows = "a device with a broker behind it"
[[service]]
host = "broker.example"
port = 1883
"""


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[RunningSimulator]:
    file = tmp_path / "broker.toml"
    file.write_text(SCENARIO)
    with runtime_folder():
        routed = ("--route", "real.example:1883=127.0.0.1:1")
        with RunningSimulator(str(file), *routed) as running:
            yield running


def call(*arguments: str) -> Result:
    """The command in this process; a mistake of the user's is raised."""
    done = CliRunner().invoke(ctl, ["network", *arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


def answered(*arguments: str) -> Any:
    return json.loads(call(*arguments, "--json").stdout)


@pytest.mark.pty
def test_a_story_over_a_real_port(simulator: RunningSimulator) -> None:
    shown = call().stdout.splitlines()
    assert shown[0].split() == ["registration", "home"]
    assert shown[-2:] == [
        "may reach     broker.example:1883 (mqtt)",
        "may reach     real.example:1883=127.0.0.1:1 (--route)",
    ]
    nobody = call("publish", "a/b", "hello")
    assert (nobody.return_value, nobody.stdout) == (1, "nobody has subscribed\n")
    assert nobody.stderr == f"quecsim: {simulator.port} (broker), the only one that runs\n"
    assert call("publish", "kept", "x", "--retain").return_value == 0
    with simulator.open() as port:
        subscribe(port)
        assert call("publish", "a/b", "hello").stdout == "to 1 client\n"
        assert port.read_until(b'"hello"\r\n').endswith(b'+QMTRECV: 0,0,"a/b","hello"\r\n')
        call("publish", "a/b", "0a 41", "--hex", "--qos", "1", "--service", "broker.example:1883")
        assert port.read_until(b'"\nA"\r\n').endswith(b'+QMTRECV: 0,1,"a/b","\nA"\r\n')
        (link,) = answered()["links"]
        assert (link["number"], link["owner"], link["is_open"]) == (1, "MQTT client 0", True)
        (broker,) = answered("brokers")
        assert (broker["clients"][0]["client_id"], broker["retained"]) == ("dev", ["kept"])
        assert "a/b (QoS 1)" in call("brokers").stdout
        assert offered("kill", "") == ["1"]
        assert offered("publish", "a") == ["a/b"]
        assert offered("publish", "--service", "b") == ["broker.example:1883"]
        assert call("kill", "1", "--fin").stdout == "link 1\n"
        assert port.read_until(b"+QMTSTAT: 0,1\r\n").endswith(b"+QMTSTAT: 0,1\r\n")
        assert answered("drop-bearer", "1") == {"contexts": [1]}
        ask(port, b"AT+QIDEACT=1")
        none = call("drop-bearer")
        assert (none.return_value, none.stdout) == (1, "")
        assert "no packet context was active" in none.stderr
        ask(port, b"AT+QIACT=1")
        assert call("drop-bearer").stdout == "context 1\n"
        assert call("lose-registration").stdout == "lost\n"
        assert answered("find-network") == {"registration": "looking"}
    with pytest.raises(QuecsimError, match="has no connection 1"):
        call("kill", "1")
    with pytest.raises(QuecsimError, match="there is no broker other"):
        call("publish", "a", "b", "--service", "other")


@pytest.mark.pty
def test_wifi_over_a_real_port() -> None:
    with runtime_folder(), RunningSimulator("fcm242d") as running, running.open() as port:
        shown = call().stdout.splitlines()
        assert shown[0].split() == [
            "station", "got", "ip,", "testssid", "(00:00:5e:00:53:01),", "192.168.1.100",
        ]  # fmt: skip
        assert call("deauth").stdout == "joining\n"
        ask(port, b'AT+QSOFTAP="own"')
        assert call("wifi-client", "00:00:5e:00:53:0a").stdout == ""
        assert port.read_until(b'"AP_CONNECT"\r\n').endswith(b'"AP_CONNECT"\r\n')
        assert answered("wifi-client", "00:00:5e:00:53:0b") == {"clients": ["00:00:5e:00:53:0a"]}
        assert call("wifi-client", "00:00:5e:00:53:0a", "--leave").return_value == 0
        ask(port, b"AT+QAIRKISS=1")
        assert call("provision", "elsewhere", "12345678").stdout == "joining\n"
        with pytest.raises(QuecsimError, match="that cannot be"):
            call("provision", "elsewhere", "short")


def offered(*words: str) -> list[str]:
    asked = BashComplete(cli, {}, "quecsim", VARIABLE)
    found = asked.get_completions(["ctl", "network", *words[:-1]], words[-1])
    return [item.value for item in found]


@pytest.mark.parametrize("words", [("kill", ""), ("publish", ""), ("publish", "--service", "")])
def test_without_a_simulator_nothing_is_offered(words: tuple[str, ...]) -> None:
    with runtime_folder():
        assert offered(*words) == []


def test_what_the_command_line_can_tell_by_itself() -> None:
    with pytest.raises(QuecsimError, match="'0x' is no row of hex digits"):
        call("publish", "a", "0x", "--hex")
    with pytest.raises(QuecsimError, match="--json stands behind the command"):
        call("--json", "brokers")
    for wrong in (
        ("kill", "0"),
        ("kill", "x"),
        ("drop-bearer", "0"),
        ("publish", "a", "b", "--qos", "3"),
    ):
        with pytest.raises(click.UsageError):
            call(*wrong)


def test_how_it_is_shown() -> None:
    state = NetworkState(
        at_ns=0,
        registration="home",
        clock="26/11/29,00:00:00+00",
        clock_s=0,
        contexts=(
            PacketContext(number=1, apn="internet", address="10.0.0.2", is_up=True, is_used=True),
            PacketContext(number=2, is_broken=True),
            PacketContext(number=3, apn="\x1b[2J"),
        ),
        links=(
            LinkState(
                number=4,
                owner="MQTT client 0",
                host="b",
                port=8883,
                since_ns=1_500_000_000,
                is_open=True,
                tls_version="TLSv1.2",
                sent_bytes=3,
            ),
            LinkState(number=5, owner="MQTT client 1", host="::1", port=1),
            LinkState(
                number=6,
                owner="socket 0",
                host="",
                port=8080,
                protocol="tcp listener",
                is_open=True,
                door="127.0.0.1:40123",
            ),
            LinkState(number=7, owner="socket 1", host="", port=9, protocol="udp service"),
        ),
        clients=(ClientState(name="MQTT client 0", state="open", host="b", port=8883),),
        services=(ServiceState(host="b", port=8883, kind="mqtt", address="", is_tls=True),),
        allowed=("c",),
    )
    assert _network_text(state).splitlines() == [
        "registration   home",
        "clock          26/11/29,00:00:00+00",
        "context 1      used, 10.0.0.2, internet",
        "context 2      broken",
        "context 3      down, \\x1b[2J",
        "link 4         b:8883, MQTT client 0, open (TLSv1.2) since 1.500 s, "
        "3 bytes sent, 0 received",
        "link 5         [::1]:1, MQTT client 1, opening (TCP) since 0.000 s, "
        "0 bytes sent, 0 received",
        "link 6         port 8080, socket 0, tcp listener since 0.000 s, at 127.0.0.1:40123",
        "link 7         port 9, socket 1, udp service since 0.000 s, nobody can call it",
        "MQTT client 0  open b:8883",
        "may reach      b:8883 (mqtt over TLS)",
        "may reach      c (--allow-network)",
    ]
    bare = NetworkState(at_ns=0, registration="none", clock="x", clock_s=0)
    assert _network_text(bare).splitlines()[-1] == "may reach     nothing"


def test_how_a_broker_is_shown() -> None:
    clients = (
        BrokerClient(client_id="dev", connection=1, level=4, subscriptions={"t": 1}, queued=2),
        BrokerClient(client_id="gone\x07"),
        BrokerClient(client_id="", connection=3),
    )
    state = BrokerState(host="b", port=1883, clients=clients, retained=("r",))
    assert _broker_text(state).splitlines() == [
        "b:1883",
        "  dev               link 1, t (QoS 1), 2 messages wait",
        "  gone\\x07          away",
        "  (no CONNECT yet)  link 3",
        "  retained          r",
    ]
    assert _broker_text(BrokerState(host="b", port=1)) == "b:1: nobody has come yet"
