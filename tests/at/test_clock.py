"""The real-time clock runs by the time of the model."""

from quecsim.at.clock import Clock
from quecsim.units import ms, s


def test_it_runs_by_the_time_of_the_model() -> None:
    now_ns = [s(5)]
    clock = Clock(lambda: now_ns[0], "24/02/28,23:59:58+04")
    assert clock.text() == "24/02/29,00:00:03+04"
    clock.set("99/12/31,23:59:59")
    now_ns[0] += ms(999)
    assert clock.text() == "99/12/31,23:59:59+04"
    now_ns[0] += ms(1)
    assert clock.text() == "00/01/01,00:00:00+04", "two digits of the year come around"
    clock.set("26/11/29,00:00:00-08")
    assert clock.text() == "26/11/29,00:00:00-08"
