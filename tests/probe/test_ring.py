"""The size of the ring, to the byte."""

import pytest

from quecsim.probe import ring
from quecsim.probe.finding import NotMeasuredError
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize("name", ["ec200u", "m95", "fcm242d"])
@pytest.mark.parametrize("size", [256, 1001, 6000])
def test_to_the_byte(name: str, size: int) -> None:
    with on_bench(name, ring_bytes=size) as bench:
        finding = found_by(bench, ring.STEP)[ring.KEY]
    assert (finding.value, finding.low, finding.high) == (size, size, size)
    assert finding.runs >= 3


def test_without_an_echo_it_is_switched_on() -> None:
    with on_bench("ec200u", ring_bytes=700) as bench:
        assert bench.command("ATE0").ok
        assert found_by(bench, ring.STEP)[ring.KEY].value == 700
        assert not bench.command("AT").raw.startswith(b"AT")


def test_a_line_that_loses_nothing_has_no_ring_to_measure() -> None:
    with (
        on_bench("ec200u", speed="unlimited") as bench,
        pytest.raises(NotMeasuredError, match="lost nothing"),
    ):
        found_by(bench, ring.STEP)
