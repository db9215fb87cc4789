"""Our own uploader as a function, in virtual time."""

import pytest

from quecsim.scenario.options import make_scenario
from quecsim.testing.own_uploader import upload
from quecsim.virtual.run import run_function

NAME = "UFS:ca.pem"
DATA = bytes(range(256)) * 5


def test_it_uploads_and_says_so() -> None:
    run = run_function(make_scenario(scenario="worst-flash"), upload, NAME, DATA)
    assert run.claim
    assert run.content == DATA


def test_it_says_when_it_failed() -> None:
    made = make_scenario("ec200u", faults=[{"kind": "disk_full"}])
    run = run_function(made, upload, NAME, DATA)
    assert run.error is None
    assert not run.claim


@pytest.mark.parametrize("held_ms", [500, 1000, 2500])
def test_answers_that_come_late_are_not_taken_for_those_to_later_commands(held_ms: int) -> None:
    stuck = {"kind": "rts_stuck", "state": "stop", "for_ms": held_ms}
    made = make_scenario("ec200u", flow="rtscts", faults=[stuck])
    run = run_function(made, upload, NAME, DATA)
    assert run.claim
    assert run.content == DATA
    assert all(fault.fired for fault in run.report.faults)
