from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.stall import AddedStall
from quecsim.render.picture import ring_chart, ring_series
from quecsim.rig import RigConfig
from quecsim.trace.event import Event, FlashBusy, HostBytes, HostHeld, Lost, Power, RingLevel
from quecsim.units import ms, s
from tests.report.story import PAYLOAD, Story, device, qfupl


def _stalled() -> tuple[Story, Lost]:
    config = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),))
    story = Story(device(ring_bytes=64), config).tell([(0, qfupl(900)), (ms(50), PAYLOAD[:900])])
    (lost,) = [event for event in story.events if isinstance(event, Lost)]
    return story, lost


def test_it_fills_during_the_stall_stays_full_and_empties_at_once() -> None:
    story, lost = _stalled()
    begin_ns, end_ns = lost.drained_ns - ms(60), lost.drained_ns + ms(5)
    assert ring_series(story.events, begin_ns, end_ns) == [
        (begin_ns, 0),
        (lost.drained_ns - ms(50), 0),
        (lost.full_ns, 64),
        (lost.drained_ns, 64),
        (lost.drained_ns, 0),
        (end_ns, 0),
    ]


def test_a_window_inside_the_slope_is_cut_on_the_line() -> None:
    events: list[Event] = [FlashBusy(0, 100, "", []), RingLevel(50, 50), RingLevel(100, 0)]
    assert ring_series(events, 10, 30) == [(10, 10), (30, 30)]
    assert ring_series(events, 60, 70) == [(60, 50), (70, 50)]
    assert ring_series(events, 200, 300) == [(200, 0), (300, 0)]


def test_it_does_not_fill_while_the_host_is_silent_or_held() -> None:
    busy: list[Event] = [FlashBusy(0, 100, "", []), RingLevel(20, 20)]
    silent: list[Event] = [*busy, HostBytes(60, 20, b"x"), RingLevel(80, 40)]
    held: list[Event] = [*busy, HostHeld(20, True), HostHeld(60, False), RingLevel(80, 40)]
    for events in (silent, held):
        assert ring_series(events, 0, 90) == [(0, 0), (20, 20), (60, 20), (80, 40), (90, 40)]


def test_what_was_in_the_ring_is_gone_with_the_power() -> None:
    story = Story(device(ring_bytes=64)).say(0, b"AT+CFUN=1,1\rABC").wait(s(20))
    levels = [event.level for event in story.events if isinstance(event, RingLevel)]
    assert levels[-1:] == [3], "the record does not say that it is empty"
    (restart,) = [e for e in story.events if isinstance(e, Power) and e.state == "booting"]
    series = ring_series(story.events, 0, s(20))
    assert max(level for at_ns, level in series if at_ns <= restart.at_ns) == 3
    assert {level for at_ns, level in series if at_ns > restart.at_ns} == {0}


def test_no_events_no_bytes() -> None:
    assert ring_series([], 5, 9) == [(5, 0), (9, 0)]


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 64)), max_size=20),
    st.integers(0, 500),
    st.integers(1, 600),
)
@settings(deadline=None)
def test_any_record_gives_a_line_from_left_to_right(levels, begin_ns, span_ns) -> None:  # type: ignore[no-untyped-def]
    events = [RingLevel(*pair) for pair in levels]
    series = ring_series(events, begin_ns, begin_ns + span_ns)
    times = [at_ns for at_ns, _ in series]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (begin_ns, begin_ns + span_ns)
    most = max((level for _, level in levels), default=0)
    assert all(0 <= level <= most for _, level in series)


def test_a_chart_for_people() -> None:
    story, lost = _stalled()
    series = ring_series(story.events, lost.drained_ns - ms(60), lost.drained_ns + ms(5))
    plain = ring_chart(series, 64, width=70, height=12, title="RX ring")
    lines = plain.splitlines()
    assert "\x1b" not in plain
    assert (len(lines), max(map(len, lines))) == (12, 70)
    assert "RX ring" in lines[0]
    assert [word for word in ("64", "32") if any(line.startswith(word) for line in lines)]
    coloured = ring_chart(series, 64, width=70, height=12, title="RX ring", colour=True)
    assert "\x1b" in coloured
    # Two charts in a row do not draw on one another.
    assert ring_chart(series, 64, width=70, height=12, title="RX ring") == plain


def test_a_ring_that_was_never_used_has_a_chart_too() -> None:
    assert ring_chart([(0, 0), (s(1), 0)], 4096)
