"""The ring's level over the last seconds."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.tui.history import History


def shown(history: History, count: int, now_ns: int) -> list[tuple[int, bool, bool, int]]:
    return [(one.level, one.is_busy, one.is_held, one.lost) for one in history.last(count, now_ns)]


def test_the_highest_level_of_each_column() -> None:
    history = History(column_ns=10)
    for at_ns, level in ((1, 5), (4, 50), (6, 0), (25, 7)):
        history.level(at_ns, level)
    assert [one.level for one in history.last(10, 49)] == [50, 0, 7, 7, 7]
    assert [one.level for one in history.last(2, 49)] == [7, 7]


def test_what_lasts_covers_its_columns() -> None:
    history = History(column_ns=10)
    history.busy(12, 30)
    history.held(21, True)
    history.held(33, False)
    history.lost(15, 24, 8)
    assert shown(history, 9, 45) == [
        (0, False, False, 0),
        (0, True, False, 4),
        (0, True, True, 4),
        (0, False, True, 0),
        (0, False, False, 0),
    ]


def test_what_is_known_of_the_future_does_not_show_yet() -> None:
    """A stall is told when it begins, with its end; the level goes on changing meanwhile."""
    history = History(column_ns=10)
    history.busy(5, 10**12)
    assert len(history.last(9, 5)) == 1
    history.level(15, 100)
    assert shown(history, 3, 45) == [(100, True, False, 0)] * 3


def test_what_becomes_known_late() -> None:
    history = History(column_ns=10)
    history.last(9, 45)
    history.level(15, 100)
    history.held(25, True)
    assert shown(history, 9, 45) == [
        (0, False, False, 0),
        (100, False, False, 0),
        (100, False, True, 0),
        (100, False, True, 0),
        (100, False, True, 0),
    ]


def test_old_columns_are_forgotten() -> None:
    history = History(column_ns=10, most=5)
    history.level(0, 9)
    history.level(1_000_000_000, 3)
    assert [one.level for one in history.last(99, 1_000_000_000)] == [9] * 5
    history.level(2, 1)  # too old to be seen: no failure
    assert len(history.last(99, 1_000_000_000)) == 5


@given(
    st.lists(st.tuples(st.sampled_from("lbhx"), st.integers(0, 500), st.integers(0, 300))),
    st.integers(1, 40),
)
def test_any_order_of_times_has_its_columns(said: list[tuple[str, int, int]], count: int) -> None:
    history = History(column_ns=10, most=20)
    for word, at_ns, value in said:
        match word:
            case "l":
                history.level(at_ns, value)
            case "b":
                history.busy(at_ns, at_ns + value)
            case "h":
                history.held(at_ns, value % 2 == 1)
            case _:
                history.lost(at_ns, at_ns + value, value)
    columns = history.last(count, 500)
    assert len(columns) <= count
    numbers = [one.number for one in columns]
    assert numbers == list(range(50 - len(numbers) + 1, 51))[: len(numbers)]
