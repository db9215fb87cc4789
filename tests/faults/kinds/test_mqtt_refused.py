"""A broker does not let the client in."""

import pytest

from quecsim.faults import MqttRefused
from quecsim.trace.event import ClientResult
from tests.faults.network import CONNECT, OPEN, heard, struck
from tests.peers.bench import NetworkBench


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5])
def test_it_is_refused_with_that_code_and_the_connection_closed(code: int) -> None:
    bench = NetworkBench(faults=[MqttRefused(code=code)])
    heard(bench, OPEN)
    assert heard(bench, CONNECT) == ["OK", f"+QMTCONN: 0,0,{code}", "+QMTSTAT: 0,1"]
    results = [event for event in bench.events if isinstance(event, ClientResult)]
    assert [(each.command, each.code, each.why) for each in results[1:]] == [
        ("+QMTCONN", code, "refused"), ("+QMTSTAT", 1, "fin"),
    ]  # fmt: skip
    heard(bench, OPEN)
    assert heard(bench, CONNECT) == ["OK", "+QMTCONN: 0,0,0"]
    assert struck(bench) == [f"broker.example:1883: the broker refuses with {code}"]


def test_the_broker_never_heard_of_it() -> None:
    bench = NetworkBench(faults=[MqttRefused(times=2)])
    for _ in range(2):
        heard(bench, OPEN)
        heard(bench, CONNECT)
    assert [note.text for note in bench.broker.take_notes()] == ["ended: the client is gone"] * 2
    assert len(struck(bench)) == 2
