"""The deaf gap behind AT+IFC."""

import pytest

from quecsim.probe import deaf
from quecsim.probe.finding import NotMeasuredError
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize("reopen_ms", [0, 1, 40, 700])
def test_to_a_millisecond(reopen_ms: int) -> None:
    with on_bench("ec200u", reopen_ms=reopen_ms) as bench:
        finding = found_by(bench, deaf.STEP)[deaf.KEY]
    assert finding.value == reopen_ms
    assert finding.low <= reopen_ms <= finding.high <= reopen_ms + 2


def test_a_device_without_flow_control() -> None:
    with on_bench("fcm242d") as bench, pytest.raises(NotMeasuredError, match="no AT\\+IFC"):
        found_by(bench, deaf.STEP)
