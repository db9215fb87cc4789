"""Hosts with several threads: one at a time, in the same order in every run."""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from quecsim.units import s
from quecsim.virtual import locks
from quecsim.virtual.clock import HostHungError
from quecsim.virtual.virtual_time import virtual_time
from tests.virtual.apart import INTERRUPTED, run_apart


def test_threads_sleep_at_the_same_time() -> None:
    log: list[tuple[str, float]] = []

    def work(name: str, step: float) -> None:
        for _ in range(3):
            time.sleep(step)
            log.append((name, step))

    with virtual_time() as clock:
        threads = [
            threading.Thread(target=work, args=arguments) for arguments in (("a", 2), ("b", 3))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert clock.now_ns == s(9)
    assert [name for name, _ in log] == ["a", "b", "a", "b", "a", "b"]  # at 2, 3, 4, 6, 6, 9 s
    assert not any(thread.is_alive() for thread in threads)


def test_an_event_wakes_who_waits_for_it() -> None:
    with virtual_time() as clock:
        event = threading.Event()
        timer = threading.Timer(5, event.set)
        timer.start()
        assert event.wait(60)
        assert s(5) <= clock.now_ns < s(6)
        assert not threading.Event().wait(2)
        assert s(7) <= clock.now_ns < s(8)
        timer.join()


@pytest.mark.parametrize("make", [queue.Queue, queue.SimpleQueue])
def test_a_queue_between_threads(make: type) -> None:
    with virtual_time() as clock:
        box: Any = queue.Queue() if make is queue.Queue else queue.SimpleQueue()

        def produce() -> None:
            for number in range(3):
                time.sleep(1)
                box.put(number)

        thread = threading.Thread(target=produce, daemon=True)
        thread.start()
        assert [box.get(timeout=10) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(queue.Empty):
            box.get(timeout=4)
        assert s(7) <= clock.now_ns < s(8)


def test_a_lock_is_held_by_one() -> None:
    inside, most = 0, 0

    def work(lock: threading.Lock) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            time.sleep(1)
            inside -= 1

    with virtual_time() as clock:
        for lock in (threading.Lock(), threading.RLock()):
            threads = [threading.Thread(target=work, args=(lock,)) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert clock.now_ns == s(6)
    assert most == 1


def test_a_lock_waits_no_longer_than_it_may() -> None:
    with virtual_time() as clock:
        lock = threading.Lock()
        assert lock.acquire(timeout=1)
        assert not lock.acquire(blocking=False)
        assert not lock.acquire(timeout=3)
        assert clock.now_ns == s(3)
        lock.release()
        assert not lock.locked()


def test_a_pool_works() -> None:
    def work(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    with virtual_time() as clock, ThreadPoolExecutor(3) as pool:
        assert list(pool.map(work, [3, 1, 2])) == [3, 1, 2]
        assert s(3) <= clock.now_ns < s(4)


def test_join_waits_no_longer_than_it_may() -> None:
    with virtual_time() as clock:
        thread = threading.Thread(target=time.sleep, args=(10,))
        thread.start()
        thread.join(4)
        assert thread.is_alive()
        assert s(4) <= clock.now_ns < s(5)
        while thread.is_alive():
            pass
        assert s(10) <= clock.now_ns < s(11)


def test_a_busy_loop_lets_the_others_go_on() -> None:
    with virtual_time():
        done: list[int] = []

        def work() -> None:
            time.sleep(1)
            done.append(1)

        thread = threading.Thread(target=work)
        thread.start()
        end = time.monotonic() + 5
        while not done and time.monotonic() < end:
            pass
        assert done
        thread.join()


def test_all_waiting_for_one_another_is_told() -> None:
    def block() -> None:
        lock = threading.Lock()
        lock.acquire()
        thread = threading.Thread(target=lock.acquire)
        thread.start()
        thread.join()

    with virtual_time(), pytest.raises(HostHungError, match="all threads"):
        block()


def test_threads_that_are_left_are_ended_where_they_wait() -> None:
    ended: list[str] = []

    def forever() -> None:
        try:
            while True:
                time.sleep(1)
        finally:
            ended.append("ended")

    before = threading.active_count()
    with virtual_time():
        thread = threading.Thread(target=forever)
        thread.start()
        time.sleep(10)
    thread.join(10)
    assert ended == ["ended"]
    assert threading.active_count() == before


def test_an_endless_thread_ends_the_run() -> None:
    def forever() -> None:
        while True:
            time.monotonic()

    with virtual_time(s(5)):
        thread = threading.Thread(target=forever)
        thread.start()
        with pytest.raises(HostHungError):
            thread.join()
    assert not thread.is_alive()


def test_what_a_thread_raises_is_reported_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[type] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: caught.append(args.exc_type))
    with virtual_time():
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    assert caught == [ZeroDivisionError]


SWALLOWS = """
import threading, time
from quecsim import virtual_time

def forever():
    while True:
        try:
            time.sleep(1)
        except:
            pass

with virtual_time() as clock:
    threading.Thread(target=forever, daemon=True).start()
    time.sleep(10)
print(clock.now_ns // 10**9)
with virtual_time():
    thread = threading.Thread(target=time.sleep, args=(5,))
    thread.start()
    thread.join()
print("left")
"""


def test_a_thread_that_swallows_its_end_stays_where_it_is() -> None:
    assert run_apart(SWALLOWS) == "10\nleft\n"


CTRL_C = """
import signal, threading, time
from quecsim import virtual_time

me = threading.get_ident()

def spin():
    for turn in range(10**9):
        time.sleep(0.001)
        if turn % 100 == 99:
            signal.pthread_kill(me, signal.SIGINT)

real = time.sleep
for _ in range(100):
    try:
        with virtual_time():
            threading.Thread(target=spin, daemon=True).start()
            while True:
                time.sleep(0.01)
    except KeyboardInterrupt:
        assert time.sleep is real
print("interrupted")
with virtual_time() as clock:
    time.sleep(1)
    print(clock.now_ns)
"""


def test_ctrl_c_while_another_thread_runs() -> None:
    assert run_apart(CTRL_C) == "interrupted\n1000000000\n"


@pytest.mark.parametrize("host", ["sleepers", "pipeline"])
def test_ctrl_c_at_every_line(host: str) -> None:
    assert run_apart(INTERRUPTED.format(host, "virtual", 1)) == "nothing is left\n"


NEVER_WAITS = """
import signal, threading, time
from quecsim import virtual_time

me, is_over = threading.get_ident(), False

def compute():
    while not is_over:
        signal.pthread_kill(me, signal.SIGINT)

try:
    with virtual_time():
        threading.Thread(target=compute).start()
        time.sleep(1)
except KeyboardInterrupt:
    is_over = True
    print("interrupted")
"""


def test_a_thread_that_never_waits_is_left_behind_by_the_second_ctrl_c() -> None:
    assert run_apart(NEVER_WAITS) == "interrupted\n"


def test_a_lock_of_a_thread_in_real_time_is_waited_for_in_real_time() -> None:
    lock: list[threading.Lock] = []
    held, asked = threading.Event(), threading.Event()

    def hold() -> None:
        asked.wait(10)
        with lock[0]:
            held.set()

    thread = threading.Thread(target=hold)
    thread.start()
    with virtual_time():
        lock.append(threading.Lock())
        lock[0].acquire()
        asked.set()
        lock[0].release()
        held.wait(10)
        with lock[0]:
            pass
    thread.join(10)
    assert not thread.is_alive()


def test_a_thread_that_cannot_be_started_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(locks, "_real_start", refuse)
    monkeypatch.setattr(locks, "_real_start_joinable", refuse)
    with virtual_time() as clock:
        with pytest.raises(RuntimeError, match="start new thread"):
            threading.Thread(target=time.sleep).start()
        time.sleep(1)
        assert clock.now_ns == s(1)


def test_a_thread_in_whose_turn_the_device_fails_ends_and_the_first_one_is_told() -> None:
    class Broken:
        def run(self, limit_ns: int) -> int:
            raise ZeroDivisionError

        def due_ns(self) -> int:
            return 5

    with virtual_time() as clock:
        thread = threading.Thread(target=clock.wait, args=(Broken(), lambda: False, s(1)))
        thread.start()
        with pytest.raises(ZeroDivisionError):
            time.sleep(2)
    thread.join(10)
    assert not thread.is_alive()
