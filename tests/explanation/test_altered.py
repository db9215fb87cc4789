"""The size is right, and bytes are others."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.explanation import Certainty, explain
from tests.explanation.damage import BINARIES, FEW, FILES, TEXTS, assert_found, told
from tests.test_checksum import AMAZON, ISRG


@FEW
@given(FILES, st.integers(0, 7), st.data())
def test_one_bit_and_never_where(data: bytes, bit: int, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data) - 1))
    got = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]

    found = assert_found(data, got, "bit-altered")

    assert found.certainty is Certainty.OPEN
    told_of = next(story for story in found.stories if story.kind == "bit-altered")
    assert told_of.places is not None
    assert f"bit {bit} of one byte" in told_of.sentence


@FEW
@given(FILES, st.integers(1, 255).filter(lambda mask: mask.bit_count() > 1), st.data())
def test_one_byte(data: bytes, mask: int, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data) - 2))
    got = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]

    found = assert_found(data, got, "byte-altered")

    assert found.certainty is not Certainty.CLEAR


@FEW
@given(BINARIES, st.sampled_from([64, 128]), st.booleans(), st.data())
def test_a_buffer_written_again_before_it_was_filled(
    data: bytes, size: int, is_early: bool, draw: st.DataObject
) -> None:
    at = size * draw.draw(st.integers(0, len(data) // size - 2))
    one, two = data[at : at + size], data[at + size : at + 2 * size]
    got = data[:at] + (two if is_early else one) * 2 + data[at + 2 * size :]

    found = assert_found(data, got, "chunk-replaced")

    assert "are a copy of those" in found.sentence


@FEW
@given(TEXTS, st.data())
def test_two_lines_that_changed_places(data: bytes, draw: st.DataObject) -> None:
    lines = data.splitlines(keepends=True)
    at = draw.draw(st.integers(1, len(lines) - 4))
    lines[at : at + 2] = lines[at + 1], lines[at]

    assert_found(data, b"".join(lines), "exchanged", is_seen=False)


@FEW
@given(BINARIES, st.sampled_from([33, 63, 127]), st.data())
def test_two_odd_chunks_that_changed_places(data: bytes, size: int, draw: st.DataObject) -> None:
    at = size * draw.draw(st.integers(0, len(data) // size - 2))
    one, two = data[at : at + size], data[at + size : at + 2 * size]

    got = data[:at] + two + one + data[at + 2 * size :]
    assert_found(data, got, "exchanged", is_seen=False)


def test_even_chunks_that_changed_places_leave_the_sum_as_it_is_and_that_is_said() -> None:
    got = AMAZON[:64] + AMAZON[128:192] + AMAZON[64:128] + AMAZON[192:]

    found = explain(AMAZON, told(got))

    assert got != AMAZON
    assert found.is_same
    assert "blocks of even size that changed places would leave both as they are" in found.sentence


def test_another_file_of_the_same_size_is_no_story_or_may_be_chance() -> None:
    got = ISRG[: len(AMAZON)]

    found = explain(AMAZON, told(got))

    assert found.certainty in (Certainty.NONE, Certainty.CHANCE, Certainty.LIKELY)


def test_bytes_that_no_text_has_are_told() -> None:
    found = explain(AMAZON, told(b"\x80\x81\x82" + AMAZON[3:]))

    assert found.certainty is Certainty.NONE
    assert "bytes above 0x7f" in found.sentence
