"""A server takes its time."""

from quecsim.faults import ServerSlow
from quecsim.trace.event import FaultFired, LinkReceived
from quecsim.units import ms
from tests.faults.network import OPEN, PUBLISH, heard, injected, struck
from tests.peers.bench import NetworkBench


def test_an_answer_comes_that_late() -> None:
    bench = injected(ServerSlow(send=1, delay_ms=3000))
    assert heard(bench, PUBLISH, 2) == ["OK"]
    assert bench.rest(2) == "\r\n+QMTPUB: 0,7,0\r\n"
    (slow,) = [event for event in bench.events if isinstance(event, FaultFired)]
    received = [event for event in bench.events if isinstance(event, LinkReceived)]
    assert received[-1].at_ns == slow.at_ns + ms(3000)
    assert struck(bench) == ["broker.example:1883: the server says nothing for 3000 ms"]


def test_one_that_is_too_slow_gets_the_message_twice() -> None:
    bench = injected(ServerSlow(send=1, delay_ms=6000))
    assert heard(bench, PUBLISH, 30) == ["OK", "+QMTPUB: 0,7,0"]
    assert bench.rig.fault_points()["send"] == 3, "CONNECT, PUBLISH and once more"
    assert len(struck(bench)) == 1


def test_a_connection_that_comes_about_late() -> None:
    bench = NetworkBench(faults=[ServerSlow(connection=1, delay_ms=10_000)])
    assert heard(bench, OPEN, 9) == ["OK"]
    assert bench.rest(2) == "\r\n+QMTOPEN: 0,0\r\n"
    assert len(struck(bench)) == 1


def test_all_servers_from_a_time_on() -> None:
    bench = NetworkBench().connected(0).connected(1)
    bench.rig.inject(bench.now_ns, ServerSlow(at_ms=500, delay_ms=4000))
    bench.rest(1)
    assert heard(bench, PUBLISH, 3) == ["OK"]
    late = ["OK", "+QMTPUB: 0,7,0", "+QMTPUB: 1,7,0"]
    assert heard(bench, PUBLISH.replace("=0", "=1"), 3) == late
    (what,) = struck(bench)
    assert what == "broker.example:1883, broker.example:1883: the server says nothing for 4000 ms"
