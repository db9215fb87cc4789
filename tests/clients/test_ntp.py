"""Times as servers tell them."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.clients.ntp import REQUEST, time_of


def answer(seconds: int, *, flags: int = 0x24, stratum: int = 2) -> bytes:
    """What a server says that has counted `seconds` since 1900, or since it began again in 2036."""
    return bytes([flags, stratum]) + bytes(38) + struct.pack(">II", seconds, 1 << 31)


def test_the_question() -> None:
    assert b"\x23" + bytes(47) == REQUEST


def test_the_time() -> None:
    assert time_of(answer(2_208_988_800 + 1_785_931_204)) == 1_785_931_204
    assert time_of(answer(2_208_988_800 + 1_785_931_204) + b"signed") == 1_785_931_204
    assert time_of(answer(1)) == 2_085_978_497, "2036-02-07, one second into the next era"


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        answer(1 << 31)[:-1],
        answer(1 << 31, flags=0x23),
        answer(1 << 31, flags=0xE4),
        answer(1 << 31, stratum=0),
        answer(1 << 31, stratum=16),
        answer(0),
    ],
    ids=["empty", "short", "a client's", "never set", "a kiss of death", "not a clock", "no time"],
)
def test_what_tells_none(wrong: bytes) -> None:
    assert time_of(wrong) is None


@given(st.binary(max_size=100))
def test_anything_is_a_time_or_none(data: bytes) -> None:
    told = time_of(data)
    assert told is None or 0 <= told + 61_505_152 < 1 << 32, "from 1968 to 2104"
