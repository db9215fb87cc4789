"""The receive ring: the newest bytes are lost, the oldest come first, nothing else happens."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from quecsim.uart.rate import UartRate, UnlimitedRate, parse_frame
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


def test_the_pieces_of_one_train_come_out_as_one_run() -> None:
    rate, ring = UartRate(9600, parse_frame("8N1")), RxRing(20)
    train = ByteRun(1000, 3, rate, b"abcdef", 40)
    for piece in (train.head(1), train.tail(1).head(2), train.tail(3)):
        ring.push(piece)
    ring.push(ByteRun(9_000_000, 0, rate, b"gh", 46))  # another train
    ring.push(ByteRun(9_000_000, 3, rate, b"j", 49))  # a byte before it was lost
    runs = [ring.pop(20) for _ in range(3)]
    assert [(run.data, run.offset) for run in runs] == [(b"abcdef", 40), (b"gh", 46), (b"j", 49)]
    assert [runs[0].edge_ns(index) for index in range(6)] == [train.edge_ns(i) for i in range(6)]


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
