"""Contexts that a connection needs: there already, brought up on the way, or lost."""

from collections.abc import Callable, Generator
from typing import Any

import pytest

from quecsim.at.activation import activation, ensure
from quecsim.at.context import Context, wlan
from quecsim.at.effects import Effect, Sleep
from quecsim.at.results import Tcpip
from quecsim.units import ms
from tests.device.bench import Bench, profile
from tests.device.wifi import joined

Steps = Callable[[Context, int], Generator[Effect, Any, Tcpip]]


def run(steps: Generator[Effect, Any, Tcpip]) -> tuple[list[int], Tcpip]:
    """(how long it slept each time, what came of it)."""
    slept: list[int] = []
    while True:
        try:
            effect = next(steps)
        except StopIteration as stop:
            return slept, stop.value
        assert isinstance(effect, Sleep)
        slept.append(effect.duration_ns)


def context(*, is_implicit: bool = True) -> Context:
    device = profile(tcpip={"activate_ms": 400, "implicit_activation": is_implicit})
    return Bench(device).rig.device.context


def test_it_takes_its_time_once() -> None:
    one = context()
    assert run(activation(one, 1)) == ([ms(400)], Tcpip.NONE)
    assert run(activation(one, 1)) == ([], Tcpip.NOT_ALLOWED)
    assert run(ensure(one, 1)) == ([], Tcpip.NONE)


def test_a_connection_brings_it_up_where_the_device_does_that() -> None:
    one, other = context(), context(is_implicit=False)
    assert run(ensure(one, 1)) == ([ms(400)], Tcpip.NONE)
    assert one.bearer.is_up(1)
    assert run(ensure(other, 1)) == ([], Tcpip.CONTEXT_FAILED)
    assert not other.bearer.is_up(1)
    other.bearer.activate(1)
    assert run(ensure(other, 1)) == ([], Tcpip.NONE)


@pytest.mark.parametrize("steps", [activation, ensure])
def test_what_was_lost_is_put_away_first(steps: Steps) -> None:
    one = context()
    one.bearer.activate(1)
    one.bearer.lose_bearer()
    slept, error = run(steps(one, 1))
    assert not slept
    assert error is not Tcpip.NONE
    one.bearer.deactivate(1)
    assert run(steps(one, 1))[1] is Tcpip.NONE


def test_without_a_network_it_fails_in_its_time() -> None:
    one = context()
    one.bearer.lose_network()
    assert run(ensure(one, 1)) == ([ms(400)], Tcpip.CONTEXT_FAILED)


def test_two_that_need_it_at_once_both_get_it() -> None:
    one = context()
    first, second = ensure(one, 1), ensure(one, 1)
    next(first)
    next(second)
    assert run(first) == run(second) == ([], Tcpip.NONE)


def test_nobody_answers_a_call() -> None:
    assert run(activation(context(), 1, is_call=True)) == ([ms(400)], Tcpip.CONTEXT_FAILED)


def test_over_wifi_it_takes_an_address() -> None:
    one = joined().rig.device.context
    assert run(ensure(one, 0)) == ([], Tcpip.NONE)
    wlan(one).lose_network()
    assert run(ensure(one, 0)) == ([], Tcpip.NOT_ALLOWED)
