"""What the tests of faults have in common: an upload with `A`, and what has fired."""

from quecsim.trace.event import FaultFired
from tests.device.bench import Bench

DATA = bytes(range(250)) * 10
ACKED = 'AT+QFUPL="x",2500,5,1'


def fired(bench: Bench) -> list[tuple[int, str]]:
    return [(event.index, event.kind) for event in bench.events(FaultFired)]
