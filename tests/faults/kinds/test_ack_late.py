"""The `A` of an upload comes late."""

from quecsim.faults import AckLate
from quecsim.trace.event import Ack, FaultFired
from quecsim.units import ms
from tests.device.bench import Bench
from tests.faults.bench import ACKED, DATA, fired


def test_an_ack_that_is_late() -> None:
    bench = Bench(faults=[AckLate(ack=2, delay_ms=700)])
    bench.send(ACKED.encode() + b"\r")
    bench.until(b"CONNECT\r\n")
    bench.send(DATA)
    first, second = bench.until(b"A"), bench.until(b"A")
    assert second - first >= ms(700)
    assert b"OK" in bench.rest()
    (firing,), (_, late) = bench.events(FaultFired), bench.events(Ack)
    assert (firing.index, firing.kind, firing.at_ns) == (0, "ack_late", late.at_ns)


def test_each_ack_late() -> None:
    bench = Bench(faults=[AckLate(every=1, delay_ms=100)])
    bench.upload(ACKED, DATA)
    assert fired(bench) == [(0, "ack_late")] * 2
    assert bench.file("x") == DATA
