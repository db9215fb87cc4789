"""The device's four kinds of method: waking early, late or twice changes nothing."""

import pytest

from quecsim.device.power import PowerState
from quecsim.device.shared import Phase
from quecsim.trace.event import RingLevel
from quecsim.uart.rate import BYTES_UNBOUNDED
from quecsim.units import ms, s
from tests.device.bench import OK, Bench


def byte_ns(count: int) -> int:
    return count * 10 * s(1) // 115200


def test_getters_follow_a_command() -> None:
    bench = Bench()
    device = bench.rig.device
    assert (device.power, device.phase, device.deadline_ns()) == (
        PowerState.ON,
        Phase.COMMAND,
        None,
    )
    bench.send(b"AT+C")
    bench.run_for(ms(1))
    assert device.pending_bytes == 4
    bench.send(b"SQ\r")
    bench.run_for(ms(1))
    assert (device.phase, device.pending_bytes) == (Phase.LINE_FEED, 0)
    deadline_ns = device.deadline_ns()
    assert deadline_ns is not None
    bench.run_to(deadline_ns)
    assert device.phase is Phase.BUSY
    assert device.room == 4096
    bench.rest()
    assert (device.phase, device.room) == (Phase.COMMAND, BYTES_UNBOUNDED)


def test_an_early_or_repeated_wake_up_does_nothing() -> None:
    bench = Bench()
    bench.send(b"AT\r")
    bench.run_to(byte_ns(3))
    device = bench.rig.device
    due_ns = device.deadline_ns()
    assert due_ns is not None
    for at_ns in (0, byte_ns(3), due_ns - 1, due_ns - 1):
        device.handle_timeout(at_ns)
        assert device.deadline_ns() == due_ns
    bench.rest()
    assert bytes(bench.output) == b"AT\r" + OK


def test_waking_late_changes_lateness_and_nothing_else() -> None:
    """Work happens at its own time: an hour's sleep leaves the same bytes at the same times."""
    script = b'ATE0\rAT+CSQ\rAT+QFUPL="x",3\r'
    benches = careful, lazy = Bench(), Bench()
    for bench in benches:
        bench.send(script)
    careful.rest()
    lazy.run_for(s(3600))
    assert bytes(careful.output) == bytes(lazy.output)
    assert careful.times == lazy.times
    # Levels of the ring are samples: how many there are is the one thing that looking decides.
    looks = [[e for e in bench.events(object) if not isinstance(e, RingLevel)] for bench in benches]
    assert looks[0] == looks[1]


def test_its_time_never_goes_back() -> None:
    bench = Bench()
    bench.ask("AT")
    device, now_ns = bench.rig.device, bench.rig.device.now_ns
    device.handle_timeout(0)
    assert device.now_ns == now_ns
    with pytest.raises(AssertionError, match="is before"):
        device.set_cts(0, ready=True)


def test_settings_made_before_the_run_are_kept_ones() -> None:
    bench = Bench(ifc=(2, 2), ipr=9600)
    assert bench.rig.device.settings.ifc == (2, 2)
    bench.ask("ATZ")
    assert bench.rig.device.settings.ifc == (2, 2)
    bench.ask("AT+CFUN=1,1")
    bench.run_for(s(15))
    assert (bench.rig.device.settings.baud, bench.rig.device.settings.ifc) == (9600, (2, 2))
