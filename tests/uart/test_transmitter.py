"""Pacing: back to back, holding with lag, urgent bytes, other rates. Times to the nanosecond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.uart.rate import PacketRate, Rate, UartRate, UnlimitedRate, parse_frame
from quecsim.uart.transmitter import Transmitter
from quecsim.units import ms, s, us

RATE = UartRate(115200, parse_frame("8N1"))
SLOW = UartRate(9600, parse_frame("8N1"))


def byte_ns(count: int, baud: int = 115200) -> int:
    return count * 10 * s(1) // baud


def drain(tx: Transmitter, until_ns: int = s(1000)) -> list[tuple[int, int]]:
    """(arrival time, byte) of everything that leaves by `until_ns`."""
    sent = []
    while (run := tx.peek(until_ns)) is not None:
        sent += [(run.edge_ns(i), byte) for i, byte in enumerate(run.data)]
        tx.advance(len(run.data))
    return sent


def test_bytes_go_back_to_back_from_the_first_put() -> None:
    tx = Transmitter(RATE)
    tx.put(1000, b"abc", 0)
    tx.put(1000, b"de", 3)
    assert [t for t, _ in drain(tx)] == [1000 + byte_ns(n) for n in (1, 2, 3, 4, 5)]
    assert tx.queued == 0
    assert tx.end_ns == 1000 + byte_ns(5)


@pytest.mark.parametrize("rate", [RATE, UnlimitedRate(), PacketRate(512, 10_000)], ids=str)
@pytest.mark.parametrize("later_ns", [0, 1, 2])
def test_no_byte_arrives_before_it_was_sent(rate: Rate, later_ns: int) -> None:
    tx = Transmitter(rate)
    tx.put(0, b"a", 0)
    drain(tx)
    now_ns = tx.end_ns + later_ns
    tx.put(now_ns, b"b", 1)
    [(at_ns, _)] = drain(tx)
    assert at_ns >= now_ns


def test_a_pause_begins_a_new_train() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"a", 0)
    drain(tx)
    tx.put(s(1), b"b", 1)
    assert drain(tx) == [(s(1) + byte_ns(1), ord("b"))]


def test_a_byte_that_is_ready_in_time_follows_without_a_gap() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"a", 0)
    drain(tx)
    tx.put(byte_ns(1), b"b", 1)
    assert drain(tx) == [(byte_ns(2), ord("b"))]


def test_a_nanosecond_of_rounding_is_no_gap() -> None:
    """Echo is ready when the next byte has arrived, which is at most 1 ns after the last echo."""
    tx = Transmitter(RATE)
    for count, byte in enumerate((b"a", b"b", b"c")):
        tx.put(byte_ns(count) + 1, byte, count)
        assert [t for t, _ in drain(tx)] == [byte_ns(count + 1)]
    tx.put(tx.end_ns + 2, b"d", 3)
    assert [t for t, _ in drain(tx)] == [byte_ns(3) + 2 + byte_ns(1)]


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=10))
def test_how_the_bytes_were_handed_over_does_not_matter(pieces: list[bytes]) -> None:
    whole, cut = Transmitter(RATE), Transmitter(RATE)
    whole.put(0, b"".join(pieces), 0)
    offset = 0
    for piece in pieces:
        cut.put(0, piece, offset)
        offset += len(piece)
    assert drain(whole) == drain(cut)


@given(st.lists(st.integers(0, ms(3)), max_size=10))
def test_when_one_looks_does_not_matter(looks: list[int]) -> None:
    whole, watched = Transmitter(RATE), Transmitter(RATE)
    for tx in (whole, watched):
        tx.put(0, bytes(30), 0)
    seen: list[tuple[int, int]] = []
    for at_ns in sorted(looks):
        seen += drain(watched, at_ns)
        assert all(t <= at_ns for t, _ in seen)
    assert seen + drain(watched) == drain(whole)


def test_next_edge() -> None:
    tx = Transmitter(RATE)
    assert tx.next_edge_ns() is None
    tx.put(0, bytes(10), 0)
    assert tx.next_edge_ns() == byte_ns(1)
    assert tx.next_edge_ns(4) == byte_ns(4)
    assert tx.next_edge_ns(100) == byte_ns(10)
    tx.hold(0)
    assert tx.next_edge_ns() is None


def test_peek_gives_offsets_and_no_more_than_asked() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"abcdef", 40)
    run = tx.peek(s(1), 2)
    assert run is not None
    assert (run.data, run.offset) == (b"ab", 40)
    tx.advance(2)
    rest = tx.peek(s(1))
    assert rest is not None
    assert (rest.data, rest.offset) == (b"cdef", 42)


# holding


def test_held_before_it_began_nothing_leaves() -> None:
    tx = Transmitter(RATE)
    tx.hold(0)
    tx.put(0, b"abc", 0)
    assert drain(tx) == []
    assert (tx.next_edge_ns(), tx.queued) == (None, 3)


def test_a_byte_that_has_begun_is_finished() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"abc", 0)
    tx.hold(us(10))
    assert drain(tx) == [(byte_ns(1), ord("a"))]
    assert tx.next_edge_ns() is None


def test_the_lag_lets_some_more_bytes_go() -> None:
    """Real drivers react some bytes late."""
    tx = Transmitter(RATE, lag_bytes=4)
    tx.put(0, bytes(20), 0)
    drain(tx, byte_ns(3))
    tx.hold(byte_ns(3))
    assert (tx.is_held, tx.next_edge_ns() is None) == (True, False)
    assert len(drain(tx)) == 4
    assert (tx.is_held, tx.next_edge_ns() is None) == (True, True)


def test_holding_twice_gives_no_second_lag() -> None:
    tx = Transmitter(RATE, lag_bytes=2)
    tx.put(0, bytes(20), 0)
    tx.hold(0)
    assert len(drain(tx)) == 2
    tx.hold(ms(1))
    assert drain(tx) == []


def test_the_lag_is_over_when_the_queue_ran_empty() -> None:
    tx = Transmitter(RATE, lag_bytes=4)
    tx.put(0, b"a", 0)
    tx.hold(us(10))
    drain(tx)
    tx.put(s(1), b"bcdef", 1)
    assert drain(tx) == [], "a driver that was stopped starts nothing new"


def test_released_it_goes_on_from_then() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"ab", 0)
    tx.hold(0)
    tx.release(ms(5))
    assert [t for t, _ in drain(tx)] == [ms(5) + byte_ns(1), ms(5) + byte_ns(2)]
    assert not tx.is_held


def test_released_during_the_lag_there_is_no_gap() -> None:
    tx = Transmitter(RATE, lag_bytes=3)
    tx.put(0, bytes(6), 0)
    tx.hold(0)
    drain(tx, byte_ns(1))
    tx.release(byte_ns(2))
    assert [t for t, _ in drain(tx)] == [byte_ns(n) for n in range(2, 7)]


# other things that happen


def test_an_urgent_byte_takes_its_time_ahead_of_the_queue() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"ab", 0)
    drain(tx, byte_ns(1))
    assert tx.put_urgent(byte_ns(1)) == 2 * byte_ns(1)
    assert drain(tx) == [(byte_ns(1) + byte_ns(2), ord("b"))]


def test_an_urgent_byte_on_an_idle_line() -> None:
    assert Transmitter(RATE).put_urgent(ms(7)) == ms(7) + byte_ns(1)


def test_another_rate_from_the_next_byte_on() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"abc", 0)
    drain(tx, byte_ns(1))
    tx.set_rate(byte_ns(1), SLOW)
    assert tx.rate == SLOW
    assert [t for t, _ in drain(tx)] == [byte_ns(1) + byte_ns(n, 9600) for n in (1, 2)]


def test_the_same_rate_again_changes_nothing() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"ab", 0)
    tx.set_rate(us(50), UartRate(115200, parse_frame("8N1")))
    assert [t for t, _ in drain(tx)] == [byte_ns(1), byte_ns(2)]


def test_restarted_after_the_other_end_took_nothing() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"a", 0)
    tx.restart(ms(9))
    assert drain(tx) == [(ms(9) + byte_ns(1), ord("a"))]


def test_thrown_away() -> None:
    tx = Transmitter(RATE)
    tx.put(0, b"abc", 0)
    drain(tx, byte_ns(1))
    assert tx.clear() == 2
    assert (tx.queued, drain(tx), tx.clear()) == (0, [], 0)
    tx.put(s(1), b"x", 3)
    assert drain(tx) == [(s(1) + byte_ns(1), ord("x"))]
