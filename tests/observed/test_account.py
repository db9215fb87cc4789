"""What became of an upload's data, from the host's bytes and two numbers of the device's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.checksum import checksum
from quecsim.observed.account import Account, Said, account

DATA = bytes(range(1, 201))


def said(data: bytes) -> Said:
    return Said(len(data), checksum(data))


def test_all_of_it_came() -> None:
    assert account(DATA, 200, said(DATA)) == Account(200, 200)


def test_a_command_behind_it_is_no_data() -> None:
    assert account(DATA + b"AT\r", 200, said(DATA)) == Account(200, 200)


def test_a_gap_that_commands_filled() -> None:
    stored = DATA[:50] + DATA[53:] + b"AT\r"
    assert account(DATA + b"AT\r", 200, said(stored)) == Account(203, 200, missing=3)


def test_bytes_that_never_came() -> None:
    assert account(DATA, 200, said(DATA[:80])) == Account(200, 80, missing=120)


def test_as_many_came_and_they_are_others() -> None:
    other = bytes((DATA[0] ^ 1, *DATA[1:]))
    assert account(DATA, 200, said(other)) == Account(200, 200, is_altered=True)


@pytest.mark.parametrize("sent", [DATA[:90], DATA[:90] + b"+"])
def test_an_escape_is_no_data(sent: bytes) -> None:
    assert account(sent + b"+++", 200, said(sent)) == Account(len(sent) + 3, len(sent), escape=3)


def test_early_bytes_that_did_not_count() -> None:
    found = account(b"early" + DATA, 200, said(DATA), early=5)
    assert found == Account(205, 200, thrown_away=5)


def test_early_bytes_that_counted() -> None:
    assert account(DATA, 200, said(DATA), early=5) == Account(200, 200)


def test_more_than_anybody_sent() -> None:
    assert account(DATA, 300, said(DATA + b"xyz")) == Account(200, 203, inserted=3)


def test_without_a_checksum_what_came_late_has_filled_a_gap() -> None:
    assert account(DATA + b"AT\r", 200, Said(200), late=3) == Account(203, 200, missing=3)
    assert account(DATA + b"AT\r", 200, Said(200)) == Account(200, 200)


@given(st.binary(max_size=60), st.integers(1, 80), st.binary(max_size=80), st.integers(0, 20))
def test_every_byte_has_one_place(data: bytes, size: int, other: bytes, early: int) -> None:
    early = min(early, len(data))
    found = account(data, size, said(other), early=early)
    parts = found.thrown_away + found.stored - found.inserted + found.missing + found.escape
    assert parts == found.window <= len(data)


def test_early_bytes_of_which_some_counted() -> None:
    assert account(b"early" + DATA, 200, said(DATA), early=90) == Account(205, 200, thrown_away=5)
    cut = b"x" * 300 + DATA[:80]
    assert account(cut, 200, said(DATA[:80]), early=310) == Account(380, 80, thrown_away=300)


def test_an_upload_command_that_was_not_read_and_one_behind_it_that_was() -> None:
    line = b'AT+QFUPL="b",200\r'
    before = b"x" * 400 + line
    found = account(before + DATA, 900, said(DATA), early=500)
    assert found == Account(len(before) + 200, 200, thrown_away=len(before))
