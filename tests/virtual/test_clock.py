"""The clock of virtual time."""

import pytest

from quecsim.units import ms, s, us
from quecsim.virtual.clock import DAY_NS, Clock, HostHungError


def test_time_moves_only_when_somebody_waits() -> None:
    clock = Clock()
    assert clock.now_ns == 0
    clock.sleep(s(3))
    assert clock.now_ns == s(3)


def test_a_look_takes_a_microsecond() -> None:
    clock = Clock()
    assert clock.look() == us(1)
    assert clock.look() == us(2)


def test_a_busy_loop_makes_progress_by_longer_and_longer_looks() -> None:
    clock, looks = Clock(), 0
    while clock.look() < s(5):
        looks += 1
    assert looks < 6000
    before_ns = clock.now_ns
    assert clock.look() - before_ns == ms(1)


def test_the_looks_of_a_short_busy_loop_are_fine() -> None:
    clock = Clock()
    while clock.look() < us(500):
        pass
    assert clock.now_ns < us(532)


def test_what_the_host_does_ends_the_busy_loop() -> None:
    clock = Clock()
    while clock.look() < s(1):
        pass
    clock.touch()
    before_ns = clock.now_ns
    assert clock.look() - before_ns == us(1)


def test_a_host_that_never_ends_hangs() -> None:
    clock = Clock(limit_ns=s(10))
    clock.sleep(s(10))
    with pytest.raises(HostHungError, match=r"not ended after 10\.000 s"):
        clock.look()
    assert clock.now_ns == s(10)


def test_waiting_for_nothing_hangs_at_once() -> None:
    clock = Clock()
    with pytest.raises(HostHungError, match="never come"):
        clock.wait(None, lambda: False, DAY_NS * 1000)
    assert clock.now_ns == 0


def test_a_wait_ends_in_time() -> None:
    clock = Clock()
    assert not clock.wait(None, lambda: False, s(2))
    assert clock.now_ns == s(2)
    assert clock.wait(None, lambda: True, s(3))
    assert clock.now_ns == s(2)


def test_hanging_is_not_an_exception_that_a_host_would_swallow() -> None:
    assert not issubclass(HostHungError, Exception)


def test_a_host_that_does_too_much_hangs() -> None:
    clock = Clock()
    clock.work_left = 10
    clock.touch()
    clock.look()
    clock.spend(8)
    with pytest.raises(HostHungError, match="calls the port or the clock again and again"):
        clock.look()
