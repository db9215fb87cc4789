"""The far end of the links: what is counted there, and who may strike."""

from collections import Counter

import pytest

from quecsim.border import Closed, Data, News, Open, Send, TlsWish, Why, Wish
from quecsim.faults import ConnectRefused, DnsFailure, Fault, LinkDown
from quecsim.faults.places.network import NetworkFaults
from quecsim.mqtt import Connect, PubAck, encode
from quecsim.trace.event import LinkSent
from tests.faults.network import OPEN, PUBLISH, heard, injected, struck
from tests.peers.bench import NetworkBench

CONNECTED = Send(1, encode(Connect("a")))


def said(faults: NetworkFaults, *news: News) -> bytes:
    passed = [each for one in news for each in faults.leave(0, one)]
    return b"".join(each.data for each in passed if isinstance(each, Data))


def test_what_is_counted() -> None:
    faults = NetworkFaults(Counter())
    wishes = (
        Open(1, "a.example", 1), Open(2, "192.0.2.1", 1), Open(3, "::1", 1, tls=TlsWish()),
        CONNECTED, Send(1, b"x"),
    )  # fmt: skip
    for wish in wishes:
        assert faults.reach(0, wish)
    said(faults, Data(1, encode(PubAck(1)) + b"1234"), Data(2, b"12345"), Closed(2, Why.FIN))
    assert dict(faults.points) == {
        "lookup": 1, "connection": 3, "handshake": 1, "send": 2, "mqtt_connect": 1,
        "mqtt_answer": 1, "server_byte": 13,
    }  # fmt: skip


def test_numbers_count_from_when_it_was_asked_for() -> None:
    faults = NetworkFaults(Counter(send=5, server_byte=7))
    hit: list[tuple[int, int]] = []

    def stop(now_ns: int, wish: Wish) -> bool:
        hit.append((now_ns, wish.link))
        return False

    faults.at_wish("send", 2, 2, stop)
    assert [faults.reach(now_ns, Send(now_ns, b"x")) for now_ns in range(5)] == [
        True, False, False, True, True,
    ]  # fmt: skip
    assert hit == [(1, 1), (2, 2)]
    faults.at_byte(3, lambda now_ns, link: hit.append((now_ns, link)))
    assert said(faults, Data(9, b"12"), Data(8, b"3456")) == b"123"
    assert hit[2:] == [(0, 8)]


def test_an_answer_that_was_swallowed_leaves_no_byte() -> None:
    faults = NetworkFaults(Counter())
    names: list[str] = []
    faults.at_answer(2, 1, lambda _now_ns, _link, name: names.append(name))
    faults.reach(0, CONNECTED)
    first, second = encode(PubAck(1)), encode(PubAck(2))
    assert said(faults, Data(1, first + second[:1]), Data(1, second[1:] + b"x")) == first + b"x"
    assert names == ["PUBACK"]
    faults.forget(1)
    assert said(faults, Data(1, second)) == second


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_faults_at_one_wish_the_first_that_stops_it_counts(order: int) -> None:
    faults: list[Fault] = [DnsFailure(), ConnectRefused()][::order]
    bench = NetworkBench(faults=faults)
    assert heard(bench, OPEN) == ["OK", f"+QMTOPEN: 0,{4 if order == 1 else 5}"]
    assert len(struck(bench)) == 1
    assert heard(bench, OPEN) == ["OK", "+QMTOPEN: 0,0"]


def test_what_was_under_way_when_the_link_broke_is_not_counted() -> None:
    bench = injected(LinkDown(at_ms=20))
    bench.rig.inject(bench.now_ns, LinkDown(send=1))
    assert heard(bench, PUBLISH) == ["OK", "+QMTSTAT: 0,1"]
    assert struck(bench) == ["broker.example:1883: the link breaks at 20 ms"]
    assert bench.rig.fault_points()["send"] == 1, "the CONNECT before"
    assert sum(isinstance(event, LinkSent) for event in bench.events) == 2
