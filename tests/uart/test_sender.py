"""The device's own transmitter: what has left is gone for good, whenever one looks."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.uart.rate import UartRate, parse_frame
from quecsim.uart.sender import NO_OFFSET, Sender
from quecsim.units import ms, s, us

RATE = UartRate(115200, parse_frame("8N1"))
SLOW = UartRate(9600, parse_frame("8N1"))


def byte_ns(count: int, baud: int = 115200) -> int:
    return count * 10 * s(1) // baud


def taken(tx: Sender, until_ns: int = s(1000)) -> list[tuple[int, int]]:
    return [
        (run.edge_ns(i), byte) for run in tx.take_sent(until_ns) for i, byte in enumerate(run.data)
    ]


def test_what_had_left_before_a_hold_was_sent_though_nobody_looked() -> None:
    tx = Sender(RATE)
    tx.put(0, b"abcdef", 0)
    tx.hold(byte_ns(2) + us(10))
    assert [t for t, _ in taken(tx)] == [byte_ns(1), byte_ns(2), byte_ns(3)]
    tx.release(s(1))
    assert [t for t, _ in taken(tx)] == [s(1) + byte_ns(n) for n in (1, 2, 3)]


def test_thrown_away_is_only_what_has_not_left() -> None:
    tx = Sender(RATE)
    tx.put(0, b"abcdef", 0)
    assert tx.discard(byte_ns(4)) == 2
    assert bytes(byte for _, byte in taken(tx)) == b"abcd"


def test_a_change_of_rate_leaves_the_sent_bytes_their_times() -> None:
    tx = Sender(RATE)
    tx.put(0, b"ab", 0)
    tx.set_rate(byte_ns(1), SLOW)
    assert [t for t, _ in taken(tx)] == [byte_ns(1), byte_ns(1) + byte_ns(1, 9600)]


def test_a_control_byte_waits_for_the_byte_that_has_begun() -> None:
    tx = Sender(RATE)
    tx.put(0, b"abc", 0)
    at_ns = tx.put_control(byte_ns(1) + us(10), b"\x13")
    assert at_ns == byte_ns(2) + byte_ns(1)
    runs = tx.take_sent(s(1))
    assert b"".join(run.data for run in runs) == b"ab\x13c"
    assert [run.offset for run in runs if run.data == b"\x13"] == [NO_OFFSET]


def test_a_control_byte_gets_out_of_a_held_transmitter() -> None:
    tx = Sender(RATE)
    tx.put(0, b"abc", 0)
    tx.hold(0)
    assert tx.put_control(ms(1), b"\x11") == ms(1) + byte_ns(1)
    assert taken(tx) == [(ms(1) + byte_ns(1), 0x11)]


def test_next_arrival() -> None:
    tx = Sender(RATE)
    assert tx.next_arrival_ns() is None
    tx.put(0, b"abc", 0)
    assert tx.next_arrival_ns() == byte_ns(1)
    assert tx.next_arrival_ns(2) == byte_ns(2)
    taken(tx, byte_ns(1))
    assert tx.next_arrival_ns() == byte_ns(2)


@given(st.lists(st.tuples(st.integers(0, ms(5)), st.sampled_from("phrc"))), st.lists(st.integers()))
def test_when_one_looks_does_not_matter(steps: list[tuple[int, str]], looks: list[int]) -> None:
    """Whatever is done to it, the bytes and their times do not depend on who takes them when."""

    def play(*, looks_at: set[int]) -> list[tuple[int, int]]:
        tx, seen, offset = Sender(RATE), list[tuple[int, int]](), 0
        for index, (at_ns, step) in enumerate(sorted(steps)):
            if index in looks_at:
                seen += taken(tx, at_ns)
            if step == "p":
                tx.put(at_ns, b"abcdefgh", offset)
                offset += 8
            elif step == "c":
                tx.put_control(at_ns, b"\x13")
            else:
                (tx.hold if step == "h" else tx.release)(at_ns)
        tx.release(ms(6))
        return seen + taken(tx)

    assert play(looks_at={look % 10 for look in looks}) == play(looks_at=set())


def test_pieces_leave_with_silence_between_them() -> None:
    tx = Sender(RATE)
    tx.put_pieces(0, b"abcde", 0, 2, ms(3))
    tx.put(0, b"f", 5)  # behind them, without a pause
    assert tx.queued == 6
    begin_2 = byte_ns(2) + ms(3)
    begin_3 = begin_2 + byte_ns(2) + ms(3)
    wanted = [
        byte_ns(1), byte_ns(2), begin_2 + byte_ns(1), begin_2 + byte_ns(2),
        begin_3 + byte_ns(1), begin_3 + byte_ns(2),
    ]  # fmt: skip
    assert [tx.next_edge_ns(count) for count in range(1, 8)] == [*wanted, wanted[-1]]
    assert [tx.arrival_ns(index) for index in range(7)] == [*wanted, None]
    assert [t for t, _ in taken(tx)] == wanted
    assert not tx.queued


def test_looking_at_pieces_changes_nothing() -> None:
    whole, watched = Sender(RATE), Sender(RATE)
    for tx in (whole, watched):
        tx.put_pieces(0, b"abcdefg", 0, 3, ms(1))
    seen = []
    for step in range(400):
        seen += taken(watched, us(10) * step)
    assert len(seen) == 7
    assert seen == taken(whole)


def test_a_hold_between_pieces_holds_the_next() -> None:
    tx = Sender(RATE)
    tx.put_pieces(0, b"abcd", 0, 2, ms(3))
    tx.hold(ms(1))
    assert not tx.has_begun(ms(2))
    assert tx.next_edge_ns() is None
    tx.release(ms(50))
    assert [t for t, _ in taken(tx)][2:] == [ms(50) + byte_ns(1), ms(50) + byte_ns(2)]


def test_pieces_that_are_thrown_away() -> None:
    tx = Sender(RATE)
    tx.put_pieces(0, b"abcd", 0, 2, ms(3))
    assert tx.discard(ms(1)) == 2
    assert (tx.queued, tx.next_edge_ns()) == (0, None)
