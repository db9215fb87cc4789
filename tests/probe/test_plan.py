"""Which steps a probe has."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.probe import quick
from quecsim.probe.plan import ALL_STEPS, make_plan


def test_the_quick_part_is_what_one_gets() -> None:
    plan = make_plan()
    assert [step.name for step in plan.steps] == [
        step.name for step in quick.STEPS if not step.needs.restarts
    ]
    assert 60 <= plan.seconds <= 200


def test_steps_are_chosen_and_left_out_by_name() -> None:
    plan = make_plan(only=["acks", "sizes"], skip=["sizes"])
    assert [step.name for step in plan.steps] == ["identity", "acks"]
    assert plan.needs.written_bytes == plan.steps[1].needs.written_bytes


def test_the_long_part_follows_the_quick_one() -> None:
    names = [step.name for step in make_plan(with_long=True).steps]
    assert names[: len(make_plan().steps)] == [step.name for step in make_plan().steps]
    assert len(names) > len(make_plan().steps)


def test_a_name_that_no_step_has_is_told() -> None:
    with pytest.raises(QuecsimError) as told:
        make_plan(only=["ack"])
    assert "acks" in told.value.hint


def test_names_are_unique_and_every_step_says_what_it_does() -> None:
    assert len({step.name for step in ALL_STEPS}) == len(ALL_STEPS)
    for step in ALL_STEPS:
        assert step.title[0].islower()
        assert step.keys
        assert step.seconds > 0
