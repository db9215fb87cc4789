"""The life of a socket: AT+QIOPEN, AT+QISTATE, AT+QICLOSE; what ends it, and its numbers."""

import pytest

from quecsim.border import Why
from quecsim.faults.kinds.connect_refused import ConnectRefused
from quecsim.faults.kinds.connect_silence import ConnectSilence
from quecsim.faults.kinds.link_down import LinkDown
from quecsim.trace.event import ClientAsked, ClientResult, LinkShut, Sent
from quecsim.units import S, ms
from tests.commands.socket_bench import (
    BOTH,
    ERROR,
    LTE,
    OK,
    SEND_OK,
    WLAN,
    SocketBench,
    info,
    urc,
)


@pytest.fixture(params=BOTH)
def bench(request: pytest.FixtureRequest) -> SocketBench:
    return SocketBench(request.param)


def test_states_of_an_lte_module() -> None:
    bench = SocketBench(LTE)
    assert bench.ask("AT+QISTATE") == bench.ask("AT+QISTATE=1,3") == OK
    bench.opened(3).open(5, "UDP", "192.0.2.7", 8, 4000, 1)
    first = '+QISTATE: 3,"TCP","192.0.2.7",7,49153,2,1,3,0,"uart1"'
    second = '+QISTATE: 5,"UDP","192.0.2.7",8,4000,2,1,5,1,"uart1"'
    assert bench.ask("AT+QISTATE?") == bench.ask("AT+QISTATE") == info(first, second)
    assert bench.ask("AT+QISTATE=0,1") == info(first, second)
    assert bench.ask("AT+QISTATE=0,2") == OK
    assert bench.ask("AT+QISTATE=1,5") == info(second)


def test_states_of_a_wi_fi_module() -> None:
    bench = SocketBench(WLAN).opened(3)
    shown = '+QISTATE: 3,"TCP","192.0.2.7",7,49153,2,3,0,"uart1"'
    assert bench.ask("AT+QISTATE?") == bench.ask("AT+QISTATE") == info(shown)
    assert bench.ask("AT+QISTATE=3") == info(shown)
    assert bench.ask("AT+QISTATE=4") == OK


def test_a_socket_is_used_once(bench: SocketBench) -> None:
    bench.opened()
    used = bench.codes["used"]
    assert bench.open(0, "TCP", "echo.example", 7) == OK + urc(f"+QIOPEN: 0,{used}")
    assert bench.open(0, "TCP", "echo.example", 7, 0, 2) == ERROR
    assert bench.error() == used
    assert bench.state() == "2", "it stays what it was"
    bench.rig.end_link(bench.now_ns, max(bench.rig.device.links), Why.FIN)
    assert bench.rest() == urc('+QIURC: "closed",0')
    assert bench.open(0, "TCP", "echo.example", 7) == OK + urc(f"+QIOPEN: 0,{used}"), "closing"
    assert bench.ask("AT+QICLOSE=0") == OK
    bench.opened()


@pytest.mark.parametrize("device", BOTH)
@pytest.mark.parametrize(
    ("host", "port", "code"),
    [
        ("nowhere.example", 7, "dns"),
        ("echo.example", 99, "connect"),
        ("203.0.113.1", 7, "connect"),
        ("broker.example", 1883, ""),
    ],
)
def test_why_it_does_not_open(device: str, host: str, port: int, code: str) -> None:
    bench = SocketBench(device)
    number = bench.codes[code] if code else 0
    assert bench.open(1, "TCP", host, port) == OK + urc(f"+QIOPEN: 1,{number}")
    assert bench.state(1) == ("" if code else "2")
    [told] = [event for event in bench.events if isinstance(event, ClientResult)]
    assert (told.client, told.command, told.code) == ("socket 1", "+QIOPEN", number)
    if code:
        transparent = bench.open(1, "TCP", host, port, 0, 2)
        assert (transparent, bench.error()) == (ERROR, number)


