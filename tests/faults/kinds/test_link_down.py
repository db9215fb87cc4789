"""A connection breaks on the way."""

from quecsim.faults import LinkDown, ServerSlow
from quecsim.trace.event import LinkClosed
from tests.faults.network import CONNECT, OPEN, PUBLISH, heard, injected, struck
from tests.peers.bench import NetworkBench

WILL = 'AT+QMTCFG="will",1,1,0,0,"gone","1"\r'


def test_a_reset_is_told_to_both_ends() -> None:
    bench = NetworkBench(faults=[LinkDown(send=3)]).connected(0)
    heard(bench, 'AT+QMTSUB=0,1,"gone",0\r')
    heard(bench, WILL)
    heard(bench, OPEN.replace("=0", "=1"))
    assert heard(bench, CONNECT.replace("=0", "=1")) == ["OK", "+QMTCONN: 1,2", "+QMTSTAT: 1,1"]
    (closed,) = [event for event in bench.events if isinstance(event, LinkClosed)]
    assert closed.why == "reset"
    assert heard(bench, PUBLISH) == ["OK", "+QMTPUB: 0,7,0"], "the other one is as it was"
    assert struck(bench) == ["broker.example:1883: the link breaks at send 3"]


def test_in_silence_both_wait_until_their_own_time_is_over() -> None:
    bench = injected(LinkDown(send=1, how="silence"))
    assert heard(bench, PUBLISH, 30) == ["OK", "+QMTPUB: 0,7,2"]
    assert bench.rest(120 + 4 * 5) == "\r\n+QMTSTAT: 0,2\r\n", "no answer to its PINGREQs"
    assert [note.text for note in bench.broker.take_notes()] == [
        "client 'dev0' accepted", "ended: the client is gone",
    ]  # fmt: skip
    assert struck(bench) == ["broker.example:1883: the link breaks, unnoticed, at send 1"]


def test_what_is_on_its_way_is_lost() -> None:
    bench = injected(LinkDown(at_ms=60))
    bench.rig.inject(bench.now_ns, ServerSlow(send=1, delay_ms=5000))
    assert heard(bench, PUBLISH) == ["OK", "+QMTSTAT: 0,1"], "the answer was under way"
    assert len(struck(bench)) == 2


def test_all_that_are_there_break_at_a_time() -> None:
    bench = NetworkBench().connected(0).connected(1)
    bench.rig.inject(bench.now_ns, LinkDown(at_ms=10))
    assert bench.rest() == "\r\n+QMTSTAT: 0,1\r\n\r\n+QMTSTAT: 1,1\r\n"
    (what,) = struck(bench)
    assert what == "broker.example:1883, broker.example:1883: the link breaks at 10 ms"


def test_one_that_is_being_opened_fails() -> None:
    bench = NetworkBench(faults=[ServerSlow(connection=1, delay_ms=3000)])
    bench.send(OPEN, 2)
    bench.rig.inject(bench.now_ns, LinkDown(at_ms=0))
    assert bench.rest() == "\r\n+QMTOPEN: 0,5\r\n"
    assert len(struck(bench)) == 2


def test_where_there_is_none_it_does_not_fire() -> None:
    bench = NetworkBench(faults=[LinkDown(at_ms=100), LinkDown(at_byte=5)]).connected()
    assert struck(bench) == []
