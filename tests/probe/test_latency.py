"""The time for a command, and the wait for a line feed."""

import pytest

from quecsim.probe import latency
from quecsim.profiles.loader import load_profile
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize("name", ["ec200u", "m95", "fcm242d"])
def test_what_the_profile_has(name: str) -> None:
    at = load_profile(name).at
    with on_bench(name) as bench:
        found = found_by(bench, latency.STEP)
    time, wait = found[latency.LATENCY], found[latency.LF_WAIT]
    assert time.low <= at.command_latency_us <= time.high
    assert abs(time.value - at.command_latency_us) <= at.command_latency_us // 20
    assert wait.value == at.lf_wait_ms
    assert wait.low <= at.lf_wait_ms <= wait.high
