"""Sockets that are called: listeners, AT+QIACCEPT, and services for datagrams."""

from collections.abc import Sequence

import pytest

from quecsim.peers.caller import Visitor
from quecsim.peers.caller_settings import CallerSettings
from quecsim.peers.simple import Step
from tests.commands.socket_bench import (
    BOTH,
    ERROR,
    LTE,
    OK,
    SEND_OK,
    SocketBench,
    info,
    urc,
)

GREETING = (Step(text="hello"),)
CALLER = '"198.51.100.7",'


def called(
    device: str, count: int = 1, steps: Sequence[Step] = GREETING, protocol: str = "tcp"
) -> SocketBench:
    settings = CallerSettings(
        port=2020,
        after_ms=10_000,
        times=count,
        every_ms=1000 if count > 1 else None,
        steps=tuple(steps),
        protocol=protocol,  # type: ignore[arg-type]
    )
    return SocketBench(device, callers=(Visitor(settings),))


def listening(bench: SocketBench, number: int = 0, mode: int = 0, *more: int) -> SocketBench:
    """Just before the first call."""
    said = bench.open(number, "TCP LISTENER", "127.0.0.1", 0, 2020, mode, *more)
    assert said == OK + urc(f"+QIOPEN: {number},0")
    return bench


def taker(bench: SocketBench) -> int:
    """The socket that takes up the first call: LTE modules count from the top."""
    return 11 if bench.device == LTE else 1


@pytest.mark.parametrize("device", BOTH)
def test_somebody_calls(device: str) -> None:
    bench = listening(called(device))
    assert bench.state() == "3"
    number = taker(bench)
    said = bench.rest(10)
    port = said.partition(CALLER)[2].split("\r")[0]
    incoming = f'+QIURC: "incoming",{number},0,{CALLER}{port}'
    assert said == urc(incoming, f'+QIURC: "recv",{number}')
    own, where = ("10.0.0.2", "2,1") if device == LTE else ("192.168.1.100", "2")
    listener = f'0,"TCP LISTENER","{own}",0,2020,3{where[1:]},0,0,"uart1"'
    call = f'{number},"TCP INCOMING",{CALLER}{port},2020,{where},0,0,"uart1"'
    assert bench.ask("AT+QISTATE") == info(f"+QISTATE: {listener}", f"+QISTATE: {call}")
    assert bench.ask(f"AT+QIRD={number}") == f"\r\n+QIRD: 5\r\nhello{OK}"
    assert bench.sends(b"who?", number) == SEND_OK
    assert (bench.ask("AT+QISEND=0,1"), bench.error()) == (ERROR, bench.codes["refused"])
    assert bench.ask("AT+QICLOSE=0") == OK
    assert bench.state(number) == "2", "who was taken up stays"
    assert bench.ask(f"AT+QICLOSE={number}") == OK


@pytest.mark.parametrize("device", BOTH)
def test_who_is_taken_up_is_served_as_the_listener(device: str) -> None:
    bench = listening(called(device), mode=1)
    number = taker(bench)
    assert bench.rest(10).endswith(urc(f'+QIURC: "recv",{number},5\r\nhello'))


@pytest.mark.parametrize("device", BOTH)
def test_more_than_there_are_sockets_for(device: str) -> None:
    bench = listening(called(device, 13))
    said = bench.rest(30)
    assert said.count('"incoming",') == 11
    assert said.count('+QIURC: "incoming full"') == 2


def test_a_listener_with_few_callers() -> None:
    bench = listening(called(LTE, 3), 0, 0, 1)
    said = bench.rest(15)
    assert (said.count('"incoming",'), said.count('"incoming full"')) == (1, 2)


