"""When a byte was over, from pieces that were read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.tap.stamps import Stamps, byte_ns


@pytest.mark.parametrize(
    ("baud", "frame", "expected"),
    [(115_200, "8N1", 86_805), (9600, "8E2", 1_250_000), (0, "8N1", 0), (9600, "", 0)],
)
def test_a_byte_has_all_its_bits(baud: int, frame: str, expected: int) -> None:
    assert byte_ns(baud, frame) == expected


def test_the_first_byte_of_a_piece_was_over_earlier() -> None:
    stamps = Stamps()
    stamps.byte_ns = 1000
    assert stamps.first_of(50_000, 11) == 40_000


def test_but_not_before_the_port_was_empty() -> None:
    stamps = Stamps()
    stamps.byte_ns = 1000
    stamps.was_empty(45_000)
    assert stamps.first_of(50_000, 11) == 45_000


def test_a_port_without_a_rate_says_when_it_was_read() -> None:
    assert Stamps().first_of(50_000, 11) == 50_000


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 4096), st.booleans())))
def test_times_never_go_back(pieces: list[tuple[int, int, bool]]) -> None:
    stamps, last_ns = Stamps(), 0
    stamps.byte_ns = 86_805
    for at_ns, count, is_device in pieces:
        told_ns = stamps.first_of(at_ns, count) if is_device else stamps.at(at_ns)
        assert told_ns >= last_ns
        last_ns = told_ns
