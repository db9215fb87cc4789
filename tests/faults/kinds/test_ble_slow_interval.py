"""A connection whose events come rarely."""

import pytest

from quecsim.border.ble import Parameters
from quecsim.faults import BleSlowInterval
from quecsim.units import S
from tests.faults.ble import _trial, answering, connected  # noqa: F401


def test_less_data_goes_through() -> None:
    """Four packets in half a second."""
    run = connected(BleSlowInterval(at_ms=1200, interval=400))
    run.go(2 * S)
    assert run.heard()[-1] == "ParametersAre"
    for _ in range(6):
        run.want("notify", 238)
    run.go(S // 2)
    assert len(answering(run)) == 4
    run.go(S)
    assert len(answering(run)) == 6
    assert run.struck() == ["the connection gets an interval of 400 (500 ms)"]


def test_from_the_beginning() -> None:
    run = connected(BleSlowInterval(connection=1, interval=1600))
    run.go(3 * S)
    assert run.heard() == ["Joined", "MtuIs", "Came,000000,11"]
    assert run.rig._beyond.ble.parameters == Parameters(1600, 0, 500)
    assert run.struck() == ["the connection has an interval of 1600 (2000 ms)"]


@pytest.mark.parametrize("side", ["up", "down"])
def test_at_a_piece_of_data(side: str) -> None:
    number = 1 if side == "up" else 2  # one comes by itself
    run = connected(BleSlowInterval(piece=number, direction=side, interval=10))
    run.want("notify")
    run.go(S)
    assert run.heard()[-1] == "ParametersAre"
    assert run.struck() == ["the connection gets an interval of 10 (12.5 ms)"]


def test_the_time_out_is_long_enough_for_it() -> None:
    run = connected(BleSlowInterval(at_ms=1200, interval=3200), want="join", n=62)
    run.go(S)
    assert run.rig._beyond.ble.parameters == Parameters(3200, 2, 2401)
    assert len(run.struck()) == 1


def test_where_there_is_no_connection_it_does_not_fire() -> None:
    run = connected(BleSlowInterval(at_ms=1, interval=400))
    assert run.struck() == []
