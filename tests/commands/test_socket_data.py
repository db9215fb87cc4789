"""Data over a socket: AT+QISEND, AT+QIRD, direct push, their counts and their errors."""

import pytest

from quecsim.border import Why
from quecsim.faults.kinds.link_down import LinkDown
from quecsim.peers.served import Offer
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.trace.event import ClientResult, Forwarded, UrcDropped
from tests.commands.socket_bench import (
    BOTH,
    CONNECT,
    ERROR,
    LTE,
    OK,
    SEND_FAIL,
    SEND_OK,
    WLAN,
    SocketBench,
    info,
    urc,
)

RECV = urc('+QIURC: "recv",0')


@pytest.fixture(params=BOTH)
def bench(request: pytest.FixtureRequest) -> SocketBench:
    return SocketBench(request.param)


def test_so_many_bytes_and_the_echo_of_them(bench: SocketBench) -> None:
    every = bytes(range(256))
    assert bench.opened().sends(every) == SEND_OK + RECV
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 256,256,0")
    assert bench.ask("AT+QIRD=0,0") == info("+QIRD: 256,0,256")
    read = every[:200].decode("latin-1")
    assert bench.ask("AT+QIRD=0,200") == f"\r\n+QIRD: 200\r\n{read}{OK}"
    assert bench.ask("AT+QIRD=0,0") == info("+QIRD: 256,200,56")
    assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 56\r\n{every[200:].decode('latin-1')}{OK}"
    assert bench.ask("AT+QIRD=0") == info("+QIRD: 0")


def test_up_to_ctrl_z(bench: SocketBench) -> None:
    bench.opened()
    assert bench.ask("AT+QISEND=0") == bench.prompt
    assert bench.send("by hand\x1a") == SEND_OK + RECV
    assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 7\r\nby hand{OK}"


def test_esc_takes_the_data_back(bench: SocketBench) -> None:
    bench.opened()
    assert bench.ask("AT+QISEND=0") == bench.prompt
    assert bench.send("never mind\x1b") == OK
    assert bench.error() == bench.codes["cancel"]
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 0,0,0")


def test_what_is_acknowledged_lags_behind(bench: SocketBench) -> None:
    bench.opened(0, "silent.example", 9)
    assert bench.ask("AT+QISEND=0,4") == bench.prompt
    assert bench.send("data", 0) == ""
    assert bench.send("AT+QISEND=0,0\r", 0) == ""
    said = bench.rest()
    assert said in (SEND_OK + info("+QISEND: 4,0,4"), SEND_OK + info("+QISEND: 4,4,0"))
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 4,4,0")


def results(bench: SocketBench) -> list[ClientResult]:
    return [event for event in bench.events if isinstance(event, ClientResult)]


@pytest.mark.parametrize("device", BOTH)
def test_a_full_buffer(device: str) -> None:
    bench = SocketBench(device, (LinkDown(send=1, how="silence"),)).opened()
    data = b"x" * 1460
    for _ in range(7):
        assert bench.sends(data) == SEND_OK
    assert bench.sends(data) == SEND_FAIL
    assert bench.error() == bench.codes["write"]
    assert bench.sends(b"x" * 20) == SEND_OK
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 10240,0,10240")
    [told] = [each for each in results(bench) if each.command == "+QISEND"]
    assert (told.client, told.code) == ("socket 0", bench.codes["write"])


def test_one_word_until_all_was_read() -> None:
    """A Wi-Fi module tells again when nothing is left, an LTE module when a read found nothing."""
    for device in BOTH:
        bench = SocketBench(device).opened()
        assert bench.sends(b"1") == SEND_OK + RECV
        assert bench.sends(b"2") == SEND_OK
        assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 2\r\n12{OK}"
        assert bench.sends(b"3") == SEND_OK + (RECV if device == WLAN else "")
        bench.ask("AT+QIRD=0")
        assert bench.ask("AT+QIRD=0") == info("+QIRD: 0")
        assert bench.sends(b"4") == SEND_OK + RECV


def test_direct_push(bench: SocketBench) -> None:
    bench.opened(mode=1)
    data = b"\r\nOK\r\n\x00\xff"
    pushed = f'\r\n+QIURC: "recv",0,8\r\n{data.decode("latin-1")}\r\n'
    assert bench.sends(data) == SEND_OK + pushed
    assert bench.ask("AT+QIRD=0") == ERROR
    assert bench.error() == bench.codes["refused"]
    assert bench.ask("AT+QIRD=0,0") == info("+QIRD: 8,8,0")


def test_from_one_mode_to_the_other(bench: SocketBench) -> None:
    bench.opened()
    assert bench.sends(b"kept") == SEND_OK + RECV
    assert bench.ask("AT+QISWTMD=0,1") == OK + urc('+QIURC: "recv",0,4\r\nkept')
    assert bench.sends(b"new") == SEND_OK + urc('+QIURC: "recv",0,3\r\nnew')
    assert bench.ask("AT+QISWTMD=0,0") == OK
    assert bench.sends(b"x") == SEND_OK + RECV
    assert bench.ask("AT+QISWTMD=0,2") == CONNECT + "x"


def test_datagrams_stay_whole(bench: SocketBench) -> None:
    assert bench.open(0, "UDP", "echo.example", 8) == OK + urc("+QIOPEN: 0,0")
    assert bench.sends(b"one") == SEND_OK + RECV
    assert bench.sends(b"three") == SEND_OK
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 8,8,0")
    assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 3\r\none{OK}"
    assert bench.ask("AT+QIRD=0,2") == f"\r\n+QIRD: 2\r\nth{OK}"
    assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 3\r\nree{OK}"


