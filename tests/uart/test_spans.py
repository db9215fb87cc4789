"""Stretches of a stream with gaps."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.uart.spans import Spans


@given(st.sets(st.integers(0, 60)), st.integers(0, 60))
def test_what_is_popped_are_the_last_bytes(offsets: set[int], count: int) -> None:
    spans, order = Spans(), sorted(offsets)
    for offset in order:
        spans.add(offset, 1)
    count = min(count, len(order))
    gone = [offset + i for offset, length in spans.pop(count) for i in range(length)]
    left = [offset + i for offset, length in spans.take() for i in range(length)]
    assert left + gone == order
    assert len(gone) == count
    assert spans.take() == []


def test_neighbours_are_joined() -> None:
    spans = Spans()
    for offset, count in [(0, 3), (3, 2), (7, 1)]:
        spans.add(offset, count)
    assert spans.take() == [(0, 5), (7, 1)]
