"""`quecsim upload --then-connect`: its options, what it prints where, and its exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import quecsim
from quecsim.cli import upload as cli
from quecsim.cli.upload_connect import as_line
from quecsim.host.connect_plan import ConnectPlan, ConnectResult, Message
from quecsim.tls.authority import authority_pem

SERVICES = """
title = "A broker"
shows = "A module that goes on to it."
device = "ec200u"
[network]
clock = "2026-06-01T00:00:00Z"
[[service]]
host = "broker.example"
port = 8883
tls = { certificate = "valid" }
mqtt = { users = { me = "secret" } }
[[service]]
host = "broker.example"
port = 1883
"""
PLAIN = ("--then-connect", "broker.example:1883", "--no-tls")
SECURE = ("--then-connect", "broker.example:8883")


class Bench:
    """A certificate file, a device in virtual time with two brokers, and the command."""

    def __init__(self, folder: Path, device: Any) -> None:
        self.device = device
        self.file = folder / "ca.pem"
        self.file.write_bytes(authority_pem())

    def run(self, *options: str, env: dict[str, str] | None = None) -> Result:
        arguments = [str(self.file), "--port", self.device.url, "--ack", *options]
        return CliRunner().invoke(cli.upload, arguments, prog_name="upload", env=env)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    scenario = tmp_path / "broker.toml"
    scenario.write_text(SERVICES)
    with quecsim.open_virtual(scenario=scenario) as device:
        yield Bench(tmp_path, device)


def test_upload_and_connection_are_a_line_each(bench: Bench) -> None:
    result = bench.run(*PLAIN, "--subscribe", "a/#", "--publish", "a/b=he=llo")
    assert result.exit_code == 0, result.output
    uploaded, connected = result.stdout.splitlines()
    assert uploaded.endswith("verified")
    assert connected == (
        "broker.example:1883: connected without TLS as quecsim, 6 bytes published, "
        "a message on a/b: 'he=llo'"
    )
    assert result.stderr.splitlines()[1:] == [
        "broker.example:1883: waiting for the network ...",
        "broker.example:1883: activating the packet context ...",
        "broker.example:1883: opening the connection ...",
        "broker.example:1883: waiting for a message ...",
    ]


def test_one_byte_is_a_byte(bench: Bench) -> None:
    result = bench.run(*PLAIN, "-q", "--publish", "a=b")
    assert result.stdout.endswith("connected without TLS as quecsim, 1 byte published\n")


def test_over_tls_with_the_password_from_the_environment(bench: Bench) -> None:
    result = bench.run(*SECURE, "--user", "me", "-q", env={"QUECSIM_MQTT_PASSWORD": "secret"})
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[1] == "broker.example:8883: connected over TLS as quecsim"
    assert result.stderr == ""
    assert "secret" not in result.output


def test_a_password_in_the_environment_is_not_sent_without_a_user(bench: Bench) -> None:
    env = {"QUECSIM_MQTT_PASSWORD": "secret", "QUECSIM_APN_PASSWORD": "x"}
    assert bench.run(*PLAIN, env=env).exit_code == 0
    assert bench.run(env=env).exit_code == 0


def test_a_failure_is_told_in_one_line_with_what_to_do(bench: Bench) -> None:
    result = bench.run(*SECURE, "--user", "me", "--password", "wrong")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1] == (
        "broker.example:8883: failed: +QMTCONN: 0,0,4: the broker refuses the login: the user name "
        "or password is wrong -> check --user and --password"
    )
    assert "wrong" not in result.output.replace("password is wrong", "")


def test_json(bench: Bench) -> None:
    result = bench.run(*PLAIN, "--json", "--publish", "t=x", "--client-id", "me")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["ok"], report["verified"]) == (0, True, True)
    assert report["connect"] == {
        "ok": True,
        "host": "broker.example",
        "port": 1883,
        "tls": False,
        "client_id": "me",
        "stage": "leaving the broker",
        "registration": 1,
        "address": "10.0.0.2",
        "connected": True,
        "granted_qos": None,
        "published_bytes": 1,
        "received": None,
        "command": None,
        "code": None,
        "failure": None,
        "advice": None,
        "notes": [],
    }


def test_json_of_a_failure(bench: Bench) -> None:
    result = bench.run("--then-connect", "brokr.example:8883", "--json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["ok"], report["verified"]) == (1, False, True)
    assert (report["connect"]["command"], report["connect"]["code"]) == ("+QMTOPEN", 4)


def test_after_an_upload_that_fell_short_nothing_is_tried(bench: Bench) -> None:
    assert bench.run().exit_code == 0
    result = bench.run(*SECURE, "--keep")
    assert result.exit_code == 1
    assert "broker.example:8883: not tried, for the upload fell short" in result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert json.loads(bench.run(*SECURE, "--keep", "--json").stdout)["connect"] is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--then-connect", "broker.example"], "broker.example is no broker"),
        (["--then-connect", ":1883"], ":1883 is no broker"),
        (["--then-connect", "broker.example:x"], "is no broker"),
        (["--then-connect", "broker.example:\N{SUPERSCRIPT TWO}"], "is no broker"),
        (["--then-connect", "broker.example:70000"], "no broker broker.example:70000"),
        ([*PLAIN, "--check-time"], "--check-time makes no sense with --no-tls"),
        ([*PLAIN, "--publish", "topic"], "--publish topic has no text"),
        ([*PLAIN, "--publish", "topic="], "a message of 0 bytes"),
        ([*SECURE, "--client-cert", "me.pem"], "need each other"),
        ([*SECURE, "--password", "x"], "--password makes no sense without --user"),
        (["--no-tls"], "--no-tls makes no sense without --then-connect"),
        (["--subscribe", "t"], "--subscribe makes no sense without --then-connect"),
        (["--network-timeout", "5"], "--network-timeout makes no sense without --then-connect"),
        (["--via", "qfotadl-path", *SECURE], "--then-connect makes no sense with --via qfotadl"),
    ],
)
def test_mistakes_are_told_before_anything_is_sent(
    bench: Bench, options: list[str], said: str
) -> None:
    result = bench.run(*options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert bench.device.report().uploads == []


@pytest.mark.parametrize(
    ("host", "sni"), [("broker.example", True), ("192.0.2.10", False), ("2001:db8::1", False)]
)
def test_an_address_is_no_name_for_the_handshake(
    bench: Bench, host: str, sni: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[ConnectPlan] = []

    def connect(_port: object, plan: ConnectPlan, _told: object) -> ConnectResult:
        plans.append(plan)
        return ConnectResult.of(plan)

    monkeypatch.setattr("quecsim.host.connect.connect", connect)
    given = ("--client-cert", "me.pem", "--client-key", "me.key", "--apn", "iot", "--check-time")
    timed = ("--network-timeout", "2min", "--message-timeout", "7")
    assert bench.run("--then-connect", f"{host}:8883", *given, *timed).exit_code == 0
    (plan,) = plans
    assert plan == ConnectPlan(
        host,
        8883,
        cacert="UFS:ca.pem",
        client_cert="me.pem",
        client_key="me.key",
        checks_time=True,
        sni=sni,
        apn="iot",
        registration_s=120,
        message_s=7,
    )


def test_a_message_is_shown_on_one_line() -> None:
    result = ConnectResult("h", 1, tls=False, client_id="c", received=Message("t", "a\r\nb"))
    assert "\n" not in as_line(result)
