from dataclasses import replace

import pytest

from quecsim.render.page.lanes import page_lanes
from quecsim.render.page.picture import LEFT, RIGHT, WIDTH, Picture, first_view, picture
from quecsim.render.page.places import lost_places
from quecsim.render.timeline import timeline
from quecsim.run.recorded import recorded
from quecsim.units import S, ms
from tests.cli.test_report import record
from tests.render.page.runs import many_losses


def drawn(window: tuple[int, int] | None = None) -> Picture:
    made = recorded(many_losses())
    times, places = timeline(made), lost_places(made)
    window = window or first_view(made, times, places)
    return picture(times, page_lanes(times, places), window, "Title")


def test_the_first_view_has_the_first_loss_in_it() -> None:
    made = recorded(record("thread-57329"))
    times, places = timeline(made), lost_places(made)
    begin_ns, end_ns = first_view(made, times, places)
    loss = places[0].loss
    assert begin_ns < loss.first_ns < loss.last_ns < end_ns
    assert end_ns - begin_ns < S


def test_a_loss_that_has_nothing_to_do_with_the_ring_is_in_it_too() -> None:
    """The power goes long after the ring was fullest."""
    made = recorded(record("power-cut-in-upload"))
    times, places = timeline(made), lost_places(made)
    begin_ns, end_ns = first_view(made, times, places)
    assert begin_ns < places[0].loss.first_ns <= places[0].loss.last_ns < end_ns
    assert end_ns - begin_ns < S


def test_without_a_loss_it_is_the_whole_run() -> None:
    made = recorded(record("typical-flash"))
    times = timeline(made)
    assert first_view(made, times, []) == (times.begin_ns, times.end_ns)


def test_what_was_asked_for_comes_first() -> None:
    made = recorded(record("thread-57329"))
    asked = replace(made, window=(ms(500), 99 * S))
    times, places = timeline(made), lost_places(made)
    assert first_view(asked, times, places) == (ms(500), times.end_ns)


def test_everything_stays_within_the_frame() -> None:
    for window in (None, (0, 20 * S), (ms(1300), ms(1400))):
        made = drawn(window)
        for row in made.rows:
            for bar in row.bars:
                assert LEFT <= bar.x <= bar.x + bar.width <= WIDTH - RIGHT + 2
        for point in made.line.split():
            x, y = map(float, point.split(","))
            assert LEFT <= x <= WIDTH - RIGHT
            assert 0 < y <= made.ring_bottom


@pytest.mark.parametrize(
    ("window", "first"),
    [((0, 20 * S), "0 s"), ((ms(200), ms(400)), "0.20 s"), ((ms(1000), ms(1010)), "1.000 s")],
)
def test_times_are_round_and_told_apart(window: tuple[int, int], first: str) -> None:
    texts = [tick.text for tick in drawn(window).ticks]
    assert texts[0] == first
    assert len(set(texts)) == len(texts)
    assert 3 <= len(texts) <= 10


def test_it_says_in_words_what_it_shows() -> None:
    assert "lost: " in drawn().text
