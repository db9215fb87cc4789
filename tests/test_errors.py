"""The user's mistakes: one readable message with a place and advice."""

import pytest

from quecsim.errors import QuecsimError


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
