"""time.sleep and the clocks of a host go along with the model."""

import datetime
import threading
import time
from time import monotonic as aliased_monotonic
from time import sleep as aliased_sleep

import pytest
from serial import serialutil

from quecsim.units import s, us
from quecsim.virtual.clock import HostHungError
from quecsim.virtual.virtual_time import current_clock, virtual_time
from tests.virtual.apart import INTERRUPTED, run_apart

REAL = (time.sleep, time.time, time.monotonic, time.perf_counter, datetime.datetime)


def test_sleeping_costs_nothing_and_shows_on_every_clock() -> None:
    with virtual_time() as clock:
        begin = time.monotonic(), time.time(), time.perf_counter(), time.monotonic_ns()
        time.sleep(3600)
        end = time.monotonic(), time.time(), time.perf_counter(), time.monotonic_ns()
        assert clock.now_ns >= s(3600)
    for before, after in zip(begin[:3], end[:3], strict=True):
        assert after - before == pytest.approx(3600, abs=1e-4)
    assert end[3] - begin[3] == pytest.approx(s(3600), abs=us(100))


def test_names_that_modules_have_taken_go_along() -> None:
    with virtual_time():
        before = aliased_monotonic()
        aliased_sleep(5)
        assert aliased_monotonic() - before == pytest.approx(5, abs=1e-4)


def test_dates_go_along() -> None:
    with virtual_time():
        before = datetime.datetime.now()
        time.sleep(86_000)
        assert datetime.datetime.now() - before == pytest.approx(
            datetime.timedelta(seconds=86_000), abs=datetime.timedelta(milliseconds=1)
        )
        now = datetime.datetime.now(datetime.UTC)
        assert isinstance(now, datetime.datetime)
        assert (now.year, type(now)) == (2026, REAL[-1])
        assert datetime.datetime(2020, 1, 1).isoformat() == "2020-01-01T00:00:00"
        assert datetime.datetime.fromisoformat("2020-01-01") == datetime.datetime(2020, 1, 1)


def test_every_run_reads_the_same_times() -> None:
    def readings() -> list[float]:
        with virtual_time():
            first = [time.time(), time.monotonic()]
            time.sleep(0.1)
            return [*first, time.perf_counter(), time.time()]

    assert readings() == readings()


def test_everything_is_put_back() -> None:
    with virtual_time():
        assert time.sleep is not REAL[0]
    assert (
        time.sleep,
        time.time,
        time.monotonic,
        time.perf_counter,
        datetime.datetime,
    ) == REAL
    assert aliased_sleep is REAL[0]
    assert serialutil.Timeout.TIME is REAL[2]


def test_everything_is_put_back_after_an_exception() -> None:
    with pytest.raises(ZeroDivisionError), virtual_time():
        _ = 1 / 0
    assert time.sleep is REAL[0]
    assert current_clock() is None


def test_a_block_within_another_has_a_time_of_its_own() -> None:
    with virtual_time() as outer:
        time.sleep(1)
        with virtual_time() as inner:
            time.sleep(5)
            assert current_clock() is inner
        assert current_clock() is outer
        assert outer.now_ns == s(1)


def test_sleep_refuses_what_it_always_refused() -> None:
    with virtual_time(), pytest.raises(ValueError, match="non-negative"):
        time.sleep(-1)


def test_a_busy_loop_ends() -> None:
    with virtual_time() as clock:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            pass
        assert s(30) <= clock.now_ns < s(31)


def test_a_host_that_lasts_too_long_is_ended() -> None:
    with virtual_time(s(60)):
        for _ in range(60):
            time.sleep(1)
        with pytest.raises(HostHungError):
            time.sleep(1)


def test_pyserials_own_timeouts_go_along() -> None:
    with virtual_time():
        timeout = serialutil.Timeout(10)
        time.sleep(4)
        assert timeout.time_left() == pytest.approx(6, abs=1e-3)
        time.sleep(6)
        assert timeout.expired()


def test_threads_from_before_keep_the_real_time() -> None:
    go, times = threading.Event(), []

    def other() -> None:
        go.wait(10)
        times.append(time.time())

    thread = threading.Thread(target=other)
    thread.start()
    before = time.time()
    with virtual_time():
        time.sleep(80_000)
        go.set()
        thread.join(10)
    assert 0 <= times[0] - before < 1000


class Unclosable:
    """A device whose end goes wrong."""

    def close(self) -> None:
        raise ZeroDivisionError("cannot close")


def test_a_device_that_cannot_be_closed_is_told_and_the_time_is_back() -> None:
    others: list[str] = []

    class Other:
        def close(self) -> None:
            others.append("closed")

    with pytest.raises(ZeroDivisionError), virtual_time() as clock:
        clock.devices |= {"one": Unclosable(), "two": Other()}
    assert (current_clock(), time.sleep, others) == (None, REAL[0], ["closed"])


def test_what_the_host_raised_goes_before_a_device_that_cannot_be_closed() -> None:
    def host() -> None:
        with virtual_time() as clock:
            clock.devices["one"] = Unclosable()
            raise KeyError("the host")

    with pytest.raises(KeyError) as caught:
        host()
    assert "cannot close" in caught.value.__notes__[0]
    assert (current_clock(), time.sleep) == (None, REAL[0])


def test_blocks_that_end_in_another_order() -> None:
    outer, inner = virtual_time(), virtual_time()
    outer.__enter__()
    inner.__enter__()
    outer.__exit__(None, None, None)
    assert current_clock() is not None
    inner.__exit__(None, None, None)
    assert (current_clock(), time.sleep) == (None, REAL[0])


def test_a_block_that_nobody_leaves_ends_with_its_last_reference() -> None:
    block = virtual_time()
    block.__enter__()
    del block
    assert (current_clock(), time.sleep) == (None, REAL[0])


@pytest.mark.parametrize(
    ("room", "every"),
    [("virtual", 3), ("rig", 9), ("device", 9), ("uart", 9), ("trace", 3), ("scenario", 9)],
)
def test_ctrl_c_at_every_line_with_a_device(room: str, every: int) -> None:
    assert run_apart(INTERRUPTED.format("reader", room, every)) == "nothing is left\n"
