"""The network's whims: what the host is told, what it has to do, and the record of it."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.at.bearer import Down
from quecsim.border import Data, Why
from quecsim.errors import QuecsimError
from quecsim.mqtt import Publish, encode
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig
from quecsim.run.replay import replay
from quecsim.trace.event import LinkClosed, NewsCame, Operated
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.m95 import m95
from tests.device.wifi import joined
from tests.device.wifi import urc as wifi_urc
from tests.peers.bench import NetworkBench

Whim = Callable[[Rig, int], None]
WHIMS = (Rig.lose_bearer, Rig.lose_registration, Rig.find_network)


def urc(text: str) -> bytes:
    return f"\r\n{text}\r\n".encode()


def told(bench: Bench, whim: Whim) -> bytes:
    whim(bench.rig, bench.now_ns)
    return bench.rest()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_bearer_that_is_lost_is_told_put_away_and_had_again(bench: Bench) -> None:
    assert bench.ask("AT+QIACT=1;+QIACT=2") == OK
    assert told(bench, Rig.lose_bearer) == urc('+QIURC: "pdpdeact",1') + urc('+QIURC: "pdpdeact",2')
    assert bench.ask("AT+QIACT?;+CGACT?") == info("+CGACT: 1,0")
    assert bench.ask("AT+QIACT=1") == ERROR
    assert bench.ask("AT+QIDEACT=1;+QIACT=1") == OK
    assert bench.ask("AT+QIACT?") == info('+QIACT: 1,1,1,"10.0.0.2"')
    assert bench.ask("AT+CREG?") == info("+CREG: 0,1"), "the registration stays"


def test_the_m95_says_it_in_its_own_words() -> None:
    bench = m95()
    bench.ask("AT+QIREGAPP;+QIACT")
    assert told(bench, Rig.lose_bearer) == urc("+PDP DEACT")
    assert bench.ask("AT+QILOCIP") == bench.ask("AT+QIACT") == ERROR
    assert bench.ask("AT+QIDEACT") == urc("DEACT OK")
    assert bench.ask("AT+QIREGAPP;+QIACT") == OK


def test_where_nothing_is_active_nothing_is_lost(bench: Bench) -> None:
    for whim in (Rig.lose_bearer, Rig.find_network):
        assert told(bench, whim) == b""
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1"), "TCP/IP did not use it"


def test_a_network_that_goes_takes_all_of_it(bench: Bench) -> None:
    bench.ask("AT+CREG=1;+CEREG=2;+QIACT=1")
    gone = urc("+CREG: 2") + urc("+CEREG: 2") + urc('+QIURC: "pdpdeact",1')
    assert told(bench, Rig.lose_registration) == gone
    assert told(bench, Rig.lose_registration) == b""
    assert bench.ask("AT+CSQ;+COPS?;+CGATT?;+CGACT?") == info(
        "+CSQ: 99,99", "", "+COPS: 0", "", "+CGATT: 0", "", "+CGACT: 1,0"
    )
    assert bench.ask("AT+COPS=?") == info("+COPS: ,,(0-4),(0-2)")
    began_ns = bench.now_ns
    back = urc("+CREG: 1") + urc('+CEREG: 1,"0001","0000001",7')
    assert told(bench, Rig.find_network) == back
    assert bench.now_ns - began_ns > s(2), "it has to look for it"
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1")
    assert bench.ask("AT+QIDEACT=1;+QIACT=1") == OK


def test_it_is_the_place_that_has_no_network_whatever_the_device_does(bench: Bench) -> None:
    bench.ask("AT+CREG=1")
    told(bench, Rig.lose_registration)
    assert bench.ask("AT+CFUN=0") == OK + urc("+CREG: 0")
    assert told(bench, Rig.lose_registration) == b""
    assert urc("+CREG: 2") in bench.ask("AT+CFUN=1")
    bench.ask("AT+CFUN=1,1")
    assert bench.ask("AT+CREG?").endswith(info("+CREG: 0,2"))
    told(bench, Rig.find_network)
    assert bench.ask("AT+CREG?") == info("+CREG: 0,1")


@pytest.mark.parametrize("name", ["ec200t", "ec200u"])
def test_what_happens_in_data_mode_is_told_behind_it(name: str) -> None:
    bench = Bench(load_profile(name))
    bench.ask("AT+QIACT=1")
    bench.send(b'AT+QFUPL="a",100\r')
    bench.until(b"\r\nCONNECT\r\n")
    bench.run_for(s(1))
    bench.rig.lose_bearer(bench.now_ns)
    assert bench.run_for(s(1)) == b""
    bench.send(bytes(100))
    said = bench.rest()
    assert said.startswith(b"\r\n+QFUPL: 100,0\r\n")
    assert said.endswith(OK + urc('+QIURC: "pdpdeact",1'))


def test_who_watches_hears_of_each_loss_once(bench: Bench) -> None:
    heard: list[tuple[tuple[int, ...], Down]] = []
    bench.rig.device.context.bearer.on_down.append(lambda *loss: heard.append(loss))
    expected = []
    for line, why in (
        ("AT+QIDEACT=2", Down.DEACTIVATED),
        ("AT+CGACT=0,2", Down.DEACTIVATED),
        ("AT+CGATT=0", Down.DETACHED),
        ("AT+COPS=2", Down.DEREGISTERED),
        ("AT+CFUN=0", Down.RADIO_OFF),
        ("AT+CFUN=1,1", Down.DARK),
        ("AT+QPOWD", Down.DARK),
    ):
        assert bench.ask("AT+QIACT=2") == OK
        bench.ask(line)
        expected.append(((2,), why))
        assert heard == expected, line
        if line == "AT+QPOWD":
            bench.rig.power_on(bench.now_ns)
            bench.rest()
        bench.ask("AT+CFUN=1;+COPS=0;+CGATT=1")
        bench.rest()
    bench.ask("AT+QIACT=2")
    bench.rig.cut_power(bench.now_ns)
    assert heard == [*expected, ((2,), Down.DARK)]


def test_without_power_only_the_place_changes(bench: Bench) -> None:
    bench.ask("AT+QIACT=1")
    bench.rig.cut_power(bench.now_ns)
    for whim in (Rig.lose_bearer, Rig.lose_registration):
        assert told(bench, whim) == b""
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    assert bench.ask("AT+CREG?").endswith(info("+CREG: 0,2"))


@pytest.mark.parametrize("whim", WHIMS)
def test_each_is_an_input_on_record(bench: Bench, whim: Whim) -> None:
    bench.ask("AT+CREG=1;+QIACT=1")
    told(bench, whim)
    bench.ask("AT+QIACT?")
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    assert [one.did for one in record if isinstance(one, Operated)] == [whim.__name__]
    assert replay(record).is_same


def test_one_of_several_contexts_is_lost(bench: Bench) -> None:
    assert bench.ask("AT+QIACT=1;+QIACT=2") == OK
    bench.rig.lose_bearer(bench.now_ns, 3)
    assert bench.rest() == b"", "it is not active"
    bench.rig.lose_bearer(bench.now_ns, 2)
    assert bench.rest() == urc('+QIURC: "pdpdeact",2')
    assert bench.ask("AT+QIACT?") == info('+QIACT: 1,1,1,"10.0.0.2"')
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    done = [(one.did, one.context) for one in record if isinstance(one, Operated)]
    assert done == [("lose_bearer", 3), ("lose_bearer", 2)]
    assert replay(record).is_same


@pytest.mark.parametrize("why", [Why.FIN, Why.RESET])
def test_an_open_link_is_ended_for_both_ends(why: Why) -> None:
    network = NetworkBench().connected()
    network.rig.end_link(network.now_ns, 1, why)
    assert network.broker.clients() == [], "its connection is over at once"
    with pytest.raises(QuecsimError, match="no connection 1 that could end"):
        network.rig.end_link(network.now_ns, 1, why)
    assert network.rest() == "\r\n+QMTSTAT: 0,1\r\n"
    (closed,) = (event for event in network.events if isinstance(event, LinkClosed))
    assert (closed.link, closed.why) == (1, why)
    with pytest.raises(QuecsimError, match="no connection 1") as caught:
        network.rig.end_link(network.now_ns, 1, why)
    assert caught.value.hint == "it has none"
    network.connected()  # it may come again
    network.rig.finish(network.now_ns)
    assert replay(network.events + network.rig.take_events()).is_same


@settings(max_examples=20)
@given(st.integers(0, 600))
def test_a_link_that_is_being_opened_is_ended_for_both_ends(after_ms: int) -> None:
    """Whether the wish is on its way, or the answer, or all is over: the client is told once."""
    network = NetworkBench()
    network.rig.host_write(network.now_ns, b'AT+QMTOPEN=0,"broker.example",1883\r')
    network.now_ns += ms(after_ms)
    network.rig.advance(network.now_ns)
    is_there = 1 in network.rig.device.links
    if is_there:
        network.rig.end_link(network.now_ns, 1, Why.RESET)
    said = network.rest()
    heard = ["+QMTOPEN: 0,0" in said, "+QMTSTAT: 0,1" in said, said.count("+QMTOPEN: 0,") == 1]
    if is_there:
        assert heard in ([False, False, True], [True, True, True])
        assert (list(network.rig.device.links), network.broker.clients()) == ([], [])
    else:  # too early to be ended
        assert heard == [True, False, True]
        assert len(network.broker.clients()) == 1
    network.rest(40)
    network.rig.finish(network.now_ns)
    assert replay(network.events + network.rig.take_events()).is_same


def test_what_a_peer_says_when_it_is_stirred_is_the_input() -> None:
    network = NetworkBench().connected()
    assert network.send('AT+QMTSUB=0,1,"a/b",0\r').endswith("+QMTSUB: 0,1,0,0\r\n")
    broker, before = network.broker, len(network.events)
    rig = network.rig
    assert rig.stir_peer(network.now_ns, lambda ns: broker.publish(ns, "a/b", b"hello")) == 1
    assert network.rest() == '\r\n+QMTRECV: 0,0,"a/b","hello"\r\n'
    (came,) = (event for event in network.events[before:] if isinstance(event, NewsCame))
    assert isinstance(came.news, Data)
    assert came.news.data == encode(Publish("a/b", b"hello"))
    network.rig.finish(network.now_ns)
    assert replay(network.events + network.rig.take_events()).is_same


@pytest.mark.parametrize(
    ("device", "whim", "lacks"),
    [("fcm242d", Rig.lose_bearer, "cellular network"), ("ec200u", Rig.deauthenticate, "Wi-Fi")],
)
def test_a_device_without_such_a_network_has_none(device: str, whim: Whim, lacks: str) -> None:
    bench = Bench(load_profile(device))
    with pytest.raises(QuecsimError, match=f"{device} has no {lacks}"):
        whim(bench.rig, bench.now_ns)
    assert not bench.events(Operated)


def test_over_wifi_what_was_given_is_on_record() -> None:
    bench = joined()
    rig, guest = bench.rig, "00:00:5e:00:53:0a"
    assert bench.ask('AT+QSOFTAP="own"').startswith(OK)
    rig.client_comes(bench.now_ns, guest, "own")
    assert bench.rest() == urc('+QAPSTAT: "AP_CONNECT"')
    rig.client_goes(bench.now_ns, guest)
    assert bench.rest() == urc('+QAPSTAT: "AP_DISCONNECT"')
    rig.client_comes(bench.now_ns, guest)
    rig.provision(bench.now_ns, "elsewhere", "12345678", "web")
    assert bench.ask("AT+QAIRKISS=1") == OK + urc('+QAPSTAT: "AP_CONNECT"')
    assert bench.ask("AT+QWEBCFG=1").startswith(OK + wifi_urc("WLAN_DISCONNECTED"))
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    done = [(one.did, one.values) for one in record if isinstance(one, Operated)]
    assert done == [
        ("client_comes", (guest, "own", "")),
        ("client_goes", (guest,)),
        ("client_comes", (guest,)),
        ("provision", ("elsewhere", "12345678", "web")),
    ]
    assert replay(record).is_same


@pytest.mark.parametrize("whim", [Rig.lose_registration, Rig.deauthenticate, Rig.find_network])
def test_over_wifi_each_is_an_input_on_record(whim: Whim) -> None:
    bench = joined()
    lost = b"" if whim is Rig.find_network else wifi_urc("WLAN_DISCONNECTED")
    whim(bench.rig, bench.now_ns)
    assert bench.run_for(s(1)) == lost
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    assert [one.did for one in record if isinstance(one, Operated)] == [whim.__name__]
    assert replay(record).is_same
