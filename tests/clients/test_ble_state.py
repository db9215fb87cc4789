"""The state that AT+QBLESTAT tells: from anywhere the host can do what it may."""

import pytest

from quecsim.clients.ble_state import TRANSITIONS, State, Step

ON = set(State) - {State.NOINIT}


@pytest.mark.parametrize(
    ("step", "begin", "end"),
    [
        (Step.INIT, {State.NOINIT}, State.INIT),
        (Step.OFF, ON, State.NOINIT),
        (Step.ADVERTISE, ON - {State.CONNECTED}, State.ADVERTISING),
        (Step.JOINED, ON, State.CONNECTED),
        (Step.LEFT, {State.CONNECTED}, State.DISCONNECTED),
    ],
)
def test_where_a_step_leads(step: Step, begin: set[State], end: State) -> None:
    assert {state for state, by in TRANSITIONS if by is step} == begin
    assert {TRANSITIONS[state, step] for state in begin} == {end}


def test_advertising_can_be_stopped_where_it_may_not_go_on() -> None:
    assert TRANSITIONS[State.ADVERTISING, Step.STOP] is State.INIT
    assert TRANSITIONS[State.DISCONNECTED, Step.STOP] is State.DISCONNECTED
