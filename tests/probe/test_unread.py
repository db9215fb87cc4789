"""How long a module keeps what it cannot send."""

import pytest

from quecsim.probe import unread
from quecsim.probe.finding import NotMeasuredError
from quecsim.profiles.loader import load_profile
from tests.probe.long_bench import found_by, on_bench


def test_within_a_hundredth() -> None:
    drop_ms = load_profile("ec200u").uart.tx_drop_ms
    with on_bench("ec200u") as bench:
        finding = found_by(bench, unread.STEP)[unread.KEY]
        assert bench.command("AT+IFC?").info("+IFC:") == ["0,0"]
    assert finding.low <= drop_ms <= finding.high
    assert abs(finding.value - drop_ms) <= drop_ms // 100


def test_without_wires_it_says_so_and_the_module_is_left_as_it_was() -> None:
    with on_bench("ec200u", wires=False) as bench:
        with pytest.raises(NotMeasuredError, match=r"AT\+IFC=2"):
            found_by(bench, unread.STEP)
        assert bench.not_restored == []
        assert bench.command("AT+IFC?").info("+IFC:") == ["0,0"]