@pytest.mark.parametrize("device", BOTH)
def test_calls_wait_for_the_word_of_the_host(device: str) -> None:
    bench = listening(called(device, 3).set("tcp/accept", 0))
    said = bench.rest(15)
    assert said.count(f'+QIURC: "incoming",0,{CALLER}') == 3
    ports = [part.split("\r")[0] for part in said.split(CALLER)[1:]]
    number = taker(bench)
    recv = urc(f'+QIURC: "recv",{number}')
    accepted = f"+QIACCEPT: {number},{CALLER}{ports[0]}"
    assert bench.ask("AT+QIACCEPT=0,1") == info(accepted) + recv
    assert bench.ask("AT+QIACCEPT=0,0") == OK
    accepted = f"+QIACCEPT: 5,{CALLER}{ports[2]}"
    assert bench.ask("AT+QIACCEPT=0,1,5") == info(accepted) + urc('+QIURC: "recv",5')
    assert (bench.ask("AT+QIACCEPT=0,1"), bench.error()) == (ERROR, bench.codes["refused"])
    assert bench.state(number) == bench.state(5) == "2"


@pytest.mark.parametrize("device", BOTH)
def test_what_cannot_take_a_call_up(device: str) -> None:
    bench = called(device).set("tcp/accept", 0).opened(4)
    listening(bench).rest(10)
    assert (bench.ask("AT+QIACCEPT=0,1,4"), bench.error()) == (ERROR, bench.codes["used"])
    assert bench.ask("AT+QIACCEPT=4,1") == bench.ask("AT+QIACCEPT=0,2") == ERROR
    assert bench.ask("AT+QIACCEPT=0,1,3").startswith("\r\n+QIACCEPT: 3,")


@pytest.mark.parametrize("device", BOTH)
def test_a_port_is_listened_at_once(device: str) -> None:
    bench = listening(SocketBench(device))
    bound = OK + urc(f"+QIOPEN: 1,{bench.codes['bind']}")
    assert bench.open(1, "TCP LISTENER", "127.0.0.1", 0, 2020) == bound
    assert bench.open(1, "UDP SERVICE", "127.0.0.1", 0, 2020) == OK + urc("+QIOPEN: 1,0")
    assert bench.open(2, "TCP LISTENER", "127.0.0.1", 0, 2021) == OK + urc("+QIOPEN: 2,0")


@pytest.mark.parametrize("device", BOTH)
def test_a_listener_has_one_mode(device: str) -> None:
    bench = listening(SocketBench(device))
    assert (bench.ask("AT+QISWTMD=0,1"), bench.error()) == (ERROR, bench.codes["refused"])


# datagrams


@pytest.mark.parametrize("device", BOTH)
def test_a_service_for_datagrams(device: str) -> None:
    bench = SocketBench(device)
    assert bench.open(2, "UDP SERVICE", "127.0.0.1", 0, 3030) == OK + urc("+QIOPEN: 2,0")
    assert bench.state(2) == "2"
    assert bench.ask('AT+QISEND=2,5,"192.0.2.7",8') == bench.prompt
    assert bench.send("hello") == SEND_OK + urc('+QIURC: "recv",2')
    assert bench.ask("AT+QIRD=2") == f'\r\n+QIRD: 5,"192.0.2.7",8\r\nhello{OK}'
    assert bench.ask("AT+QIRD=2") == info("+QIRD: 0")
    assert bench.ask("AT+QISEND=2,0") == info("+QISEND: 5,5,0")
    for wrong in ("2", "2,5", '2,5,"echo.example",8', '2,5,"192.0.2.7"', '2,0,"192.0.2.7",8'):
        assert (bench.ask(f"AT+QISEND={wrong}"), bench.error()) == (ERROR, bench.codes["wrong"])
    assert (bench.ask("AT+QISWTMD=2,1"), bench.error()) == (ERROR, bench.codes["refused"])


@pytest.mark.parametrize("device", BOTH)
def test_datagrams_are_pushed_with_where_they_come_from(device: str) -> None:
    bench = called(device, steps=(Step(text="one"), Step(text="three")), protocol="udp")
    assert bench.open(2, "UDP SERVICE", "127.0.0.1", 0, 2020, 1) == OK + urc("+QIOPEN: 2,0")
    said = bench.rest(10)
    port = said.partition(CALLER)[2].split("\r")[0]
    assert said == urc(
        f'+QIURC: "recv",2,3,{CALLER}{port}\r\none', f'+QIURC: "recv",2,5,{CALLER}{port}\r\nthree'
    )
