"""The receive ring: the newest bytes are lost, the oldest come first, nothing else happens."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.ring import RxRing
from quecsim.uart.run import ByteRun


def run(data: bytes, offset: int = 0) -> ByteRun:
    return ByteRun(0, 0, UnlimitedRate(), data, offset)


def test_what_does_not_fit_is_refused_at_its_end() -> None:
    ring = RxRing(5)
    assert ring.push(run(b"abc")) == 3
    assert ring.push(run(b"defg", 3)) == 2
    assert ring.push(run(b"h", 7)) == 0
    assert (ring.level, ring.room) == (5, 0)
    assert [ring.pop(5).data, ring.pop(5).data] == [b"abc", b"de"]


def test_pop_gives_one_run_at_most() -> None:
    ring = RxRing(10)
    ring.push(run(b"abcd", 40))
    first, second = ring.pop(3), ring.pop(3)
    assert (first.data, first.offset) == (b"abc", 40)
    assert (second.data, second.offset) == (b"d", 43)
    assert ring.peek() is None


def test_put_back_in_front() -> None:
    ring = RxRing(10)
    ring.push(run(b"cd", 2))
    ring.unpop([run(b"a", 0), run(b"b", 1)])
    assert ring.level == 4
    assert [ring.pop(9).data for _ in range(3)] == [b"a", b"b", b"cd"]


def test_clear_tells_how_many() -> None:
    ring = RxRing(10)
    ring.push(run(b"abc"))
    assert ring.clear() == 3
    assert (ring.level, ring.peek(), ring.clear()) == (0, None, 0)


@given(st.integers(1, 20), st.lists(st.binary(max_size=12) | st.integers(1, 12), max_size=40))
def test_it_is_a_bounded_queue(capacity: int, steps: list[bytes | int]) -> None:
    ring, model, offset = RxRing(capacity), deque[tuple[int, int]](), 0
    for step in steps:
        if isinstance(step, bytes):
            room = capacity - len(model)
            assert ring.push(run(step, offset)) == min(room, len(step))
            model += list(enumerate(step, offset))[:room]
            offset += len(step)
        elif model:
            taken = ring.pop(step)
            assert 1 <= len(taken.data) <= step
            expected = [model.popleft() for _ in taken.data]
            assert list(enumerate(taken.data, taken.offset)) == expected
        assert ring.level == len(model) == capacity - ring.room
