"""Who looks at the time while holding a real lock, and who stays outside."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.units import s
from quecsim.virtual.virtual_time import virtual_time
from tests.virtual.apart import run_apart

QUEUE_FROM_BEFORE = """
import queue, threading, time
from quecsim import virtual_time

box = queue.Queue()

def produce():
    for number in range(300):
        time.monotonic()  # here it is always ready to go on
        box.put(number)

with virtual_time():
    threading.Thread(target=produce, daemon=True).start()
    print([box.get(timeout=1) for _ in range(300)] == list(range(300)))
    try:
        box.get(timeout=1)
    except queue.Empty:
        print("empty")
"""


def test_a_queue_that_was_made_before() -> None:
    assert run_apart(QUEUE_FROM_BEFORE) == "True\nempty\n"


def test_hypothesis_keeps_the_real_time() -> None:
    """Its deadline is about how long a test takes to compute."""

    @settings(max_examples=5, deadline=60_000, database=None)
    @given(st.integers(0, 3))
    def sleep(_number: int) -> None:
        time.sleep(3600)

    with virtual_time() as clock:
        sleep()
        assert clock.now_ns >= s(3600)
