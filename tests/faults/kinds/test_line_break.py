"""The line is held low."""

from quecsim.faults import Break
from quecsim.trace.event import FaultFired, Lost
from quecsim.units import ms
from tests.device.bench import Bench
from tests.faults.line import FIRST, PAYLOAD, uploaded


def test_a_break_is_a_nul_and_silence() -> None:
    bench, _ = uploaded(Break(at_byte=FIRST + 20, break_ms=2))
    (firing,) = bench.events(FaultFired)
    gone = sum(lost.count for lost in bench.events(Lost))
    assert 20 <= gone <= 24  # a byte takes 87 us
    assert bench.file("x") == PAYLOAD[:20] + b"\0" + PAYLOAD[20 + gone :]
    assert bench.events(Lost)[0].offset == FIRST + 19
    assert bench.events(Lost)[-1].last_ns <= firing.at_ns + ms(2)


def test_a_break_at_a_time() -> None:
    bench = Bench(faults=[Break(at_ms=30, break_ms=5)])
    bench.send(b"AT+C", at_ns=ms(29))
    bench.send(b"SQ\r", at_ns=ms(31))
    bench.rest()
    assert [event.at_ns for event in bench.events(FaultFired)] == [ms(30)]
    assert bench.rig.counters()["lost_noise"] == 3
