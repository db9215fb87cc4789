"""One stretch missing, or there twice."""

import random

from hypothesis import given
from hypothesis import strategies as st

from quecsim.explanation import Certainty, Told, explain
from tests.explanation.damage import BINARIES, FEW, FILES, TEXTS, assert_found, told
from tests.test_checksum import AMAZON

HOLES = ("hole", "block-hole", "write-lost", "lines-lost", "last-newline", "head-lost", "cut")


@FEW
@given(FILES, st.data())
def test_a_hole_is_found_wherever_it_is(data: bytes, draw: st.DataObject) -> None:
    count = draw.draw(st.integers(1, 200))
    place = draw.draw(st.integers(1, len(data) - count - 1))

    found = assert_found(data, data[:place] + data[place + count :], *HOLES)

    assert found.told[0].size == len(data) - count


@FEW
@given(BINARIES, st.sampled_from([64, 128, 256]), st.integers(2, 60), st.data())
def test_a_hole_at_a_block_is_told_before_the_others(
    data: bytes, block: int, count: int, draw: st.DataObject
) -> None:
    place = block * draw.draw(st.integers(1, (len(data) - count - 1) // block))

    found = assert_found(data, data[:place] + data[place + count :], "block-hole", "write-lost")

    assert found.stories[0].kind in ("block-hole", "write-lost")
    assert found.stories[0].missing[0].offset <= place < found.stories[0].missing[0].offset + 3


@FEW
@given(TEXTS, st.data())
def test_whole_lines_that_are_missing_are_named(data: bytes, draw: st.DataObject) -> None:
    lines = data.splitlines(keepends=True)
    first = draw.draw(st.integers(1, len(lines) - 3))
    last = draw.draw(st.integers(first, len(lines) - 3))

    found = assert_found(data, b"".join(lines[:first] + lines[last + 1 :]), "lines-lost")

    assert found.stories[0].lines == list(range(first + 1, last + 2))


@FEW
@given(FILES, st.data())
def test_a_file_that_is_cut_off(data: bytes, draw: st.DataObject) -> None:
    size = draw.draw(st.integers(1, len(data) - 2))

    found = assert_found(data, data[:size], "cut", "string-end", "last-newline")

    assert found.certainty in (Certainty.CLEAR, Certainty.OPEN)


@FEW
@given(FILES, st.integers(1, 300))
def test_the_size_announced_was_too_small(data: bytes, over: int) -> None:
    size = len(data) - over

    found = assert_found(
        data, data[:size], "size-declared", "string-end", "last-newline", declared=size
    )

    assert "missing" in found.sentence or "last line end" in found.sentence


@FEW
@given(FILES, st.integers(2, 300))
def test_the_head_is_missing(data: bytes, lost: int) -> None:
    assert_found(data, data[lost:], "head-lost")


@FEW
@given(FILES, st.integers(8, 60), st.integers(8, 60))
def test_both_ends_are_missing(data: bytes, head: int, tail: int) -> None:
    """More than the hyphens of the armour, which may be missing at either end."""
    assert_found(data, data[head:-tail], "both-ends-lost")


@FEW
@given(BINARIES, st.sampled_from([16, 32, 64, 128]), st.data())
def test_a_write_that_came_twice(data: bytes, write: int, draw: st.DataObject) -> None:
    place = write * draw.draw(st.integers(1, len(data) // write - 2))

    found = assert_found(data, data[: place + write] + data[place:], "write-twice", "twice")

    assert found.stories[0].added_bytes == write


@FEW
@given(TEXTS, st.data())
def test_a_line_that_came_twice(data: bytes, draw: st.DataObject) -> None:
    lines = data.splitlines(keepends=True)
    at = draw.draw(st.integers(1, len(lines) - 3))

    found = assert_found(data, b"".join(lines[: at + 1] + lines[at:]), "lines-twice")

    assert found.stories[0].kind == "lines-twice"


@FEW
@given(TEXTS, st.data())
def test_a_hole_in_a_file_that_was_read_without_its_last_line_end(
    data: bytes, draw: st.DataObject
) -> None:
    place = 64 * draw.draw(st.integers(1, (len(data) - 50) // 64))
    got = data[:place] + data[place + 40 : -1]

    found = assert_found(data, got, "block-hole", "head-lost", "cut")

    assert "its last line end left out" in " ".join(story.sentence for story in found.stories)


def test_places_that_make_the_same_bytes_are_no_doubt() -> None:
    data = b"0123456789" + b"=" * 40 + b"abcdefghijklmnopqrst"

    found = explain(data, told(data[:20] + data[25:]))

    best = found.stories[0]
    assert best.places is not None
    assert (best.places.first, best.places.last, best.places.count) == (10, 45, 36)
    assert best.places.ranges == [(10, 45)]


def test_equal_blocks_leave_the_place_open() -> None:
    """An exclusive or does not see which of two equal blocks is missing."""
    source = random.Random(1)
    block, head, middle, tail = (source.randbytes(64) for _ in range(4))
    data = head + block + middle + block + tail

    found = explain(data, told(data[:64] + data[128:]))

    assert found.certainty is Certainty.OPEN
    assert found.stories[0].places is not None
    assert {64, 192} <= {
        place for a, b in found.stories[0].places.ranges for place in range(a, b + 1)
    }
    assert found.sentence.startswith("64 bytes are missing, from byte 64 or 192 on; or ")


def test_a_size_alone_says_how_many_bytes_and_not_which() -> None:
    found = explain(AMAZON, Told(1164))

    assert found.certainty is Certainty.SIZE_ONLY
    assert found.sentence.startswith("24 bytes are missing, and a size alone cannot tell where")
    assert found.stories[0].missing == []
    assert found.stories[0].missing_bytes == 24