def test_what_has_come_can_be_read_behind_the_end(bench: SocketBench) -> None:
    said = bench.open(0, "TCP", "late.example", 13)
    assert said == OK + urc("+QIOPEN: 0,0") + RECV + urc('+QIURC: "closed",0')
    assert bench.state() == "4"
    assert bench.ask("AT+QISEND=0,1") == ERROR
    assert bench.error() == bench.codes["closed"]
    assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 10\r\nit is late{OK}"


def test_pairs_of_digits(bench: SocketBench) -> None:
    bench.opened().set("dataformat", 1, 1)
    assert bench.sends(b"48690a") == SEND_OK + RECV
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 3,3,0")
    assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 3\r\n48690A{OK}"
    for wrong in (b"4", b"4g", b"4 8 "):
        assert bench.sends(wrong) == ERROR
        assert bench.error() == bench.codes["wrong"]
    bench.set("dataformat", 0, 1)
    bench.ask("AT+QISWTMD=0,1")
    assert bench.sends(b"Hi") == SEND_OK + urc('+QIURC: "recv",0,2\r\n4869')


def test_nobody_writes_what_he_was_asked_for(bench: SocketBench) -> None:
    bench.opened().set("qisend/timeout", 3)
    assert bench.ask("AT+QISEND=0,10", 2) == bench.prompt
    assert bench.send("half", 2) == ""
    assert bench.rest(3) == ERROR
    assert bench.error() == bench.codes["timeout"]
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 0,0,0")


def test_the_connection_goes_while_the_host_writes(bench: SocketBench) -> None:
    bench.opened()
    assert bench.ask("AT+QISEND=0,4", 1) == bench.prompt
    bench.rig.end_link(bench.now_ns, max(bench.rig.device.links), Why.RESET)
    assert bench.rest(1) == "", "nothing unasked in the middle of a command"
    assert bench.send("data") == ERROR + urc('+QIURC: "closed",0')
    assert bench.error() == bench.codes["closed"]
    assert [event.count for event in bench.events if isinstance(event, Forwarded)] == []


@pytest.mark.parametrize(
    "line",
    ["+QISEND=0,1461", "+QISEND=12,1", '+QISEND=0,4,"192.0.2.7",7', "+QIRD=0,1501", "+QISWTMD=0,3"],
)
def test_parameters_that_do_not_fit(bench: SocketBench, line: str) -> None:
    bench.opened()
    assert bench.ask(f"AT{line}") == ERROR
    assert bench.error() == bench.codes["wrong"]


def test_the_longest_data(bench: SocketBench) -> None:
    bench.opened(0, "silent.example", 9)
    assert bench.sends(b"x" * 1460) == SEND_OK
    assert bench.ask("AT+QISEND=0") == bench.prompt
    assert bench.send(b"y" * 1500 + b"\x1a") == SEND_OK
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 2920,2920,0")


@pytest.mark.parametrize("device", [LTE, "ec200t", WLAN])
def test_a_push_that_meets_data_mode(device: str) -> None:
    """It waits while the other connection opens. Then the EC200U forgets it, and others do not."""
    answer = SimpleSettings(steps=(Step(after_bytes=1, text="news"),))
    servers = {("answer.example", 5): Offer(SimpleServer(answer), "192.0.2.5")}
    bench = SocketBench(device, more=servers).opened(1, "answer.example", 5, 1)
    assert bench.ask("AT+QISEND=1,1", 1) == bench.prompt
    context = "1," if bench.device == LTE else ""
    opens = f'AT+QIOPEN={context}0,"TCP","echo.example",7,0,2\r'
    assert bench.send(f"?{opens}") == SEND_OK + CONNECT
    pushed = urc('+QIURC: "recv",1,4\r\nnews')
    assert bench.send("+++") == OK + ("" if device == LTE else pushed)
    dropped = [event.text for event in bench.events if isinstance(event, UrcDropped)]
    assert dropped == (['+QIURC: "recv",1,4\r\nnews'] if device == LTE else [])


# what LTE modules have alone


def test_hexadecimal_in_the_command() -> None:
    bench = SocketBench(LTE).opened()
    assert bench.ask('AT+QISENDEX=0,"4869"') == SEND_OK + RECV
    assert bench.ask("AT+QIRD=0") == f"\r\n+QIRD: 2\r\nHi{OK}"
    assert bench.ask('AT+QISENDEX=0,"486"') == bench.ask('AT+QISENDEX=1,"48"') == ERROR


def test_views_of_what_has_come() -> None:
    bench = SocketBench(LTE).opened().set("recvind", 1).set("viewmode", 1)
    assert bench.sends(b"hello") == SEND_OK + urc('+QIURC: "recv",0,5')
    assert bench.ask("AT+QIRD=0") == info("+QIRD: 5,hello")
    bench.ask("AT+QISWTMD=0,1")
    assert bench.sends(b"a,b") == SEND_OK + urc('+QIURC: "recv",0,3,a,b')


def test_words_about_sending() -> None:
    bench = SocketBench(LTE).opened(0, "silent.example", 9).set("sendinfo", 1).set("formatcfg", 1)
    assert bench.ask("AT+QISEND=0,4") == "\r\n> \r\n"
    assert bench.send("data") == info("+QISEND: 0,0,10236")


@pytest.mark.parametrize(("echo", "sde", "shown"), [(1, 1, "data"), (1, 0, ""), (0, 1, "")])
def test_the_echo_of_data(echo: int, sde: int, shown: str) -> None:
    bench = SocketBench(LTE).opened(0, "silent.example", 9)
    bench.ask(f"ATE{echo};+QISDE={sde}")
    assert bench.ask("AT+QISEND=0,4").endswith(bench.prompt)
    assert bench.send("data") == shown + SEND_OK
