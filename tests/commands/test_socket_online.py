"""Transparent mode: both ways, its packets, its ends, and the way back."""

from typing import Any

import pytest

from quecsim.border import Why
from quecsim.faults.kinds.link_down import LinkDown
from quecsim.peers.served import Offer
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.trace.event import DataEnd, Eaten, Forwarded, LinkReceived, LinkSent, Lost
from quecsim.units import ms
from tests.commands.socket_bench import (
    BOTH,
    CONNECT,
    ERROR,
    LTE,
    NO_CARRIER,
    OK,
    WLAN,
    SocketBench,
    urc,
)
from tests.device.bench import profile


@pytest.fixture(params=BOTH)
def bench(request: pytest.FixtureRequest) -> SocketBench:
    return SocketBench(request.param)


def sent(bench: SocketBench) -> list[int]:
    return [event.count for event in bench.events if isinstance(event, LinkSent)]


def ends(bench: SocketBench) -> list[str]:
    return [event.why for event in bench.events if isinstance(event, DataEnd)]


def test_the_line_is_the_connection(bench: SocketBench) -> None:
    bench.opened(mode=2)
    every = bytes(range(256))
    assert bench.send(every).encode("latin-1") == every
    assert bench.send("AT+QISTATE\r") == "AT+QISTATE\r", "it is data like any other"


def test_the_escape_and_the_way_back(bench: SocketBench) -> None:
    bench.opened(mode=2)
    assert bench.send("+++") == OK
    assert bench.state() == "2"
    assert (bench.ask("AT+QISEND=0,1"), bench.error()) == (ERROR, bench.codes["refused"])
    assert (bench.ask("AT+QIRD=0"), bench.error()) == (ERROR, bench.codes["refused"])
    assert bench.ask("ATO") == CONNECT
    assert bench.send("again") == "again"
    assert bench.send("+++") == OK
    assert bench.ask("AT+QICLOSE=0") == OK
    assert bench.ask("ATO") == NO_CARRIER
    assert ends(bench) == ["escape", "escape"]


def test_pluses_without_a_pause_are_data(bench: SocketBench) -> None:
    bench.opened(mode=2)
    assert bench.send("a+++b") == "a+++b"
    assert bench.send("+++more") == "+++more"


def test_what_stands_before_the_escape_is_sent(bench: SocketBench) -> None:
    bench.opened(mode=2)
    bench.send("last words", 2)
    assert bench.send("+++") == OK
    assert sent(bench) == [10]


def test_packets(bench: SocketBench) -> None:
    """Full ones at once; others when the host has paused for a time."""
    bench.set("transpktsize", 100).set("transwaittm", 5).opened(0, "silent.example", 9, 2)
    bench.send(b"x" * 250)
    assert sent(bench) == [100, 100, 50]
    forwarded = [event for event in bench.events if isinstance(event, Forwarded)]
    last_byte_ns = 50 * ms(10) // 115
    pause_ns = forwarded[2].at_ns - forwarded[1].at_ns - last_byte_ns
    assert ms(499) < pause_ns < ms(501)


def test_no_wait_at_all(bench: SocketBench) -> None:
    bench.set("transwaittm", 0).opened(mode=2)
    assert bench.send("at once") == "at once"
    assert sent(bench) == [7]


def test_the_other_side_ends_it(bench: SocketBench) -> None:
    said = bench.open(0, "TCP", "late.example", 13, 0, 2)
    assert said == CONNECT + "it is late" + NO_CARRIER
    assert (bench.error(), bench.state()) == (bench.codes["closed"], "4")
    assert bench.ask("ATO") == NO_CARRIER
    assert (bench.ask("AT+QISWTMD=0,2"), bench.error()) == (ERROR, bench.codes["closed"])
    assert bench.ask("AT+QICLOSE=0") == OK
    assert (bench.state(), ends(bench)) == ("", ["carrier"])


def test_what_the_host_writes_then_goes_nowhere(bench: SocketBench) -> None:
    bench.opened(0, "silent.example", 9, 2)
    bench.rig.host_write(bench.now_ns, b"half a packet")
    bench.rig.end_link(bench.now_ns, max(bench.rig.device.links), Why.RESET)
    assert bench.rest() == NO_CARRIER
    assert sent(bench) == []
    [eaten] = [event for event in bench.events if isinstance(event, Eaten)][-1:]
    assert eaten.data == b"half a packet"
    assert bench.rig.counters().get("forwarded", 0) == 0


def test_it_ends_while_the_host_is_at_commands(bench: SocketBench) -> None:
    bench.opened(mode=2)
    bench.send("+++")
    bench.rig.end_link(bench.now_ns, max(bench.rig.device.links), Why.FIN)
    assert bench.rest() == urc('+QIURC: "closed",0')
    assert bench.ask("ATO") == NO_CARRIER


def test_a_module_that_closes_by_itself(bench: SocketBench) -> None:
    bench.set("passiveclosed", 1)
    assert NO_CARRIER in bench.open(0, "TCP", "late.example", 13, 0, 2)
    assert bench.state() == ""


def test_what_comes_meanwhile_waits_for_the_way_back() -> None:
    steps = (Step(after_bytes=1, after_ms=8000, text="later"), Step(after_bytes=1, text="!"))
    server = Offer(SimpleServer(SimpleSettings(steps=steps)), "192.0.2.8")
    bench = SocketBench(LTE, more={("slow.example", 5): server})
    bench.opened(0, "slow.example", 5, 2).send("?")
    assert bench.send("+++") == OK
    assert bench.rest(10) == "", "transparent data are not told"
    assert bench.ask("ATO") == CONNECT + "later"
    assert bench.send("?") == "!"


