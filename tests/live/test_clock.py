"""The wall's clock as model time. Only order and ratios are asserted, never seconds."""

import time

import pytest

from quecsim.live.clock import WallClock


def test_model_time_never_goes_back() -> None:
    clock = WallClock()
    times = [clock.now_ns() for _ in range(100)]
    assert times == sorted(times)
    assert times[0] >= 0


def test_the_scale_multiplies_time(monkeypatch: pytest.MonkeyPatch) -> None:
    wall_ns = 1_000
    monkeypatch.setattr(time, "monotonic_ns", lambda: wall_ns)
    fast, slow = WallClock(2.5), WallClock(0.5)
    wall_ns = 5_000
    assert fast.now_ns() == 10_000
    assert slow.now_ns() == 2_000


def test_seconds_until_a_model_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic_ns", lambda: 7)
    clock = WallClock(4.0)
    assert clock.seconds_until(4_000_000_000) == pytest.approx(1.0)
    assert clock.seconds_until(0) == 0.0
    assert clock.seconds_until(-5) == 0.0


def test_a_clock_that_is_set_back_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    wall_ns = 0
    monkeypatch.setattr(time, "monotonic_ns", lambda: wall_ns)
    clock = WallClock(1000.0)
    wall_ns = 9_000
    assert clock.real_ns(5_000_000) == 5_000
    assert clock.set_back(5_000_000) == 4_000
    assert clock.now_ns() == 5_000_000
    wall_ns = 9_001
    assert clock.now_ns() == 5_001_000
