"""Sums without bytes are those of the bytes, and places here are places in the file."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.checksum import checksum
from quecsim.explanation.base import Base, bytes_of, size_of, split_lines, sum_of, swap
from quecsim.explanation.sweep import hole_mix, hole_sums, twice_mix, twice_sums
from quecsim.explanation.versions import versions

SOME = st.binary(min_size=1, max_size=80)
LINES = st.lists(
    st.tuples(st.text("ab-", max_size=5), st.sampled_from(["\n", "\r\n"])), max_size=8
).map(lambda lines: "".join(text + end for text, end in lines).encode())


@given(SOME, st.data())
def test_the_sum_of_a_mix_is_that_of_its_bytes(data: bytes, draw: st.DataObject) -> None:
    base = Base(data)
    places = st.integers(0, len(data))
    parts = st.tuples(places, places).map(lambda ends: base.part(min(ends), max(ends)))
    mix = tuple(draw.draw(st.lists(st.one_of(parts, st.binary(max_size=5)), max_size=6)))

    made = bytes_of(mix)

    assert size_of(mix) == len(made)
    assert sum_of(mix) == checksum(made)


@given(SOME, st.data())
def test_a_sweep_has_the_sum_of_every_place(data: bytes, draw: st.DataObject) -> None:
    base = Base(data)
    count = draw.draw(st.integers(1, len(data)))
    step = draw.draw(st.integers(1, 3))

    for sums, mix_at in ((hole_sums, hole_mix), (twice_sums, twice_mix)):
        values, constant, _ = sums(base, count, step)
        wanted = [
            checksum(bytes_of(mix_at(base, count, place)))
            for place in range(0, len(data) - count + 1, step)
        ]
        assert [value ^ constant for value in values] == wanted


@given(SOME)
def test_bytes_that_have_moved_by_one_have_their_sum_swapped(data: bytes) -> None:
    assert checksum(b"\0" + data) == swap(checksum(data))


@given(LINES)
def test_the_texts_of_lines_are_where_they_are_said_to_come_from(data: bytes) -> None:
    for base in versions(Base(data)):
        assert base.line_starts[-1] == base.size
        for start in base.line_starts[:-1] if base.end in (b"\n", b"\r\n") else ():
            place = base.to_file(start)
            assert data[place : place + 1] in (base.data[start : start + 1], b"\r", b"\n")
        assert base.to_file(base.size) == len(data)


@given(LINES)
def test_lines_are_the_file_in_pieces(data: bytes) -> None:
    assert b"".join(split_lines(data)) == data


def test_places_in_a_version_with_longer_line_ends() -> None:
    crlf = next(base for base in versions(Base(b"ab\ncd\nef")) if base.data == b"ab\r\ncd\r\nef")

    assert [crlf.to_file(place) for place in range(11)] == [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8]
