"""Nothing gets through on the air."""

import pytest

from quecsim.faults import BleOutOfRange, Fault
from quecsim.units import S, ms
from tests.faults.ble import _trial, answering, connected  # noqa: F401


def test_briefly_everything_is_only_late() -> None:
    run = connected(BleOutOfRange(piece=1, for_ms=800))
    run.want("notify")
    run.want("notify")
    assert answering(run) == [b"000001"], "where it went out of range"
    run.go(S)
    assert answering(run) == [b"000001", b"000002"]
    assert run.heard()[-2:] == ["Came,000001,6", "Came,000002,6"]
    assert run.struck() == ["nothing gets through for 800 ms"]


@pytest.mark.parametrize(
    "fault",
    [
        BleOutOfRange(piece=2, for_ms=20_000),
        BleOutOfRange(piece=2, direction="down", for_ms=20_000),
        BleOutOfRange(at_ms=1500, for_ms=20_000),
    ],
)
def test_for_longer_than_the_time_out_both_see_the_end(fault: Fault) -> None:
    run = connected(fault)
    for _ in range(3):
        run.want("notify")
        run.go(300_000_000)
    run.go(8 * S)
    assert run.heard()[-1] == "Left,timeout"
    assert run.peer is not None
    assert not run.peer.is_connected
    assert len(run.struck()) == 1


def test_who_advertises_meanwhile_is_found_when_it_is_over() -> None:
    run = connected(BleOutOfRange(at_ms=0, for_ms=5000))
    assert run.heard() == []
    run.go(5 * S)
    assert run.heard()[0] == "Joined"
    assert run.struck() == ["nothing gets through for 5000 ms"]


def test_where_nothing_is_on_the_air_it_does_not_fire() -> None:
    run = connected(BleOutOfRange(at_ms=10, for_ms=50))
    assert run.heard()[0] == "Joined"
    assert run.struck() == []


def test_it_begins_with_a_connection() -> None:
    run = connected(BleOutOfRange(connection=1, for_ms=3000))
    assert run.heard() == []
    run.go(3 * S)
    assert run.heard()[:2] == ["Joined", "MtuIs"]
    assert len(run.struck()) == 1


def test_two_of_them_end_with_the_later() -> None:
    faults = (BleOutOfRange(at_ms=1200, for_ms=600), BleOutOfRange(at_ms=1400, for_ms=1000))
    run = connected(*faults)
    run.go(ms(400))
    run.want("notify")
    run.go(ms(700))
    assert answering(run) == []
    run.go(ms(200))
    assert answering(run) == [b"000001"]
    assert len(run.struck()) == 2
