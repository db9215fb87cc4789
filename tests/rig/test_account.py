"""Every byte of the host is in one place, at every moment; see also `tests/laws`."""

import pytest

from tests.device.bench import Bench


def test_bytes_on_the_line_are_in_flight_until_they_are_read() -> None:
    bench = Bench()
    bench.send(b"AT\r")
    assert bench.rig.counters() == {"sent": 3, "stored": 0, "eaten": 0, "lost": 0, "in_flight": 3}
    bench.rest()
    assert bench.rig.counters() == {"sent": 3, "stored": 0, "eaten": 3, "lost": 0, "in_flight": 0}


def test_a_byte_in_no_place_is_our_own_mistake() -> None:
    bench = Bench()
    bench.rig.device.ledger.arrived += 1
    with pytest.raises(AssertionError):
        bench.rig.check()
