"""Marks in what a tty driver hands over."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quecsim.live.ports.line_marks import Item, Mark, MarkReader

_CODES = {Mark.BREAK: b"\xff\0\0", Mark.DAMAGED: b"\xff\0x"}
items = st.lists(st.one_of(st.binary(min_size=1, max_size=20), st.sampled_from(Mark)), max_size=20)


def joined(found: list[Item]) -> list[Item]:
    """Pieces of bytes that follow one another are one."""
    whole: list[Item] = []
    for item in found:
        if whole and isinstance(item, bytes) and isinstance(whole[-1], bytes):
            whole[-1] += item
        else:
            whole.append(item)
    return whole


@given(items, st.lists(st.integers(0, 400), max_size=30))
def test_however_the_stream_is_cut(told: list[Item], cuts: list[int]) -> None:
    marked = b"".join(
        item.replace(b"\xff", b"\xff\xff") if isinstance(item, bytes) else _CODES[item]
        for item in told
    )
    reader = MarkReader()
    places = [0, *sorted(cuts), len(marked)]
    found: list[Item] = []
    for begin, end in pairwise(places):
        found += reader.feed(marked[begin:end])
    assert joined(found) == joined(told)


def test_a_mark_waits_for_its_end() -> None:
    reader = MarkReader()
    assert reader.feed(b"ab\xff") == [b"ab"]
    assert reader.feed(b"\0") == []
    assert reader.feed(b"\0c") == [Mark.BREAK, b"c"]
