"""The device's own transmitter: what has left is gone for good, whenever one looks."""

from hypothesis import example, given
from hypothesis import strategies as st

from quecsim.uart.rate import PacketRate, Rate, UartRate, UnlimitedRate, parse_frame
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import NO_OFFSET, Sender
from quecsim.units import ms, s, us

RATE = UartRate(115200, parse_frame("8N1"))
SLOW = UartRate(9600, parse_frame("8N1"))
ECHO_RATES = (RATE, RATE, SLOW, UnlimitedRate(), PacketRate(8, us(50)))


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


@given(
    before=st.lists(st.tuples(st.integers(0, ms(2)), st.integers(1, 9)), max_size=4),
    rates=st.tuples(st.sampled_from(ECHO_RATES), st.sampled_from(ECHO_RATES)),
    place=st.tuples(st.integers(0, 700), st.integers(0, ms(2)), st.integers(1, 40)),
    is_taken_at_once=st.booleans(),
    held_ns=st.none() | st.integers(0, ms(2)),
    after_ns=st.integers(0, ms(8)),
)
@example([], (SLOW, RATE), (0, 0, 5), False, None, 0)  # ours is faster: there are gaps
@example([], (RATE, SLOW), (0, 0, 5), False, None, 0)
@example([(520_832, 1)], (RATE, RATE), (6, 0, 5), False, None, 0)  # a train that ends 1 ns earlier
def test_an_echo_put_at_once_is_as_one_put_byte_by_byte(
    before: list[tuple[int, int]],
    rates: tuple[Rate, Rate],
    place: tuple[int, int, int],
    is_taken_at_once: bool,
    held_ns: int | None,
    after_ns: int,
) -> None:
    """The bytes and their times, and what a later hold and a discard still get hold of."""
    first, origin_ns, count = place
    run = ByteRun(origin_ns, first, rates[0], bytes(range(count)), 500)
    start_ns = max([run.edge_ns(0), held_ns or 0, *(at_ns for at_ns, _ in before)])
    run = ByteRun(origin_ns + start_ns - run.edge_ns(0), first, rates[0], run.data, 500)
    edges_ns = [start_ns if is_taken_at_once else run.edge_ns(i) for i in range(count)]

    def play(*, at_once: bool) -> tuple[list[tuple[int, int]], int, int]:
        tx = Sender(rates[1])
        for at_ns, size in sorted(before):
            tx.put(at_ns, bytes(size), 0)
        if held_ns is not None:
            tx.hold(start_ns)
        if at_once:
            tx.put_echo(run, start_ns if is_taken_at_once else None, 100)
        else:
            for index, at_ns in enumerate(edges_ns):
                tx.put(at_ns, run.data[index : index + 1], 100 + index)
        queued = tx.queued
        tx.hold(edges_ns[-1] + after_ns)
        tx.release(edges_ns[-1] + after_ns + ms(1))
        dropped = tx.discard(edges_ns[-1] + after_ns + ms(2))
        return taken(tx), queued, dropped

    assert play(at_once=True) == play(at_once=False)


def test_what_is_foreseen_is_one_train_of_what_has_left_and_what_is_queued() -> None:
    tx = Sender(RATE)
    for index, byte in enumerate(b"abcd"):
        tx.put(byte_ns(index), bytes((byte,)), index)
    assert tx.foresee(0) is None
    seen = tx.foresee(byte_ns(4) - 1)
    assert seen is not None
    assert seen.data == b"abc"
    tx.put(s(1), b"ef", 4)  # another train
    seen = tx.foresee(s(2))
    assert seen is not None
    assert (seen.data, seen.edge_ns(3)) == (b"abcd", byte_ns(4))
    assert bytes(byte for _, byte in taken(tx)) == b"abcdef"
    assert tx.foresee(s(2)) is None


def test_a_held_transmitter_foresees_what_it_still_sends() -> None:
    tx = Sender(RATE)
    tx.put(0, b"abcd", 0)
    tx.hold(byte_ns(1) + us(10))
    seen = tx.foresee(s(1))
    assert seen is not None
    assert seen.data == b"ab"
    assert bytes(byte for _, byte in taken(tx, s(1))) == b"ab"
    assert tx.foresee(s(2)) is None


def test_an_echo_waits_behind_pieces_that_are_still_to_come() -> None:
    tx = Sender(RATE)
    tx.put_pieces(0, b"abcd", 0, 2, ms(3))
    assert tx.foresee(s(1)) is None  # there will be silence in between
    tx.put_echo(ByteRun(us(10), 0, RATE, b"efg", 4), None, 4)
    assert bytes(byte for _, byte in taken(tx)) == b"abcdefg"
