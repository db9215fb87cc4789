"""Virtual time under pytest: who lives in it, when a fixture keeps it over several tests.

All of a session runs in one thread: the tests, but also pytest, its plugins and what xdist sends
over its channels. A fixture that enters virtual time and stays there, for a module or a session,
must not take them along. So the thread is taken out of it whenever such code goes on, and back in
for the fixture itself (also for its end), for fixtures that ask for it, and for the tests that do.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from quecsim.virtual.host_time import VirtualClock


class VirtualTimeHooks:
    """Takes this thread into the virtual time of a fixture, and out of it."""

    def __init__(self) -> None:
        self._active: list[tuple[pytest.FixtureDef[Any], VirtualClock | None]] = []
        self._depth = 0  # how many fixtures and tests are on the stack

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """A fixture begins in the time of those that it asks for."""
        before = _step_out()
        _step_into(self._time_of(fixturedef.argnames))
        self._depth += 1
        try:
            return (yield)
        finally:
            self._depth -= 1
            clock = _step_out()
            self._active.append((fixturedef, clock))
            if clock is not None:  # the last to be added is called first
                fixturedef.addfinalizer(partial(_step_into, clock))
            if self._depth:  # a test, or a fixture, has asked for it with getfixturevalue
                _step_into(clock or before)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test lives in the time of its fixtures."""
        _step_into(self._time_of(getattr(item, "fixturenames", ())))
        self._depth += 1
        try:
            return (yield)
        finally:
            self._depth -= 1
            _step_out()

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        """A fixture has ended."""
        _step_out()
        self._active = [entry for entry in self._active if entry[0] is not fixturedef]

    def _time_of(self, names: Iterable[str]) -> VirtualClock | None:
        """The innermost virtual time of these fixtures: each as it was set up last."""
        active = {fixture.argname: clock for fixture, clock in self._active}
        clocks = [active[name] for name in names if active.get(name) is not None]
        return max(clocks, key=self._place, default=None)

    def _place(self, clock: VirtualClock | None) -> int:
        return next(place for place, entry in enumerate(self._active) if entry[1] is clock)


def _step_out() -> VirtualClock | None:
    """Out of virtual time; which it was."""
    module = sys.modules.get("quecsim.virtual.virtual_time")  # nobody pays for it who has none
    clock: VirtualClock | None = module.step_out() if module is not None else None
    return clock


def _step_into(clock: VirtualClock | None) -> None:
    if clock is not None and not clock.is_over:
        from quecsim.virtual.virtual_time import step_into

        step_into(clock)