@pytest.mark.parametrize("device", BOTH)
def test_nobody_answers(device: str) -> None:
    bench = SocketBench(device, (ConnectSilence(connection=1, times=3),))
    said = bench.open(0, "TCP", "echo.example", 7)
    assert (said, bench.state()) == (OK, "1")
    assert bench.rest(140) == ""
    assert bench.rest(5) == urc(f"+QIOPEN: 0,{bench.codes['timeout']}")
    bench.open(0, "TCP", "echo.example", 7)
    assert (bench.ask("AT+QISEND=0,1"), bench.error()) == (ERROR, bench.codes["refused"])
    assert (bench.ask("AT+QIRD=0"), bench.error()) == (ERROR, bench.codes["refused"])
    assert bench.ask("AT+QICLOSE=0") == OK
    assert bench.rest(200) == "", "it was closed, and has no result"
    assert (
        bench.send(f'AT+QIOPEN={"1," if device == LTE else ""}0,"TCP","echo.example",7,0,2\r', 149)
        == ""
    )
    assert bench.send("AT\r", 5) == ERROR + OK, "what was typed meanwhile waits"


def test_an_lte_host_may_be_less_patient() -> None:
    bench = SocketBench(LTE, (ConnectSilence(connection=1),))
    line = 'AT+QIOPEN=1,0,"TCP","echo.example",7,0,0,11,10'
    assert bench.ask(line, 12) == OK + urc("+QIOPEN: 0,569")
    for wrong in ("9", "151"):
        assert bench.ask(line.removesuffix("10") + wrong) == ERROR


@pytest.mark.parametrize(
    ("service", "more"),
    [
        ("TCP LISTENER", (0, 0)), ("TCP LISTENER", ()), ("UDP SERVICE", (0, 1)),
        ("TCP LISTENER", (2020, 2)), ("UDP SERVICE", (2020, 2)), ("TCP", (0, 3)), ("SCTP", ()),
    ],
)  # fmt: skip
def test_what_cannot_be_opened(bench: SocketBench, service: str, more: tuple[int, ...]) -> None:
    assert bench.open(0, service, "127.0.0.1", 0, *more) == ERROR
    assert bench.error() == bench.codes["wrong"]


def test_a_context_that_is_not_up() -> None:
    bench = SocketBench(LTE)
    bench.ask("AT+CGATT=0")
    assert bench.open(0, "TCP", "echo.example", 7) == OK + urc("+QIOPEN: 0,561")
    assert (bench.open(0, "TCP", "echo.example", 7, 0, 2), bench.error()) == (ERROR, 561)


def test_without_wi_fi() -> None:
    bench = SocketBench(WLAN)
    bench.rig.lose_registration(bench.now_ns)
    bench.rest(1)
    for mode in (0, 1, 2):
        assert ERROR in bench.open(0, "TCP", "echo.example", 7, 0, mode)
        assert bench.error() == 569
    [asked, *_] = [event for event in bench.events if isinstance(event, ClientAsked)]
    assert not asked.is_accepted


# closing


def test_closing_takes_the_way_there_and_back(bench: SocketBench) -> None:
    bench.opened()
    before = len(bench.events)
    assert bench.ask("AT+QICLOSE=0") == OK
    assert (bench.state(), bench.ask("AT+QICLOSE=0")) == ("", OK)
    new = bench.events[before:]
    [shut] = [event for event in new if isinstance(event, LinkShut)]
    ok = next(event for event in new if isinstance(event, Sent) and b"OK" in event.data)
    latency_ns = ms(bench.rig.profile.link.latency_ms)  # type: ignore[union-attr]
    assert not shut.is_abort
    assert 2 * latency_ns <= ok.at_ns - shut.at_ns < 2 * latency_ns + ms(1)


