"""The device stops for a while, and reads nothing."""

from quecsim.faults import StallFault
from quecsim.trace.event import JobEnd, Lost, Stalled
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, profile
from tests.faults.bench import DATA, fired


def test_a_stall_costs_an_upload_its_bytes() -> None:
    small = profile(uart={"rx_ring_bytes": 512, "rts_off_bytes": 384, "rts_on_bytes": 128})
    bench = Bench(small, faults=[StallFault(at_ms=50, for_ms=300)])
    bench.send(b'AT+QFUPL="x",2000,1\r')
    bench.until(b"CONNECT\r\n")
    bench.send(DATA[:2000])
    bench.rest()
    (stall,) = bench.events(Stalled)
    assert (stall.at_ns >= ms(50), stall.until_ns - stall.at_ns) == (True, ms(300))
    assert stall.taken > 0
    assert fired(bench) == [(0, "stall")]
    lost = bench.events(Lost)
    assert sum(loss.count for loss in lost) > 0
    assert {loss.doing for loss in lost} == {"the stall that was asked for lasted"}
    assert [end.why for end in bench.events(JobEnd)] == ["done"]


def test_a_command_waits_for_its_end() -> None:
    bench = Bench(faults=[StallFault(at_ms=0, for_ms=400)])
    assert bench.ask("AT") == OK
    assert bench.now_ns > ms(400)


def test_it_waits_until_the_processor_is_free() -> None:
    bench = Bench(faults=[StallFault(at_ms=0, for_ms=100), StallFault(at_ms=20, for_ms=100)])
    bench.run_for(s(1))
    assert [stall.at_ns for stall in bench.events(Stalled)] == [0, ms(100)]
    assert fired(bench) == [(0, "stall"), (1, "stall")]


def test_a_device_that_is_off_does_not_stall() -> None:
    bench = Bench(faults=[StallFault(at_ms=20)])
    bench.rig.cut_power(0)
    bench.run_for(s(1))
    assert fired(bench) == []
    assert bench.events(Stalled) == []


def test_the_power_ends_it() -> None:
    bench = Bench(faults=[StallFault(for_ms=1000)])
    bench.run_for(ms(10))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    assert [end.why for end in bench.events(JobEnd)] == ["power"]
    assert bench.ask("AT") == OK
