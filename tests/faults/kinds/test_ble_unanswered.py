"""Somebody on the air whom the device cannot reach."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import BleUnanswered
from quecsim.scenario.options import make_scenario
from tests.faults.ble import _trial, connected  # noqa: F401


def test_nobody_answers_and_the_other_side_knows_of_nothing() -> None:
    run = connected(BleUnanswered(), want="join")
    assert run.heard() == []
    assert run.peer is not None
    assert run.peer.wished == []
    run.want("giveup")
    run.want("join")
    run.go(1_000_000_000)
    assert run.heard()[0] == "Joined"
    assert run.peer.wished == ["GiveUp", "Join"]
    assert run.struck() == ["nobody answers"]


def test_several_attempts_in_a_row() -> None:
    run = connected(BleUnanswered(join=2, times=2), want="join")
    for _ in range(3):
        run.want("leave")
        run.want("join")
        run.go(500_000_000)
    assert run.heard().count("Joined") == 2
    assert len(run.struck()) == 2


def test_a_device_without_bluetooth_cannot_have_it() -> None:
    with pytest.raises(QuecsimError, match="ble_unanswered needs Bluetooth LE, and ec200u has"):
        make_scenario("ec200u", faults=[{"kind": "ble_unanswered"}])
    assert make_scenario("fcm242d", faults=[{"kind": "ble_unanswered"}]).faults
