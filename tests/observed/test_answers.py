"""What a device's lines mean."""

import pytest

from quecsim.observed import answers
from quecsim.profiles.loader import load_profile

ERRORS = load_profile("ec200u").errors


@pytest.mark.parametrize(
    ("text", "number", "cause"),
    [
        ("OK", None, ""),
        ("ERROR", None, ""),
        ("+CME ERROR: 407", 407, "file_exists"),
        ("+CME ERROR:407", 407, "file_exists"),
        ("+CME ERROR: 9999", 9999, "other"),
        ("+CMS ERROR: 310", 310, "other"),
        ("+CME ERROR: no such words", None, "other"),
    ],
)
def test_errors(text: str, number: int | None, cause: str) -> None:
    assert answers.FINAL.fullmatch(text)
    assert answers.error_of(text, ERRORS) == (number, cause)


def test_an_error_in_words_has_its_number() -> None:
    words = ERRORS.words["421"]
    assert answers.error_of(f"+CME ERROR: {words}", ERRORS) == (421, "timeout")


@pytest.mark.parametrize(
    ("text", "commands", "unasked"),
    [
        ("RDY", [], True),
        ("+CREG: 1", ["+CREG"], False),
        ("+CREG: 1", ["AT", "+QFUPL"], True),
        ("Quectel", ["I"], False),
        ('+QIURC: "recv",0', ["+QISEND"], True),
    ],
)
def test_what_nobody_has_asked_for(text: str, commands: list[str], unasked: bool) -> None:
    assert answers.is_unasked(text, commands) is unasked
