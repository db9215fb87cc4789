"""Which bytes came through, told by the bytes themselves."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.probe.patterns import Gap, gaps, kept_pieces, pattern


def test_all_of_it() -> None:
    sent = pattern(1000, 1)
    (piece,) = kept_pieces(sent, sent)
    assert (piece.place, piece.start, piece.count) == (0, 0, 1000)
    assert gaps(sent, sent) == []


def test_what_stands_around_it_is_passed_over() -> None:
    sent = pattern(500, 2)
    (piece,) = kept_pieces(sent, b"\r\nOK\r\n" + sent[:300] + b"\r\n+QIND: 1")
    assert (piece.place, piece.start, piece.count) == (0, 6, 300)


def test_two_gaps() -> None:
    sent = pattern(4000, 3)
    got = sent[:1000] + sent[1200:2000] + sent[2001:]
    first, second = gaps(sent, got)
    # By chance a gap may seem to begin later: see `gaps`.
    assert (first, second.lost) == (Gap(1000, 1000, 200), 1)
    assert second.kept - 1800 == second.place - 2000 <= 1


@given(st.integers(0, 99), st.integers(20, 900), st.integers(1, 900))
def test_no_gap_seems_to_begin_too_early(seed: int, kept: int, lost: int) -> None:
    sent = pattern(2000, seed)
    (gap,) = gaps(sent, sent[:kept] + sent[kept + lost :])
    assert gap.lost == lost
    assert gap.kept >= kept


def test_no_command_is_in_it() -> None:
    text = pattern(60_000, 4)
    assert not set(text) & set(b"AaTt+/\r\n\x11\x13\x1a\x1b\x08")
