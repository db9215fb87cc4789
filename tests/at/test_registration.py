"""The registration's table: whole, and as 27.007 numbers it."""

import pytest

from quecsim.at.registration import (
    REGISTERED,
    TRANSITIONS,
    Change,
    Standing,
    found,
    number_of,
)

_ONWARD = {Change.HOME, Change.ROAMING, Change.REFUSED}


def test_every_state_is_reached_and_left() -> None:
    assert set(TRANSITIONS.values()) == set(Standing)
    assert {before for before, _ in TRANSITIONS} == set(Standing)
    assert {change for _, change in TRANSITIONS} == set(Change)


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.OFF])
def test_whatever_it_does_it_can_stop(standing: Standing) -> None:
    assert TRANSITIONS[standing, Change.STOP] is Standing.OFF


def test_a_network_is_found_only_by_looking_for_it() -> None:
    for (before, _), after in TRANSITIONS.items():
        if after in REGISTERED:
            assert before is Standing.LOOKING
    assert {change for before, change in TRANSITIONS if before is Standing.LOOKING} >= _ONWARD


@pytest.mark.parametrize(("number", "standing"), [(1, "home"), (5, "roaming"), (3, "refused")])
def test_numbers_there_and_back(number: int, standing: str) -> None:
    after = TRANSITIONS[Standing.LOOKING, found(number)]
    assert after == standing
    assert number_of(after, number) == number
    assert (after in REGISTERED) == (number in (1, 5))


def test_who_looks_is_2_and_who_does_not_is_0() -> None:
    assert number_of(Standing.LOOKING, 3) == number_of(Standing.LOST, 3) == 2
    assert number_of(Standing.OFF, 3) == 0
