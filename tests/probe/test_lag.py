"""How many bytes the host still sends after a stop."""

from typing import Any

import pytest

from quecsim.probe import lag, ring, stalls, watermarks
from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize("sent", [1, 60])
def test_when_an_upload_finds_the_ring_full(sent: int) -> None:
    with on_bench("ec200u", ring_bytes=1400, lag_bytes=sent) as bench:
        know(bench, {ring.KEY: 1400, watermarks.OFF: 1050, watermarks.ON: 350})
        finding = found_by(bench, lag.STEP)[lag.LAG]
        assert not bench.wire.port.rtscts  # type: ignore[attr-defined]
    assert "finds the ring full" in finding.method
    assert abs(finding.value - sent) <= 1
    assert finding.low <= sent <= finding.high <= sent + 3


def test_in_a_stall_that_is_long_enough() -> None:
    with on_bench("ec200u", ring_bytes=900, lag_bytes=31) as bench:
        know(bench, {ring.KEY: 900, watermarks.OFF: 675, stalls.PLACES: [[4096, 57.9]]})
        finding = found_by(bench, lag.STEP)[lag.LAG]
    assert "in the stall at byte 4096" in finding.method
    assert abs(finding.value - 31) <= 1


def test_the_level_of_stop_must_be_known() -> None:
    with on_bench("ec200u") as bench, pytest.raises(NotMeasuredError, match="says stop"):
        found_by(bench, ring.STEP, lag.STEP)


def know(bench: Bench, values: dict[str, Any]) -> None:
    """What earlier steps have found."""
    for key, value in values.items():
        bench.found[key] = Finding(key, value, "for this test")