@pytest.mark.parametrize("device", BOTH)
def test_closing_has_an_end_though_nobody_answers(device: str) -> None:
    bench = SocketBench(device, (LinkDown(send=1, how="silence"),)).opened()
    assert bench.sends(b"x") == SEND_OK
    assert bench.ask("AT+QICLOSE=0,3", 2) == ""
    assert bench.rest(2) == OK
    bench.opened()
    bench.sends(b"x")


@pytest.mark.parametrize("device", BOTH)
def test_closing_that_nobody_waits_for(device: str) -> None:
    bench = SocketBench(device, (LinkDown(send=1, how="silence"),)).set("close/mode", 1).opened()
    bench.sends(b"x")
    assert bench.ask("AT+QICLOSE=0") == OK
    assert bench.state() == "4"
    assert bench.ask("AT+QICLOSE=0") == OK
    bench = SocketBench(device).set("close/mode", 1).opened()
    late = urc('+QIURC: "closed",0') if device == LTE else ""
    assert bench.ask("AT+QICLOSE=0") == OK + late
    assert bench.state() == ""


def test_a_module_that_closes_by_itself(bench: SocketBench) -> None:
    bench.set("passiveclosed", 1).opened()
    bench.rig.end_link(bench.now_ns, max(bench.rig.device.links), Why.FIN)
    assert bench.rest() == urc('+QIURC: "closed",0')
    assert bench.state() == ""


def test_unused_sockets_close_well(bench: SocketBench) -> None:
    assert bench.ask("AT+QICLOSE=0") == bench.ask("AT+QICLOSE=11,1") == OK
    assert bench.ask("AT+QICLOSE=12") == ERROR


# what takes it away


def test_the_network_takes_the_context_away() -> None:
    bench = SocketBench(LTE).opened()
    bench.rig.lose_bearer(bench.now_ns)
    assert bench.rest() == urc('+QIURC: "pdpdeact",1')
    assert bench.state() == "4"
    assert (bench.ask("AT+QISEND=0,1"), bench.error()) == (ERROR, 567)
    assert bench.open(1, "TCP", "echo.example", 7) == OK + urc("+QIOPEN: 1,561")
    assert bench.ask("AT+QIDEACT=1") == OK
    assert bench.state() == "", "AT+QIDEACT resets what ran over it"
    bench.opened()


def test_the_host_puts_the_context_away() -> None:
    bench = SocketBench(LTE).opened()
    assert bench.ask("AT+QIDEACT=1") == OK
    assert bench.state() == ""


def test_wi_fi_goes() -> None:
    bench = SocketBench(WLAN).opened()
    bench.rig.lose_registration(bench.now_ns)
    assert urc('+QIURC: "closed",0') in bench.rest(1)
    assert bench.state() == "4"
    assert OK in bench.ask("AT+QICLOSE=0")
    assert bench.state() == ""


def test_a_restart_forgets_them(bench: SocketBench) -> None:
    bench.opened(mode=1)
    bench.ask("AT+CFUN=1,1" if bench.device == LTE else "AT+QRST", 30)
    bench.ask("ATE0" if bench.device == LTE else "AT+QECHO=0")
    assert bench.state() == ""
    assert not bench.rig.device.links


@pytest.mark.parametrize("device", BOTH)
def test_twelve_at_once(device: str) -> None:
    bench = SocketBench(device)
    for number in range(12):
        bench.opened(number)
    for number in (11, 0, 5):
        assert SEND_OK in bench.sends(b"%d" % number, number)
        assert f"\r\n{number}{OK}" in bench.ask(f"AT+QIRD={number}")
    for number in range(12):
        assert bench.ask(f"AT+QICLOSE={number}") == OK
    assert not bench.rig.device.links


def test_a_connection_that_is_refused_on_the_way() -> None:
    bench = SocketBench(LTE, (ConnectRefused(connection=1),))
    assert bench.open(0, "TCP", "echo.example", 7) == OK + urc("+QIOPEN: 0,566")
    bench.opened()
    assert bench.now_ns > S
