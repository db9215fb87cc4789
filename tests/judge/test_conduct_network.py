"""Each rule about the network: a host that breaks it, and one that comes close and does not."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from quecsim.border import Why
from quecsim.judge.conduct import ConductWatch
from quecsim.judge.conduct_rules import Breach
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.trace import event as ev
from quecsim.units import ms, s
from quecsim.virtual.port import VirtualPort
from tests.testing.judged import JudgedRun, ask, read_until

OPEN = 'AT+QMTOPEN=0,"broker.example",1883'
CONNECT = 'AT+QMTCONN=0,"me"'
PUBLISH = 'AT+QMTPUB=0,0,0,0,"t"'
Step = Callable[[VirtualPort], object]


def scenario(settings: BrokerSettings | None = None) -> Scenario:
    broker = Service(host="broker.example", port=1883, mqtt=settings or BrokerSettings())
    return replace(make_scenario("ec200u"), services=(broker,))


def told(port: VirtualPort, command: str, urc: bytes, wait_s: float = 10) -> bytes:
    """Send a command, and wait for its result behind the OK."""
    return ask(port, command) + read_until(port, (urc,), wait_s)


def said(command: str, urc: bytes) -> Step:
    return lambda port: told(port, command, urc)


def wrote(data: bytes, rest_s: float = 1.0) -> Step:
    def step(port: VirtualPort) -> None:
        port.write(data)
        port.sleep(rest_s)

    return step


CONNECTED = (said(OPEN, b"+QMTOPEN: 0,0\r\n"), said(CONNECT, b"+QMTCONN: 0,0,0\r\n"))


def breaches(*steps: Step, settings: BrokerSettings | None = None) -> list[Breach]:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        for step in steps:
            step(port)
        return False

    return JudgedRun(scenario(settings), host).judge().breaches


def rules(*steps: Step, settings: BrokerSettings | None = None) -> list[str]:
    return [each.rule for each in breaches(*steps, settings=settings)]


# data-before-prompt


def test_a_payload_that_comes_with_the_command() -> None:
    command = f"{PUBLISH},5\r".encode()
    (breach,) = breaches(*CONNECTED, wrote(command + b"hello"))
    assert breach.rule == "data-before-prompt"
    assert breach.text == "5 bytes came behind AT+QMTPUB, before its prompt"


@pytest.mark.parametrize("pause_s", [0.0001, 0.001])
def test_a_payload_that_comes_a_moment_too_early(pause_s: float) -> None:
    steps = (wrote(f"{PUBLISH},5\r".encode(), pause_s), wrote(b"hello"))
    assert rules(*CONNECTED, *steps) == ["data-before-prompt"]


@pytest.mark.parametrize("end", [b"\r", b"\r\n"])
@pytest.mark.parametrize(("size", "payload"), [(",5", b"hello"), ("", b"hello\x1a")])
def test_a_payload_behind_the_prompt_is_well(end: bytes, size: str, payload: bytes) -> None:
    def prompt(port: VirtualPort) -> None:
        port.write(f"{PUBLISH}{size}".encode() + end)
        assert b"> " in read_until(port, (b"> ",))
        port.write(payload)
        assert b"+QMTPUB: 0,0,0" in read_until(port, (b"+QMTPUB: 0,0,0\r\n",))

    assert rules(*CONNECTED, prompt, prompt) == []


def test_a_message_has_a_prompt_too() -> None:
    early = wrote(b"AT+CMGF=1\r", 0.5), wrote(b'AT+CMGS="+447700900001"\rHello\x1a', 5)
    assert rules(*early) == ["data-before-prompt"]


# no-wait-for-result


def test_a_host_that_takes_the_ok_for_the_connection() -> None:
    (breach,) = breaches(lambda port: ask(port, OPEN), said(CONNECT, b"ERROR"))
    assert breach.rule == "no-wait-for-result"
    assert "AT+QMTCONN of MQTT client 0 came " in breach.text
    assert breach.text.endswith(" after AT+QMTOPEN, before its result")


def test_both_commands_at_once() -> None:
    assert rules(wrote(f"{OPEN}\r{CONNECT}\r".encode(), 5)) == ["no-wait-for-result"]


def test_a_subscription_before_the_broker_has_answered() -> None:
    steps = (CONNECTED[0], lambda port: ask(port, CONNECT), said('AT+QMTSUB=0,1,"t",0', b"ERROR"))
    assert rules(*steps) == ["no-wait-for-result"]


def test_a_command_that_was_written_before_the_result_and_read_after_it() -> None:
    watch = ConductWatch()
    line = b"AT+QMTCONN=0\r"
    opening = ev.ClientAsked(s(1), "c", "+QMTOPEN", host="h", port=1)
    events: list[ev.Event] = [
        ev.CommandLine(s(1), 0, 5, "", 1), opening, ev.HostBytes(s(2), 5, line),
        ev.ClientResult(s(3), "c", "+QMTOPEN", 0, 1), ev.CommandLine(s(4), 5, len(line), "", 2),
        ev.ClientAsked(s(4), "c", "+QMTCONN"),
    ]  # fmt: skip
    watch.feed(events)
    (breach,) = watch.breaches()
    assert (breach.rule, breach.at_ns, breach.offset) == ("no-wait-for-result", s(2), 5)


def test_what_does_not_wait_and_may() -> None:
    asks = [lambda port: ask(port, OPEN), said("AT+QMTOPEN?", b"OK"), said("AT+CSQ", b"OK")]
    other = said('AT+QMTOPEN=1,"broker.example",1883', b"+QMTOPEN: 1,0\r\n")
    assert rules(*asks, other, lambda port: port.sleep(3)) == []
    assert rules(lambda port: ask(port, OPEN), said("AT+QMTCLOSE=0", b"+QMTCLOSE: 0,0\r\n")) == []
    many = [wrote(f'AT+QMTPUB=0,{n},1,0,"t","x"\r'.encode(), 0.03) for n in range(1, 4)]
    assert rules(*CONNECTED, *many, lambda port: port.sleep(3)) == []


# no-connection


def test_going_on_behind_an_opening_that_failed() -> None:
    lost = said('AT+QMTOPEN=0,"other.example",1883', b"+QMTOPEN: 0,4\r\n")
    goes_on = (
        lambda port: port.sleep(1),
        said(CONNECT, b"ERROR"),
        said(f'{PUBLISH},"x"', b"ERROR"),
    )
    (breach,) = breaches(lost, *goes_on)
    assert breach.rule == "no-connection"
    assert breach.text == (
        "AT+QMTCONN of MQTT client 0 came, though +QMTOPEN had said 4 (nothing gives the device "
        "other.example:1883)"
    )
    assert rules(lost, *CONNECTED) == []


@pytest.mark.parametrize(("pause_s", "broken"), [(0.05, []), (0.2, ["no-connection"])])
def test_a_command_right_behind_the_result_may_have_been_written_before_it(
    pause_s: float, broken: list[str]
) -> None:
    lost = said('AT+QMTOPEN=0,"other.example",1883', b"+QMTOPEN: 0,4\r\n")
    assert rules(lost, lambda port: port.sleep(pause_s), said(CONNECT, b"ERROR")) == broken


def test_going_on_behind_a_broker_that_refuses() -> None:
    settings = BrokerSettings(users={"a": "b"})
    told_so = said(CONNECT, b"+QMTCONN: 0,0,5\r\n")
    refused = (CONNECTED[0], told_so, lambda port: port.sleep(1))
    assert rules(*refused, said(f'{PUBLISH},"x"', b"ERROR"), settings=settings) == ["no-connection"]
    again = said('AT+QMTCONN=0,"me","a","b"', b"ERROR")  # the broker has ended the connection
    assert rules(*refused, again, settings=settings) == []
    assert rules(*refused, said("AT+QMTDISC=0", b"ERROR"), settings=settings) == []


def test_a_result_that_never_reached_the_host() -> None:
    watch = ConductWatch()
    line = b'AT+QMTPUB=0,0,0,0,"t","x"\r'

    def events(urc: ev.Event) -> list[ev.Event]:
        return [
            ev.ClientAsked(s(1), "c", "+QMTOPEN", host="h", port=1),
            ev.ClientResult(s(2), "c", "+QMTOPEN", 5, 1, "refused"), urc,
            ev.HostBytes(s(4), 0, line), ev.CommandLine(s(4), 0, len(line), "", 2),
            ev.ClientAsked(s(4), "c", "+QMTPUB", is_accepted=False),
        ]  # fmt: skip

    watch.feed(events(ev.UrcDropped(s(2), "+QMTOPEN: 0,5", "data mode")))
    assert watch.breaches() == []
    watch = ConductWatch()
    watch.feed(events(ev.Urc(s(2), "+QMTOPEN: 0,5")))
    assert [each.rule for each in watch.breaches()] == ["no-connection"]


@pytest.mark.parametrize(("heard_ms", "rules"), [(50, []), (1000, ["no-connection"])])
def test_a_connection_that_was_lost_meanwhile(heard_ms: int, rules: list[str]) -> None:
    """It is nobody's fault, until the host has had the time to read of it."""
    watch = ConductWatch()
    line = b'AT+QMTPUB=0,0,0,0,"t","x"\r'
    at_ns = s(3) + ms(heard_ms)
    watch.feed([
        ev.ClientAsked(s(1), "c", "+QMTCONN"), ev.ClientResult(s(2), "c", "+QMTCONN", 0, 1),
        ev.Urc(s(2), "+QMTCONN: 0,0,0"), ev.LinkClosed(s(3), 1, "c", Why.FIN),
        ev.ClientResult(s(3), "c", "+QMTSTAT", 1, 1, "fin"), ev.Urc(s(3), "+QMTSTAT: 0,1"),
        ev.HostBytes(at_ns, 0, line), ev.CommandLine(at_ns, 0, len(line), "", 2),
        ev.ClientAsked(at_ns, "c", "+QMTPUB", is_accepted=False),
    ])  # fmt: skip
    assert [each.rule for each in watch.breaches()] == rules


