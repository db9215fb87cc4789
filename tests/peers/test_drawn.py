"""Drawn bytes: any part of them is what it is in the whole."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from quecsim.peers.drawn import drawn_bytes


@given(st.integers(0, 10_000), st.integers(-1, 9000))
def test_a_part_is_a_part_of_the_whole(start: int, count: int) -> None:
    whole = drawn_bytes(7, "/a", 0, 20_000)
    assert drawn_bytes(7, "/a", start, count) == whole[start : start + max(0, count)]


def test_they_are_always_the_same() -> None:
    data = drawn_bytes(1, "/fön", 0, 5000)
    assert sha256(data).hexdigest()[:16] == "269f125827e89773"
    assert data[:100] != drawn_bytes(2, "/fön", 0, 100) != drawn_bytes(1, "/fon", 0, 100)
