from hypothesis import given
from hypothesis import strategies as st

from quecsim.virtual.token import length_to

_FEW = st.binary(max_size=12).map(lambda data: bytes(byte & 1 for byte in data))  # with echoes


def _byte_by_byte(token: bytes, had: bytes, data: bytes, start: int, most: int) -> int:
    """As a read of single bytes would have it."""
    line = bytearray(had)
    rest = data[start : start + most]
    for count, byte in enumerate(rest, 1):
        line.append(byte)
        if token and line.endswith(token):
            return count
    return len(rest)


@given(_FEW, _FEW, _FEW, st.integers(0, 12), st.integers(1, 14))
def test_as_byte_by_byte(token: bytes, had: bytes, data: bytes, start: int, most: int) -> None:
    if token and had.endswith(token):  # then the read has ended before
        had = b""
    start = min(start, len(data))
    expected = _byte_by_byte(token, had, data, start, most)
    assert length_to(token, bytearray(had), data, start, most) == expected
    assert length_to(token, bytearray(had), bytearray(data), start, most) == expected
