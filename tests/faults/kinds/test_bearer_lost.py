"""The network ends the packet contexts."""

from quecsim.faults import BearerLost
from quecsim.trace.event import LinkClosed
from tests.faults.network import OPEN, PUBLISH, heard, injected, struck
from tests.peers.bench import NetworkBench

GONE = '+QIURC: "pdpdeact",1'


def test_all_connections_end_with_them() -> None:
    bench = injected(BearerLost(send=1))
    assert heard(bench, PUBLISH) == ["OK", GONE, "+QMTSTAT: 0,7"]
    (closed,) = [event for event in bench.events if isinstance(event, LinkClosed)]
    assert closed.why == "unreachable"
    assert heard(bench, "AT+QIACT?\r") == ["OK"]
    assert struck(bench) == ["the network ended the packet contexts"]


def test_one_that_is_being_opened_fails() -> None:
    bench = NetworkBench(faults=[BearerLost(connection=1)])
    assert heard(bench, OPEN) == ["OK", GONE, "+QMTOPEN: 0,3"]
    assert len(struck(bench)) == 1


def test_where_there_is_none_it_does_not_fire() -> None:
    bench = NetworkBench(faults=[BearerLost(at_ms=100)])
    assert struck(bench) == []
