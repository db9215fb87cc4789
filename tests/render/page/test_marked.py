from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.page.marked import ROW_BYTES, dump, pieces, printed


def test_lost_bytes_are_marked_in_the_middle_of_a_row() -> None:
    (row,) = dump(b"ABCDEFGH", [(2, 4)], 2, 4)
    assert [(run.text, run.is_lost) for run in row.text] == [
        ("AB", False),
        ("CD", True),
        ("EFGH", False),
    ]
    assert [run.text for run in row.hex if run.is_lost] == ["43 44"]
    assert row.has_lost


def test_rows_are_as_long_as_each_other() -> None:
    rows = dump(bytes(range(40)), [(3, 5), (33, 34)], 3, 34)
    lengths = {len("".join(run.text for run in row.hex)) for row in rows}
    assert len(rows) == 3
    assert max(lengths) - min(lengths) <= 2


def test_the_middle_of_a_long_loss_is_left_out() -> None:
    rows = dump(bytes(4096), [(1024, 2048)], 1024, 2048)
    (gap,) = [row for row in rows if row.gap]
    assert gap.gap == f"{(64 - 6) * ROW_BYTES} more lost bytes"
    assert [row.place for row in rows if row.has_lost] == [1024, 1040, 1056, 2000, 2016, 2032]
    assert [row.place for row in rows if not row.has_lost and not row.gap] == [
        992,
        1008,
        2048,
        2064,
    ]


def test_what_cannot_be_printed_is_a_dot() -> None:
    assert printed(b"a\x1b[31m\x00\xff<") == "a·[31m··<"


@given(
    st.lists(st.integers(0, 200), max_size=20),
    st.integers(0, 200),
    st.integers(1, 60),
)
def test_pieces_cover_everything_once(edges: list[int], begin: int, count: int) -> None:
    edges = sorted(set(edges))
    lost = list(zip(edges[::2], edges[1::2], strict=False))
    found = list(pieces(lost, begin, begin + count))
    assert [first for first, _, _ in found] == [begin, *(last for _, last, _ in found[:-1])]
    assert found[-1][1] == begin + count
    for place in range(begin, begin + count):
        (is_lost,) = [mark for first, last, mark in found if first <= place < last]
        assert is_lost == any(first <= place < last for first, last in lost)
