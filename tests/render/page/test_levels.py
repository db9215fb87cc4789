from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.page.levels import (
    is_within,
    joined,
    level_at,
    merged,
    outlined,
    thinned,
    within,
)
from quecsim.render.timeline import Span


def spans(*begins: int, length: int = 1) -> list[Span]:
    return [Span(begin, begin + length, f"at {begin}") for begin in begins]


def test_what_lies_close_together_is_one_and_says_how_many() -> None:
    first, second = merged(spans(0, 3, 100, length=2), 5)
    assert (first.begin_ns, first.end_ns) == (0, 5)
    assert first.text == "2 here, 4 ns together; the first: at 0"
    assert second.text == "at 100"


def test_few_are_left_alone() -> None:
    few = spans(1, 2, 3)
    assert thinned(few, [], 1000, 3) == few


def test_of_many_those_near_something_interesting_stay() -> None:
    many = spans(*range(0, 10_000, 10))
    made = thinned(many, [(5000, 5100)], 1000, 100)
    assert all(span in made for span in many if 5000 <= span.begin_ns <= 5100)
    assert len(made) < 30
    assert made == sorted(made, key=lambda span: span.begin_ns)


def test_windows_are_joined() -> None:
    assert joined([(5, 9), (0, 3), (8, 12), (3, 4)]) == [(0, 4), (5, 12)]
    assert is_within([(0, 4), (6, 9)], 4)
    assert not is_within([(0, 4), (6, 9)], 5)
    assert is_within([(0, 4), (6, 9)], 5, 6)


def test_a_line_between_two_times_has_its_levels_at_the_edges() -> None:
    line = [(0, 0), (10, 100), (20, 0)]
    assert within(line, 5, 15) == [(5, 50), (10, 100), (15, 50)]
    assert level_at(line, 25) == 0
    assert level_at([], 25) == 0


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 512)), min_size=1, max_size=400))
def test_an_outline_keeps_first_last_lowest_and_highest(points: list[tuple[int, int]]) -> None:
    points = sorted(dict(points).items())
    made = outlined(points, 0, 1000, 10)
    assert len(made) <= max(len(points) if len(points) <= 40 else 0, 4 * 11)
    assert set(made) <= set(points)
    assert made[0] == points[0]
    assert made[-1] == points[-1]
    assert max(level for _, level in made) == max(level for _, level in points)
    assert min(level for _, level in made) == min(level for _, level in points)
