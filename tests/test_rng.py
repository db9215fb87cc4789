"""The streams are pinned: these numbers must never change."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.rng import Stream

PINNED = [
    13243131771210142371,
    3100252459586758911,
    4036902278708408048,
]


def test_a_stream_is_pinned_for_good() -> None:
    stream = Stream(1, "flash.erase")
    assert [stream.u64() for _ in range(3)] == PINNED


def test_streams_of_other_names_and_seeds_differ() -> None:
    assert Stream(1, "a").u64() != Stream(1, "b").u64()
    assert Stream(1, "a").u64() != Stream(2, "a").u64()


@given(st.integers(0, 2**64), st.integers(0, 1000), st.integers(0, 2**31))
def test_between_stays_inside(seed: int, low: int, width: int) -> None:
    stream = Stream(seed, "x")
    assert all(low <= stream.between(low, low + width) <= low + width for _ in range(5))


def test_between_reaches_both_ends() -> None:
    stream = Stream(3, "ends")
    assert {stream.between(5, 7) for _ in range(100)} == {5, 6, 7}
