"""A byte in a table's cell."""

import pytest

from quecsim.captures.cells import cell_byte, is_decimal, is_numeric


@pytest.mark.parametrize(
    ("cell", "byte"),
    [
        ("0x41", 0x41), ("0xff", 255), ("0b01000001", 65), ("A", 65), ("6", 54), (" ", 32),
        ("' '", 32), ("", 32), ("\\r", 13), ("\\n", 10), ("\\x1a", 26), ("'13'", 13),
        ("COMMA", 44), ("A (0x41)", 65), ("\\r (0x0D)", 13), ('"', 34), ("'", 39), ("0", 48),
    ],
)  # fmt: skip
def test_every_form(cell: str, byte: int) -> None:
    assert cell_byte(cell, is_decimal=False) == byte


def test_a_number_is_a_number_where_all_are() -> None:
    assert cell_byte("65", is_decimal=True) == 65
    assert cell_byte("6", is_decimal=True) == 6
    assert is_decimal(["65", "6", "255"])
    assert not is_decimal(["65", "A"])
    assert not is_decimal([])
    assert is_numeric(["0x41", "A (0x41)"])
    assert not is_numeric(["0x41", "A"])


@pytest.mark.parametrize("cell", ["0x100", "256", "\u20ac", "ABC", "0xZZ", "'999'", "0b2", "-1"])
def test_no_byte(cell: str) -> None:
    with pytest.raises(ValueError, match=r"\A.*\Z"):
        cell_byte(cell, is_decimal=True)
