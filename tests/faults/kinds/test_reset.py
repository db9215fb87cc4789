"""The device starts anew by itself."""

from quecsim.faults import ResetFault
from quecsim.trace.event import Power
from tests.device.bench import Bench
from tests.faults.bench import DATA, fired


def test_a_reset_at_a_byte() -> None:
    bench = Bench(faults=[ResetFault(at_byte=10)])
    bench.upload('AT+QFUPL="x",100', DATA[:100])
    assert [power.why for power in bench.events(Power)][1:] == ["reset", "ready"]
    assert fired(bench) == [(0, "reset")]
    assert bench.rig.counters()["lost_off"] == 90
