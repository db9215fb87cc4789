"""The line swallows bytes."""

from quecsim.faults import DropBytes
from quecsim.trace.event import FaultFired, Lost
from tests.faults.line import FIRST, PAYLOAD, uploaded


def test_the_line_swallows_bytes() -> None:
    bench, heard = uploaded(DropBytes(at_byte=FIRST + 10, count=4))
    assert bench.file("x") == PAYLOAD[:10] + PAYLOAD[14:]
    assert b"+CME ERROR: 421" in heard
    (lost,) = bench.events(Lost)
    assert (lost.offset, lost.count, lost.cause) == (FIRST + 9, 4, "noise")
    assert len(bench.events(FaultFired)) == 1
    assert bench.rig.counters()["lost_noise"] == 4