# missing-certificate


def secure(name: str) -> list[Step]:
    lines = (
        f'AT+QSSLCFG="cacert",0,"{name}"',
        'AT+QSSLCFG="seclevel",0,1',
        'AT+QMTCFG="ssl",0,1,0',
    )
    return [lambda port, line=line: ask(port, line) for line in lines]  # type: ignore[misc]


def uploads(name: str) -> list[Step]:
    def data(port: VirtualPort) -> None:
        port.write(b"data")
        assert b"OK" in read_until(port, (b"OK\r\n",))

    return [lambda port: ask(port, f'AT+QFUPL="{name}",4,1'), data]


OPENS = said(OPEN, b"+QMTOPEN: 0,5\r\n")


def test_a_certificate_that_nobody_has_uploaded() -> None:
    (breach,) = breaches(*uploads("UFS:cert.pem"), *secure("UFS:ca.pem"), OPENS)
    assert breach.rule == "missing-certificate"
    assert breach.text == ("MQTT client 0 opened its connection, and UFS:ca.pem (ca) was not there")


def test_a_certificate_that_is_there_when_it_is_needed() -> None:
    assert rules(*secure("UFS:ca.pem"), *uploads("ca.pem"), OPENS) == []
    gone = lambda port: ask(port, 'AT+QFDEL="UFS:ca.pem"')  # noqa: E731
    assert rules(*secure("ca.pem"), *uploads("UFS:ca.pem"), gone, OPENS) == ["missing-certificate"]


def test_a_certificate_that_the_device_took_and_has_not_any_more() -> None:
    steps = [
        *uploads("RAM:ca.pem"),
        said("AT+CFUN=1,1", b"+QIND: PB DONE\r\n"),
        lambda port: ask(port, "ATE0"),
        *secure("RAM:ca.pem"),
        OPENS,
    ]
    assert rules(*steps) == []
