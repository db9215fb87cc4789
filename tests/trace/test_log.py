"""The log of events: bounded, and each has its number for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.trace.event import Ack, FlashBusy, HostBytes
from quecsim.trace.log import EventLog


@given(st.integers(0, 40), st.integers(1, 20), st.integers(-3, 45))
def test_it_keeps_the_newest(count: int, most: int, since: int) -> None:
    log = EventLog(most=most)
    log.feed(Ack(n, n) for n in range(count))
    first = max(0, count - most)
    assert (log.first_number, log.next_number) == (first, count)
    assert list(log.since(since)) == [(n, Ack(n, n)) for n in range(max(first, since), count)]


def test_big_events_leave_room_for_fewer() -> None:
    log = EventLog(most_bytes=10_000)
    log.feed(HostBytes(n, 0, bytes(1000)) for n in range(50))
    assert 5 <= log.next_number - log.first_number <= 10
    log.feed([FlashBusy(0, 0, "", [("erase", 0, 0, 0, 0)] * 1000)])
    assert [event.at_ns for _, event in log.since(0)] == [0]  # the newest stays in any case
    log.feed([Ack(1, 1)])
    assert [event.at_ns for _, event in log.since(0)] == [1]


@pytest.mark.parametrize(("event", "number"), [(Ack(3, 0), 3), (Ack(9, 0), None)])
def test_the_number_of_an_event(event: Ack, number: int | None) -> None:
    log = EventLog()
    log.feed(Ack(n, 0) for n in range(5))
    assert log.number_of(event) == number
