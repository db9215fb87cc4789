"""What the network side has the host told, and when."""

from quecsim.units import ms, s
from tests.device.bench import OK, Bench
from tests.device.m95 import shipped


def restarted() -> Bench:
    """An M95 with auto-bauding that wants reports, switched on again now."""
    bench = Bench(shipped(), host_baud=115_200)
    for wake in ("AT", "AT", "ATE0"):
        bench.ask(wake)
    bench.ask("AT+CREG=1;&W")
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    return bench


def test_a_device_that_does_not_know_the_rate_says_nothing() -> None:
    bench = restarted()
    assert bench.run_for(s(30)) == b""
    assert bench.rig.device.context.bearer.is_registered


def test_who_has_found_the_rate_in_time_is_told() -> None:
    bench = restarted()
    bench.run_for(ms(shipped().boot.ready_ms) + s(1))
    said = b""
    for _ in range(3):
        bench.send(b"AT\r")
        said += bench.run_for(ms(100))
    assert OK in said
    assert bench.run_for(s(2)) == b"\r\n+CREG: 1\r\n"
