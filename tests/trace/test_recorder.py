"""Events are drained, never pushed, and do not show at which times somebody looked."""

from collections.abc import Sequence

import pytest

from quecsim.trace.event import Eaten, Event, Lost, RingLevel, Sent, Urc
from quecsim.trace.recorder import Recorder


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


def test_a_level_gives_way_to_the_next_if_nothing_happened_between() -> None:
    record = Recorder()
    low, high, higher = RingLevel(0, 1), RingLevel(1, 2), RingLevel(3, 4)
    record.renew(None, low)
    record.renew(low, high)
    record.add(Sent(2, b"x"))
    record.renew(high, higher)
    assert record.take() == [high, Sent(2, b"x"), higher]
    record.renew(higher, low)  # the one before has been taken
    assert record.take() == [low]
    assert record.take() == []
