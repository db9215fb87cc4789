"""Events are drained, never pushed, and do not show who looked, nor how the host cut its bytes."""

from collections.abc import Sequence

import pytest

from quecsim.trace.event import Eaten, Event, HostBytes, Lost, RingLevel, Sent, Urc
from quecsim.trace.recorder import ROW_BYTES, Recorder


def eaten(offset: int, data: bytes, why: str = "no command") -> Eaten:
    return Eaten(offset * 10, (offset + len(data)) * 10, offset, len(data), why, data)


def lost(offset: int, count: int, cause: str = "off", doing: str = "it was off") -> Lost:
    first_ns, last_ns = offset * 10, (offset + count) * 10
    return Lost(
        first_ns, last_ns, offset, count, cause, 0, first_ns, last_ns, doing, "off", "off"
    )  # fmt: skip


def recorded(events: Sequence[Event]) -> list[Event]:
    record = Recorder()
    for event in events:
        record.add(event)
    record.close()
    return record.take()


def test_taken_once_in_order() -> None:
    record = Recorder()
    first, second = Urc(1, "a"), Urc(0, "b")
    record.add(first)
    record.add(second)
    assert record.take() == [first, second]
    assert record.take() == []


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([eaten(0, b"ab"), eaten(2, b"c"), eaten(3, b"d")], eaten(0, b"abcd")),
        ([lost(5, 2), lost(7, 1), lost(8, 9)], lost(5, 12)),
        ([lost(5, 2, "framing"), lost(7, 1, "framing")], lost(5, 3, "framing")),
    ],
)
def test_what_goes_on_is_one_event(pieces: list[Event], whole: Event) -> None:
    before, after = Sent(0, b"x"), Sent(1, b"y")
    assert recorded([before, *pieces, after]) == [before, whole, after]
    assert recorded(pieces) == [whole]


@pytest.mark.parametrize(
    "events",
    [
        [eaten(0, b"ab"), eaten(3, b"c")],
        [eaten(0, b"ab"), eaten(2, b"c", "+++")],
        [eaten(0, b"ab"), Sent(25, b"x"), eaten(2, b"c")],
        [eaten(0, b"ab"), lost(2, 1)],
        [lost(0, 2), eaten(2, b"c")],
        [lost(0, 2), lost(3, 1)],
        [lost(0, 2), lost(2, 1, "power")],
        [lost(0, 2), lost(2, 1, doing="it was booting")],
        [lost(0, 2, "ring"), lost(2, 1, "ring")],  # each was over when it was recorded
    ],
)
def test_everything_else_stays_apart(events: list[Event]) -> None:
    assert recorded(events) == events


LOW, HIGH, EMPTY = RingLevel(0, 1), RingLevel(1, 2), RingLevel(1, 0)


def test_a_ring_that_fills_is_one_level_until_anything_else_happens() -> None:
    record = Recorder()
    record.level(LOW, fills=True)
    record.level(HIGH, fills=True)
    record.add(Sent(2, b"x"))
    record.level(RingLevel(3, 4), fills=True)
    assert record.take() == [HIGH, Sent(2, b"x")]
    record.close()
    assert record.take() == [RingLevel(3, 4)]


def test_a_ring_that_is_read_from_is_one_level_for_each_time() -> None:
    record = Recorder()
    record.level(HIGH, fills=True)
    record.level(RingLevel(1, 1), fills=False)
    record.level(EMPTY, fills=False)
    record.level(RingLevel(2, 0), fills=False)
    record.close()
    assert record.take() == [HIGH, EMPTY, RingLevel(2, 0)]


def test_bytes_and_levels_do_not_end_one_another() -> None:
    record = Recorder()
    record.add(eaten(0, b"ab"))
    record.level(RingLevel(20, 3), fills=False)
    record.add(eaten(2, b"c"))
    record.level(RingLevel(20, 2), fills=False)
    record.close()
    assert record.take() == [eaten(0, b"abc"), RingLevel(20, 2)]


def test_how_often_it_is_drained_does_not_show() -> None:
    record, seen = Recorder(), []
    for event in (eaten(0, b"ab"), eaten(2, b"c"), lost(3, 1), lost(4, 2), Urc(60, "a")):
        record.add(event)
        seen += record.take()
    assert seen == [eaten(0, b"abc"), lost(3, 3), Urc(60, "a")]


def test_what_is_held_can_be_looked_at() -> None:
    record = Recorder()
    assert record.open_row is None
    record.add(lost(0, 2))
    record.add(lost(2, 1))
    assert record.open_row == lost(0, 3)
    assert record.take() == []


def test_it_is_over_when_time_moves_on() -> None:
    record = Recorder()
    record.add(eaten(0, b"ab"))
    record.settle(20)
    assert record.is_open
    record.settle(21)
    assert not record.is_open
    assert record.take() == [eaten(0, b"ab")]


def test_what_the_host_writes_ends_nothing_and_is_one_event_for_each_moment() -> None:
    record = Recorder()
    record.add(eaten(0, b"ab"))
    record.add_bytes(HostBytes(9, 5, b"x"))
    record.add_bytes(HostBytes(9, 6, b"yz"))
    record.end_bytes()
    record.add_bytes(HostBytes(9, 8, b"!"))
    record.add(eaten(2, b"c"))
    record.close()
    assert record.take() == [
        HostBytes(9, 5, b"xyz"), HostBytes(9, 8, b"!"), eaten(0, b"abc"),
    ]  # fmt: skip


def test_a_stretch_of_bytes_has_a_bound() -> None:
    half = ROW_BYTES // 2
    pieces = [lost(place * half, half) for place in range(5)]
    assert recorded(pieces) == [lost(0, ROW_BYTES), lost(ROW_BYTES, ROW_BYTES), pieces[4]]
