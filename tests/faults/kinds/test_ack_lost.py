"""The `A` of an upload never comes."""

from quecsim.faults import AckLost
from quecsim.trace.event import Ack
from tests.device.bench import Bench
from tests.faults.bench import ACKED, DATA, fired


def test_an_ack_that_never_comes() -> None:
    bench = Bench(faults=[AckLost(ack=1)])
    heard = bench.upload(ACKED, DATA)
    assert heard.startswith(b"A\r\n+QFUPL: 2500,")
    assert [event.received for event in bench.events(Ack)] == [2048]
    assert fired(bench) == [(0, "ack_lost")]
    assert bench.rig.fault_points()["ack"] == 2
