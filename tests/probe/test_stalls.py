"""Where an upload stalls, and for how long."""

import pytest

from quecsim.probe import ring, stalls
from quecsim.scenario.schema import Stall
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize(
    ("ring_bytes", "every", "stall_ms", "way"),
    [(256, 700, 25, "overrun"), (4096, 700, 25, "pause"), (1777, 1500, 60, "overrun")],
)
def test_places_to_the_byte_and_lengths_to_a_hundredth(
    ring_bytes: int, every: int, stall_ms: int, way: str
) -> None:
    stall = Stall(stall_ms=stall_ms, every_bytes=every)
    with on_bench("ec200u", ring_bytes=ring_bytes, stalls=[stall]) as bench:
        finding = found_by(bench, ring.STEP, stalls.STEP)[stalls.PLACES]
    assert way in finding.method
    own = [(place, ms) for place, ms in finding.value if place % every == 0]
    assert [place for place, _ in own] == [every * number for number in range(1, len(own) + 1)]
    assert len(own) >= 2
    assert all(abs(ms - stall_ms) <= stall_ms / 100 for _, ms in own)


@pytest.mark.parametrize("name", ["ec200u", "ec200t", "fcm242d"])
def test_what_is_gathered_before_it_is_stored(name: str) -> None:
    with on_bench(name) as bench:
        found = found_by(bench, ring.STEP, stalls.STEP)
        assert found[stalls.BUFFER].value == bench.base.files.data_buffer_bytes
        assert bench.wire.port.baudrate == 115200


def test_a_flash_without_stalls() -> None:
    with on_bench("ec200u", flash="instant") as bench:
        found = found_by(bench, ring.STEP, stalls.STEP)
    assert "no stall longer than" in found[stalls.PLACES].why_not
