import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.render.dialogue import Clock, Dialogue, Group, Line, Times, Way, groups_of, line_text
from quecsim.trace.event import ClockStopped, Start
from quecsim.trace.setup import Origin
from quecsim.units import ms, s

CODES = re.compile(r"\x1b\[[0-9;]*m")
LINE = Line(s(1) + 234_567_890, Group.LOST, Way.LOSS, "LOST 3 bytes", True, 7, "Lost", 12)


def at(at_ns: int) -> Line:
    return Line(at_ns, Group.AT, Way.TO_HOST, "OK", False, 0, "Sent")


def started(date: str = "2026-11-29T23:59:59+01:00", **line: float) -> Start:
    origin = Origin("a run", {"line": line} if line else {}, date=date)
    return Start(0, "ec200u", 1, "uart", {}, origin=origin)


def test_the_columns_are_stable() -> None:
    assert line_text(LINE) == "       1.234567  lost   !!  LOST 3 bytes"
    assert line_text(at(0)) == "       0.000000  at     <-  OK"


def test_colour_only_repeats_what_the_words_say() -> None:
    coloured = line_text(LINE, colour=True)
    assert coloured != line_text(LINE)
    assert CODES.sub("", coloured) == line_text(LINE)


@given(st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=200), st.integers(1, 200))
def test_a_narrow_terminal_gets_all_of_it(text: str, width: int) -> None:
    line = Line(0, Group.DATA, Way.DEVICE, text, False, 0, "Stored")
    rows = line_text(line, width=width).split("\n")
    assert all(len(row) <= max(width, 8) for row in rows)
    assert "".join("".join(rows).split()) == "".join(line_text(line).split())


def test_wrapped_text_hangs_behind_the_columns() -> None:
    line = Line(0, Group.LOST, Way.LOSS, "word " * 30, True, 0, "Lost")
    first, *rest = line_text(line, width=80).split("\n")
    assert first.startswith("       0.000000  lost   !!  word")
    assert all(row.startswith(" " * 28 + "word") for row in rest)


def test_the_time_since_the_line_before() -> None:
    clock = Clock(Times.DELTA)
    times = [clock.text(at(at_ns)) for at_ns in (ms(5), ms(5), ms(12), ms(2))]
    assert times == ["+0.005000", "+0.000000", "+0.007000", "-0.010000"]


def test_the_walls_time_goes_on_from_the_date_of_the_record() -> None:
    clock = Clock(Times.CLOCK)
    clock.feed([started()])
    assert clock.text(at(ms(250))) == "23:59:59.250000"
    assert clock.text(at(ms(1250))) == "00:00:00.250000"
    clock.feed([ClockStopped(0, s(2))])
    assert clock.text(at(ms(1250))) == "00:00:02.250000"


def test_the_walls_time_of_a_model_that_is_slower() -> None:
    clock = Clock(Times.CLOCK)
    clock.feed([started("2026-11-29T10:00:00+00:00", time_scale=0.5)])
    assert clock.text(at(s(1))) == "10:00:02.000000"


@pytest.mark.parametrize("date", ["", "yesterday", "2026-99-01T00:00:00"])
def test_a_record_without_a_date_has_no_time_of_the_wall(date: str) -> None:
    clock = Clock(Times.CLOCK)
    clock.feed([started(date)])
    with pytest.raises(QuecsimError, match="no date") as told:
        clock.text(at(0))
    assert "--times run" in str(told.value)


def test_groups_by_name() -> None:
    assert groups_of(["at,lost", "NET "]) == {Group.AT, Group.LOST, Group.NET}
    assert groups_of([","]) == frozenset()


def test_a_wrong_group_says_what_was_meant() -> None:
    with pytest.raises(QuecsimError, match='there is no group "flsh"') as told:
        groups_of(["at,flsh"])
    assert 'did you mean "flash"? Groups are: at, data, lost' in str(told.value)


def test_every_group_says_what_is_in_it() -> None:
    assert all(group.about for group in Group)


def test_a_dialogue_of_nothing_is_empty() -> None:
    assert Dialogue().feed([]) == []