def test_one_at_a_time(bench: SocketBench) -> None:
    bench.opened(0, mode=2)
    bench.send("+++")
    assert bench.open(1, "TCP", "echo.example", 7, 0, 2) == ERROR
    assert bench.error() == bench.codes["refused"]
    bench.opened(1)
    assert (bench.ask("AT+QISWTMD=1,2"), bench.error()) == (ERROR, bench.codes["refused"])
    assert bench.ask("AT+QISWTMD=0,0") == OK
    assert bench.ask("AT+QISWTMD=1,2") == CONNECT
    assert bench.send("1") == "1"


def test_other_sockets_wait_for_their_word() -> None:
    """The EC200U forgets what waits when data mode begins, and not what comes while it lasts."""
    steps = (Step(after_bytes=1, after_ms=3000, text="news"),)
    server = Offer(SimpleServer(SimpleSettings(steps=steps)), "192.0.2.8")
    bench = SocketBench(LTE, more={("slow.example", 5): server})
    bench.opened(1, "slow.example", 5).sends(b"?", 1)
    bench.opened(0, "echo.example", 7, 2)
    assert bench.send("data") == "data"
    assert bench.send("+++") in (OK, OK + urc('+QIURC: "recv",1'))
    assert "\r\nnews" in bench.ask("AT+QIRD=1")


def test_dtr_ends_it_where_the_device_looks_at_it() -> None:
    bench = SocketBench(LTE)
    bench.ask("AT&D1")
    bench.opened(mode=2)
    bench.rig.host_dtr(bench.now_ns, is_on=False)
    assert bench.rest() == OK
    assert bench.ask("ATO") == CONNECT
    bench.rig.host_dtr(bench.now_ns, is_on=True)
    assert bench.send("still there") == "still there"
    for device, command in ((LTE, "AT&D0"), (WLAN, "AT")):
        bench = SocketBench(device)
        bench.ask(command)
        bench.opened(mode=2)
        bench.rig.host_dtr(bench.now_ns, is_on=False)
        assert bench.send("data") == "data"


def test_datagrams_too(bench: SocketBench) -> None:
    assert bench.open(0, "UDP", "echo.example", 8, 0, 2) == CONNECT
    assert bench.send("one") == "one"
    assert bench.send("two") == "two"
    assert sent(bench) == [3, 3]


def test_it_ends_before_the_line_is_the_connection() -> None:
    """CONNECT alone fills the transmitter, and waits for the host."""
    small = profile(uart={"tx_drop_ms": 600_000, "tx_ring_bytes": 8})
    bench = SocketBench(small, ifc=(2, 2), host_flow="rtscts").opened(mode=2)
    assert bench.send("+++") == OK
    bench.rig.host_ready(bench.now_ns, ready=False)
    assert bench.ask("ATO") == ""
    bench.rig.end_link(bench.now_ns, max(bench.rig.device.links), Why.RESET)
    bench.rest()
    bench.rig.host_ready(bench.now_ns, ready=True)
    assert bench.rest() == CONNECT + NO_CARRIER
    assert bench.ask("AT") == OK


# back-pressure, both ways


def test_a_server_that_takes_nothing_holds_the_host_back() -> None:
    device = SocketBench(
        LTE, (LinkDown(send=1, how="silence"),), ifc=(2, 2), host_flow="rtscts"
    ).opened(0, "silent.example", 9, 2)
    device.send(b"x" * 40_000)
    assert sum(sent(device)) <= 10_240
    assert device.rig.is_host_held
    assert not [event for event in device.events if isinstance(event, Lost)]


def test_a_host_that_takes_nothing_holds_the_server_back() -> None:
    flood = Offer(SimpleServer(SimpleSettings(echo=True, unsent_bytes=1 << 22)), "192.0.2.7")
    patient = profile(uart={"tx_drop_ms": 600_000})  # as shipped it throws away what is not taken
    line: dict[str, Any] = {"ifc": (2, 2), "host_flow": "rtscts", "ipr": 921_600}
    bench = SocketBench(patient, more={("flood.example", 7): flood}, **line)
    bench.opened(0, "flood.example", 7, 2)
    bench.rig.host_ready(bench.now_ns, ready=False)
    bench.send(b"y" * 200_000, 10)
    received = sum(event.count for event in bench.events if isinstance(event, LinkReceived))
    assert received <= (1 << 16) + 8192, "the credit, and what the transmitter holds"
    bench.rig.host_ready(bench.now_ns, ready=True)
    assert bench.rest(20).count("y") == 200_000
    assert bench.rig.counters()["lost"] == 0


@pytest.mark.parametrize("device", BOTH)
def test_a_megabyte_there_and_back(device: str) -> None:
    flood = Offer(SimpleServer(SimpleSettings(echo=True, unsent_bytes=1 << 22)), "192.0.2.7")
    bench = SocketBench(device, more={("flood.example", 7): flood}, is_unlimited=True)
    bench.opened(0, "flood.example", 7, 2)
    data = bytes(range(256)) * 4096
    assert bench.send(data, 600).encode("latin-1") == data
    counters = bench.rig.counters()
    assert (counters["forwarded"], counters["net_up"], counters["net_down"]) == (1 << 20,) * 3
    assert counters["lost"] == 0
