"""The table of a socket's states."""

from quecsim.clients.socket_state import TRANSITIONS, State, Step


def test_every_state_is_left_and_reached() -> None:
    assert {before for before, _ in TRANSITIONS} == set(State) == set(TRANSITIONS.values())
    assert {step for _, step in TRANSITIONS} == set(Step)


def test_whatever_is_used_can_be_freed() -> None:
    for state in set(State) - {State.INITIAL}:
        assert TRANSITIONS[state, Step.FREED] is State.INITIAL
