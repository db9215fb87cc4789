"""The part of the dialogue that is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border.news import Why
from quecsim.render.cells import cells
from quecsim.render.dialogue import Group
from quecsim.trace import event as ev
from quecsim.tui.dialogue_view import ALL, dialogue_rows, scrolled
from quecsim.tui.model import Model
from quecsim.tui.rows import Tone, plain
from tests.tui.made import lossy_events, model_of, texts

LOSSY = model_of(lossy_events())
AT = frozenset((Group.AT,))


def commands(count: int) -> Model:
    return model_of(ev.CommandLine(n * 10**9, n, 1, f"+N{n}", n) for n in range(count))


def test_the_newest_lines_stand_at_the_bottom() -> None:
    rows = texts(dialogue_rows(commands(9), 60, 3))
    assert [row.split()[0] for row in rows] == ["6.000", "7.000", "8.000"]


def test_long_lines_are_wrapped_behind_their_time() -> None:
    rows = dialogue_rows(LOSSY, 60, 40, {Group.LOST})
    assert texts(rows)[0].lstrip().startswith("1.281 !! LOST")
    assert texts(rows)[1].startswith(" " * 13)
    assert {piece.tone for one in rows for piece in one} >= {Tone.LOUD}


def test_only_what_was_chosen() -> None:
    rows = texts(dialogue_rows(LOSSY, 200, 100, AT))
    assert len(rows) > 5
    assert not any("stored" in one for one in rows)


def test_less_than_there_is_room_for() -> None:
    assert len(dialogue_rows(commands(2), 60, 10)) == 2
    assert dialogue_rows(commands(2), 60, 0) == []


@given(st.integers(0, 90), st.integers(0, 9), st.one_of(st.none(), st.integers(0, 99)))
def test_it_always_fits(width: int, height: int, end: int | None) -> None:
    rows = dialogue_rows(LOSSY, width, height, ALL, end)
    assert len(rows) <= height
    assert all(cells(plain(one)) <= width for one in rows)


def last(model: Model, end: int | None, groups: frozenset[Group] = ALL) -> str:
    return texts(dialogue_rows(model, 60, 1, groups, end))[0].split()[-1]


def test_scrolling() -> None:
    model = commands(9)
    up = scrolled(model, ALL, None, -1)
    assert last(model, up).endswith("N7")
    up = scrolled(model, ALL, up, -3)
    assert last(model, up).endswith("N4")
    model.feed([ev.CommandLine(10**11, 99, 1, "+NEW", 99)])
    assert last(model, up).endswith("N4")  # it stays where it is
    down = scrolled(model, ALL, up, 2)
    assert last(model, down).endswith("N6")
    assert scrolled(model, ALL, down, 4) is None  # the newest again, and following
    assert last(model, scrolled(model, ALL, None, -1000)).endswith("N0")


@pytest.mark.parametrize("by", [-3, -1, 1, 3])
def test_scrolling_goes_by_the_lines_that_are_seen(by: int) -> None:
    lines = [n for n, line in enumerate(reversed(list(LOSSY.lines_before(LOSSY.lines_told))))
             if line.group in AT]  # fmt: skip
    middle = lines[4] + 1
    assert scrolled(LOSSY, AT, middle, by) == lines[4 + by] + 1


def test_where_there_is_nothing_to_scroll() -> None:
    assert scrolled(Model(), ALL, None, -5) == 0
    assert scrolled(Model(), ALL, None, 5) is None
    assert dialogue_rows(Model(), 40, 5) == []


STRANGE = st.text(max_size=60)


@given(STRANGE, st.binary(max_size=30), st.integers(3, 90))
def test_nothing_from_outside_steers_the_terminal(text: str, data: bytes, width: int) -> None:
    model = model_of([
        ev.CommandLine(1, 0, 1, text, 1), ev.Sent(2, data), ev.HostBytes(3, 0, data),
        ev.DataBegin(4, 0, text, text, 1, ack=False, early=0), ev.FaultFired(5, 0, text, text),
        ev.LinkFailed(6, 1, text, text, 1, Why.DNS, text),
    ])  # fmt: skip
    assert all(plain(one).isprintable() for one in dialogue_rows(model, width, 99))
