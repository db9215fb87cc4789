"""The real-time clock runs by the time of the model, from what it was told."""

from datetime import UTC, datetime

import pytest

from quecsim.at.clock import NEVER_SET_S, Clock, new_clock
from quecsim.units import ms, s


def utc(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]


class Model:
    """The model's time, to be moved by hand."""

    def __init__(self) -> None:
        self.now_ns = 0

    def clock(self, date: str | None, start_s: int | None = None) -> Clock:
        return new_clock(lambda: self.now_ns, date, start_s)


@pytest.fixture
def model() -> Model:
    return Model()


def test_it_runs_by_the_time_of_the_model(model: Model) -> None:
    clock = model.clock("24/02/28,23:59:58+04")
    model.now_ns = s(5)
    assert clock.text() == "24/02/29,00:00:03+04"
    clock.set("69/12/31,23:59:59")
    model.now_ns += ms(999)
    assert clock.text() == "69/12/31,23:59:59+04"
    model.now_ns += ms(1)
    assert clock.text() == "70/01/01,00:00:00+04", "two digits of the year come around"
    clock.set("26/11/29,00:00:00-08")
    assert clock.text() == "26/11/29,00:00:00-08"


def test_its_calendar_is_utc(model: Model) -> None:
    clock = model.clock("24/02/28,23:59:58+04")
    assert clock.calendar_s() == utc(2024, 2, 28, 22, 59, 58)
    model.now_ns = s(2) + ms(999)
    assert clock.calendar_s() == utc(2024, 2, 28, 23, 0, 0)
    clock.set("26/06/01,02:00:00+08")
    assert clock.calendar_s() == utc(2026, 6, 1)
    clock.set("26/06/01,02:00:00")
    assert clock.calendar_s() == utc(2026, 6, 1), "the zone stays"
    clock.set_utc(utc(2030, 1, 1))
    assert clock.text() == "30/01/01,02:00:00+08"
    clock.set_utc(utc(2030, 1, 1), -4)
    assert clock.text() == "29/12/31,23:00:00-04"


def test_it_can_be_asked_what_it_will_say(model: Model) -> None:
    clock = model.clock("26/11/29,00:00:00+04")
    now_s = clock.calendar_s()
    assert clock.calendar_s(s(90)) == now_s + 90
    assert (clock.text(s(90)), clock.text()) == ("26/11/29,00:01:30+04", "26/11/29,00:00:00+04")


def test_a_run_may_begin_at_another_time(model: Model) -> None:
    clock = model.clock("26/11/29,00:00:00+04", utc(2026, 6, 1))
    assert clock.text() == "26/06/01,01:00:00+04", "in the network's zone"
    clock.set("24/01/01,00:00:00+00")
    model.now_ns = s(60)
    clock.follow_network()
    assert clock.text() == "26/06/01,01:01:00+04"


@pytest.mark.parametrize("start_s", [NEVER_SET_S, 0, utc(1999, 12, 31)])
def test_a_clock_that_was_never_set_may_still_learn(model: Model, start_s: int) -> None:
    clock = model.clock("26/11/29,00:00:00+04", start_s)
    assert clock.calendar_s() == start_s
    assert clock.text().endswith("+00")
    model.now_ns = s(10)
    clock.follow_network()
    assert clock.text() == "26/11/29,00:00:10+04"


def test_without_a_network_there_is_nobody_to_learn_from(model: Model) -> None:
    assert model.clock(None).text() == "80/01/06,00:00:00+00"
    clock = model.clock(None, utc(2026, 6, 1))
    assert clock.calendar_s() == utc(2026, 6, 1)
    clock.follow_network()
    assert clock.calendar_s() == utc(2026, 6, 1)
