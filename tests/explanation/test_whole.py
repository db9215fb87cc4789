"""All of the file came, in another version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.explanation import Certainty, explain
from tests.explanation.damage import BINARIES, FEW, FILES, TEXTS, assert_found, told
from tests.test_checksum import AMAZON, ISRG

CRLF = AMAZON.replace(b"\n", b"\r\n")


@FEW
@given(FILES)
def test_nothing_is_wrong(data: bytes) -> None:
    found = assert_found(data, data, "same")

    assert found.is_same
    assert found.certainty is Certainty.CLEAR
    # as far as such a sum can tell
    assert "changed places" in found.sentence or "would be the same, too, if" in found.sentence


@FEW
@given(TEXTS, st.sampled_from([b"\r\n", b"\r", b"\r\r\n", b"\n\n", b"", b" ", b"\\n"]))
def test_other_line_ends(data: bytes, end: bytes) -> None:
    assert_found(data, data.replace(b"\n", end), "line-ends", is_seen=len(end) != 1)


@FEW
@given(TEXTS)
def test_cr_lf_sent_as_lf(data: bytes) -> None:
    found = assert_found(data.replace(b"\n", b"\r\n"), data, "line-ends")

    assert found.stories[0].sentence == "all of the file came, with each line end sent as LF alone"


@FEW
@given(BINARIES, TEXTS)
def test_a_text_mode_and_a_file_of_two_kinds(binary: bytes, text: bytes) -> None:
    data = binary + b"\r\n" + text

    assert_found(data, data.replace(b"\n", b"\r\n"), "line-ends")


@FEW
@given(TEXTS)
def test_println_into_the_size_of_the_file_cuts_its_end(data: bytes) -> None:
    got = data.replace(b"\n", b"\r\n")[: len(data)]

    found = assert_found(data, got, "line-ends", declared=len(data))

    assert found.sentence.startswith("the file was sent, with each line end sent as CR LF, and")
    assert f"took the {len(data)} bytes announced of" in found.sentence
    assert "did not fit the size announced" in found.stories[0].cause


@FEW
@given(TEXTS, st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_one_more_line_end(data: bytes, end: bytes) -> None:
    assert_found(data, data + end, "last-newline")
    assert_found(data.rstrip(b"\n"), data.rstrip(b"\n") + end, "last-newline", "nul")


@FEW
@given(FILES, st.sampled_from([b"\0", b"\x1a", b"\x1b", b"\x04", b"+++", b"\x1a\r\n"]))
def test_what_came_behind(data: bytes, behind: bytes) -> None:
    kinds = ("nul", "control-behind", "escape-behind", "last-newline")

    found = assert_found(data, data + behind, *kinds)

    assert found.stories[0].added_bytes == len(behind)


@FEW
@given(FILES, st.sampled_from([b"\xef\xbb\xbf", b"\n", b"\r\n", b"\0"]))
def test_what_came_in_front(data: bytes, front: bytes) -> None:
    assert_found(data, front + data, "byte-order-mark", "line-end-first", "nul", "last-newline")


@FEW
@given(TEXTS)
def test_both_in_front_and_behind_and_other_line_ends(data: bytes) -> None:
    got = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") + b"\x1a"

    found = assert_found(data, got, "control-behind")

    assert "CR LF, a byte order mark" in found.stories[0].sentence


@FEW
@given(TEXTS)
def test_the_lf_behind_the_command_pushes_the_last_byte_out(data: bytes) -> None:
    got = (b"\n" + data)[: len(data)]

    assert_found(data, got, "line-end-first", declared=len(data))


@FEW
@given(FILES, st.sampled_from([b"\0", b"\xff"]), st.sampled_from([16, 256, 2048]))
def test_padding(data: bytes, byte: bytes, block: int) -> None:
    size = -(-(len(data) + 2) // block) * block

    found = assert_found(data, data.ljust(size, byte), "padding", "nul")

    assert found.stories[0].added[0].count == size - len(data)


@pytest.mark.parametrize(
    ("data", "got", "words"),
    [
        (AMAZON, AMAZON[:-1], "with the last line end left out"),
        (AMAZON[:-1], AMAZON, "with one more LF at the end"),
        (CRLF, CRLF[:-1], "with the last LF left out"),
        (CRLF, CRLF[:-2], "with the last line end left out"),
        (AMAZON, AMAZON + b"\x1a", "with a SUB (Ctrl-Z, 0x1a) behind it"),
        (ISRG, CRLF, ""),
    ],
)
def test_the_words(data: bytes, got: bytes, words: str) -> None:
    found = explain(data, told(got))

    if words:
        assert found.sentence == f"all of the file came, {words}"
        assert found.stories[0].cure
    else:
        assert found.certainty is not Certainty.CLEAR
