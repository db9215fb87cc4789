"""Data that was acknowledged on the air, and gets no further."""

from quecsim.faults import BleNotificationLost
from quecsim.trace.event import BleLost
from quecsim.units import S
from tests.faults.ble import _trial, answering, connected  # noqa: F401


def test_of_the_device() -> None:
    run = connected(BleNotificationLost(piece=2, times=2))
    for _ in range(4):
        run.want("notify")
    run.go(S)
    assert answering(run) == [b"000001", b"000004"]
    lost = [event for event in run.of(BleLost) if event.way == "up"]
    assert [(event.count, event.why) for event in lost] == [(6, "a fault swallowed them")] * 2
    assert run.rig.counters()["ble_up_lost_fault"] == 12
    assert run.struck() == ["a piece of the device's data got lost"] * 2


def test_of_the_other_side_which_may_send_more_all_the_same() -> None:
    run = connected(BleNotificationLost(piece=2, direction="down", times=4))
    for _ in range(6):
        run.want("notify")
    run.go(S)
    assert run.heard()[-2:] == ["Came,000005,6", "Came,000006,6"]
    assert run.peer is not None
    assert run.peer.taken == 1 + 7, "the connection, and every piece: none is left in its window"
    assert run.struck() == ["a piece of the other side's data got lost"] * 4
