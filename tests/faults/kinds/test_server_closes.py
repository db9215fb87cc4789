"""A server ends the connection."""

import pytest

from quecsim.faults import ServerCloses
from quecsim.faults.kinds.server_closes import CloseHow
from quecsim.trace.event import LinkClosed, LinkReceived
from tests.faults.network import CONNECT, OPEN, PUBLISH, fired, heard, injected, struck
from tests.peers.bench import NetworkBench


@pytest.mark.parametrize("how", ["fin", "reset"])
def test_instead_of_an_answer(how: CloseHow) -> None:
    bench = injected(ServerCloses(send=1, how=how))
    assert heard(bench, PUBLISH) == ["OK", "+QMTSTAT: 0,1"]
    assert [event.why for event in bench.events if isinstance(event, LinkClosed)] == [how]
    by = " by a reset" if how == "reset" else ""
    assert struck(bench) == [f"broker.example:1883: the server closes{by} at send 1"]


def test_after_each_byte_of_all_that_it_says() -> None:
    """The bytes up to that one arrive, and no other."""
    for number in range(1, 9):
        bench = NetworkBench(faults=[ServerCloses(at_byte=number)])
        heard(bench, OPEN)
        said = heard(bench, CONNECT)
        is_in = number >= 4
        assert said[1] == ("+QMTCONN: 0,0,0" if is_in else "+QMTCONN: 0,2")
        assert (said[2:] == ["+QMTSTAT: 0,1"]) == (number <= 4)
        if number > 4:
            published = heard(bench, PUBLISH)
            assert published == ["OK", *["+QMTPUB: 0,7,0"] * (number == 8), "+QMTSTAT: 0,1"]
        received = [event.count for event in bench.events if isinstance(event, LinkReceived)]
        assert sum(received) == number == bench.rig.fault_points()["server_byte"]
        assert struck(bench) == [f"broker.example:1883: the server closes after byte {number}"]


def test_at_a_time() -> None:
    bench = injected(ServerCloses(at_ms=3000))
    assert bench.rest(2) == ""
    assert bench.rest(2) == "\r\n+QMTSTAT: 0,1\r\n"
    assert fired(bench) == ["broker.example:1883: the server closes at 3000 ms"]
    assert [note.text for note in bench.broker.take_notes()][-1] == "ended: the client is gone"
    assert len(struck(bench)) == 1


def test_two_in_one_answer() -> None:
    """What follows a byte at which the server closed is not counted: it never left."""
    faults = [ServerCloses(at_byte=2), ServerCloses(at_byte=3)]
    bench = NetworkBench(faults=faults)
    for _ in range(2):
        heard(bench, OPEN)
        assert heard(bench, CONNECT)[1:] == ["+QMTCONN: 0,2", "+QMTSTAT: 0,1"]
    assert len(struck(bench)) == 2
    assert bench.rig.fault_points()["server_byte"] == 3
