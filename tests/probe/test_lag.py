"""How many bytes the host still sends after a stop."""

import pytest

from quecsim.probe import lag, ring, stalls, watermarks
from quecsim.probe.finding import NotMeasuredError
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize("sent", [1, 60])
def test_when_an_upload_finds_the_ring_full(sent: int) -> None:
    with on_bench("ec200u", ring_bytes=1400, lag_bytes=sent) as bench:
        finding = found_by(bench, ring.STEP, watermarks.STEP, lag.STEP)[lag.LAG]
        assert not bench.wire.port.rtscts  # type: ignore[attr-defined]
    assert "finds the ring full" in finding.method
    assert abs(finding.value - sent) <= 1
    assert finding.low <= sent <= finding.high <= sent + 3


def test_in_a_stall_that_is_long_enough() -> None:
    with on_bench("ec200u", ring_bytes=900, lag_bytes=31) as bench:
        steps = (ring.STEP, stalls.STEP, watermarks.STEP, lag.STEP)
        finding = found_by(bench, *steps)[lag.LAG]
    assert "in the stall at byte 4096" in finding.method
    assert abs(finding.value - 31) <= 1


def test_the_level_of_stop_must_be_known() -> None:
    with on_bench("ec200u") as bench, pytest.raises(NotMeasuredError, match="says stop"):
        found_by(bench, ring.STEP, lag.STEP)
