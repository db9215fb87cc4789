"""The vectors that real modules have printed, and what the answer says of itself."""

import pytest

import quecsim
from quecsim.explanation import Certainty, Told, explain, read_told
from tests.test_checksum import AMAZON


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("1188,2d13", "same", "size and checksum are those of the file"),
        ("1187,2d19", "last-newline", "the last line end left out"),
        ("1208,5769", "line-ends", "each line end sent as CR LF"),
        ("389,41e", "lines-kept", "only one line in 3 came: 1, 4, 7, 10, 13, 16 and 19"),
        ("28,6c53", "cut", "the first 28 bytes came"),
        ("29,6653", "cut", "the first 29 bytes came"),
    ],
)
def test_what_real_modules_have_said_of_a_public_certificate(
    said: str, kind: str, words: str
) -> None:
    found = explain(AMAZON, read_told(said))

    assert found.stories[0].kind == kind
    assert words in found.sentence
    assert found.certainty is Certainty.CLEAR


def test_the_lines_that_came_are_those_of_the_capture() -> None:
    best = explain(AMAZON, read_told("+QFUPL: 389,041E")).stories[0]

    assert best.lines == [number for number in range(1, 21) if number % 3 != 1]
    assert "CR LF" in best.sentence


def test_it_is_a_public_name() -> None:
    assert quecsim.explain(AMAZON, Told(1188, 0x2D13)).is_same
