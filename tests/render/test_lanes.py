import pytest

from quecsim.render.lanes import ring_picture, telling_window
from quecsim.trace.event import Event, FlashBusy, HostHeld, RingLevel, Stalled
from quecsim.units import ms
from tests.demo.made import DAMAGED, EVENTS, FIRST_NS, FULL_NS, HELD, INTACT


def lanes(events: list[Event], begin_ns: int = 0, end_ns: int = ms(100)) -> dict[str, str]:
    """Label -> the marks, from the first column of the chart's inside to its last."""
    picture = ring_picture(events, begin_ns, end_ns, 512, width=80).splitlines()
    frame = next(line for line in picture if "┌" in line)
    left, right = frame.index("┌") + 1, frame.index("┐")
    rows = (line.ljust(right) for line in picture if line[:4] in ("busy", "lost", "held"))
    return {row[:4]: row[left:right] for row in rows}


def test_lanes_without_marks_are_left_out() -> None:
    assert lanes([RingLevel(0, 0)]) == {}


def test_marks_stand_where_their_time_is() -> None:
    row = lanes([Stalled(ms(50), ms(75), 1)])["busy"]
    assert abs(row.index("[") - (len(row) - 1) / 2) <= 1
    assert abs(row.index("]") + 1 - (len(row) - 1) * 3 / 4) <= 1
    assert set(row[row.index("[") + 1 : row.index("]")]) == {"="}


def test_neighbours_stay_apart() -> None:
    events: list[Event] = [Stalled(ms(10), ms(50), 1), FlashBusy(ms(50), ms(90), "work", [])]
    assert "][" in lanes(events)["busy"]


def test_a_span_that_leaves_the_window_is_open_there() -> None:
    row = lanes([Stalled(ms(-10), ms(200), 1)])["busy"]
    assert set(row.rstrip()) == {"="}
    assert row[0] == "="


def test_what_lies_outside_is_not_drawn() -> None:
    assert lanes([Stalled(ms(200), ms(300), 1)]) == {}
    assert lanes([Stalled(ms(1), ms(2), 1)], begin_ns=ms(50)) == {}


def test_a_short_span_is_one_mark() -> None:
    assert lanes([Stalled(ms(50), ms(50) + 1000, 1)])["busy"].split() == ["="]


def test_lost_and_held() -> None:
    assert set(lanes(EVENTS, FIRST_NS, FIRST_NS + ms(120))) == {"busy", "lost"}
    assert set(lanes(HELD, FIRST_NS, FIRST_NS + ms(120))) == {"busy", "held"}


def test_a_host_still_held_at_the_end() -> None:
    row = lanes([HostHeld(ms(50), True), RingLevel(ms(90), 400)])["held"]
    assert 0.3 < row.count("~") / len(row) < 0.5


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("capacity", [16, 512, 4096, 1 << 20])
def test_it_keeps_to_its_width(width: int, capacity: int) -> None:
    picture = ring_picture(EVENTS, FIRST_NS, FIRST_NS + ms(120), capacity, width=width)
    assert max(map(len, picture.splitlines())) <= width


def test_the_telling_window_goes_from_the_empty_ring_to_after_the_loss() -> None:
    begin_ns, end_ns = telling_window(EVENTS, DAMAGED)
    assert FIRST_NS < begin_ns < FIRST_NS + ms(30)
    assert DAMAGED.losses[0].last_ns < end_ns < FULL_NS + ms(60)


def test_the_telling_window_without_a_loss_is_where_the_ring_was_fullest() -> None:
    begin_ns, end_ns = telling_window(EVENTS, INTACT)
    assert begin_ns < FULL_NS < end_ns
