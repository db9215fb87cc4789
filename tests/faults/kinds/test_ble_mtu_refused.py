"""A connection that keeps the smallest MTU."""

from quecsim.border.ble import MtuIs
from quecsim.faults import BleMtuRefused
from quecsim.trace.event import BleHeard
from quecsim.units import S
from tests.faults.ble import _trial, connected  # noqa: F401
from tests.laws.ble_run import Run


def mtus(run: Run) -> list[str]:
    return [event.words for event in run.of(BleHeard) if event.what == "mtu is"]


def test_both_sides_know_of_it() -> None:
    run = connected(BleMtuRefused())
    assert mtus(run) == ["mtu=23"]
    assert run.peer is not None
    assert run.peer.mtu == 23
    run.want("mtu", 100)
    run.go(S)
    assert mtus(run) == ["mtu=23", "mtu=100"], "one exchange only"
    assert run.struck() == ["the MTU stays 23, not 247"]


def test_one_that_ends_with_it_anyway_is_not_hit() -> None:
    run = connected(BleMtuRefused(exchange=2))
    run.rig.hear_ble(run.now_ns, MtuIs(23))
    assert run.struck() == []
