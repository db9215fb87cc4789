"""The echo cannot be switched off."""

from quecsim.faults import EchoOn
from tests.device.bench import OK, Bench
from tests.faults.bench import fired


def test_the_echo_stays_on() -> None:
    bench = Bench(faults=[EchoOn()])
    assert bench.ask("ATE0") == OK
    bench.send(b"AT\r")
    assert bench.rest() == b"AT\r" + OK
    assert fired(bench) == [(0, "echo_on")]
