"""The user's mistakes: one readable message with a place and advice."""

import pytest

from quecsim.errors import QuecsimError, printable


@pytest.mark.parametrize(
    ("where", "hint", "text"),
    [
        ("", "", "no such thing"),
        ("my.toml:3", "", "my.toml:3: no such thing"),
        ("", "Try another.", "no such thing\n  Try another."),
        ("--baud", "Try 9600.", "--baud: no such thing\n  Try 9600."),
    ],
)
def test_the_message_has_place_and_advice(where: str, hint: str, text: str) -> None:
    error = QuecsimError("no such thing", hint=hint, where=where)
    assert str(error) == text
    assert (error.message, error.where, error.hint) == ("no such thing", where, hint)


def test_a_file_cannot_steer_the_terminal() -> None:
    error = QuecsimError("cannot read \x1b[2J\0\x9b", where="\rx", hint="one\n\ttwo")
    assert str(error) == "\\rx: cannot read \\x1b[2J\\x00\\x9b\n  one\n\ttwo"
    assert printable("caf\u00e9 \udcff") == "caf\u00e9 \udcff"
