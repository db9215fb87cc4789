"""The power goes, and perhaps comes back."""

import pytest

from quecsim.faults import PowerCutFault
from quecsim.flash.timing import FlashMode
from quecsim.trace.event import DataEnd, FaultFired, Power
from quecsim.units import ms, s
from tests.device.bench import OK, Bench
from tests.faults.bench import DATA, fired


def test_the_power_goes_at_a_byte_and_comes_back() -> None:
    bench = Bench(faults=[PowerCutFault(at_byte=600, off_ms=500)])
    bench.upload('AT+QFUPL="x",1000', DATA[:1000])
    (event,) = bench.events(FaultFired)
    states = {power.why: power.at_ns for power in bench.events(Power)}
    assert states["power lost"] == event.at_ns
    assert states["power back"] == event.at_ns + ms(500)
    assert "ready" in states
    assert [end.received for end in bench.events(DataEnd)] == [600]
    assert bench.rig.counters()["lost_power"] == 600
    assert bench.ask("AT") == OK


def test_the_power_goes_at_a_time_and_stays_away() -> None:
    bench = Bench(faults=[PowerCutFault(at_ms=50)])
    bench.run_to(s(1))
    assert [(power.why, power.at_ns) for power in bench.events(Power)][1:] == [
        ("power lost", ms(50))
    ]
    assert fired(bench) == [(0, "power_cut")]


@pytest.mark.parametrize("operation", [1, 2, 3])
def test_the_power_goes_in_a_flash_operation(operation: int) -> None:
    fault = PowerCutFault(at_flash_op=operation, off_ms=100)
    bench = Bench(faults=[fault], flash_mode=FlashMode.TYPICAL, contents={"old": b"keep me"})
    bench.upload('AT+QFUPL="x",2000', DATA[:2000]) if operation > 1 else bench.ask(
        'AT+QFUPL="x",2000'
    )
    assert fired(bench) == [(0, "power_cut")]
    assert bench.rig.fault_points()["flash_op"] >= operation
    assert [power.why for power in bench.events(Power)][1:] == ["power lost", "power back", "ready"]
    assert bench.file("old") == b"keep me"


def test_two_cuts_in_flash_operations() -> None:
    faults = [PowerCutFault(at_flash_op=number, off_ms=100) for number in (1, 2)]
    bench = Bench(faults=faults)
    for name in "xy":
        bench.ask(f'AT+QFUPL="{name}",20')
    assert fired(bench) == [(0, "power_cut"), (1, "power_cut")]
