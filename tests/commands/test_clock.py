"""The clock, and the time zone's settings."""

import pytest

from quecsim.at.clock import NEVER_SET_S
from quecsim.at.context import calendar_s
from quecsim.profiles.loader import load_profile
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, cme, info, profile


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_it_keeps_the_time_of_the_model(bench: Bench) -> None:
    assert bench.ask("AT+CCLK?") == info('+CCLK: "26/11/29,00:00:00+00"')
    bench.run_to(s(3661))
    assert bench.ask("AT+CCLK?") == info('+CCLK: "26/11/29,01:01:01+00"')


def test_it_is_set(bench: Bench) -> None:
    assert bench.ask('AT+CCLK="24/02/28,23:59:59+08"') == OK
    bench.run_for(s(1))
    assert bench.ask("AT+CCLK?") == info('+CCLK: "24/02/29,00:00:00+08"')
    assert bench.ask('AT+CCLK="24/02/28,23:59:59"') == OK
    assert b'+08"' in bench.ask("AT+CCLK?"), "the zone stays"
    assert bench.ask("AT+CCLK=?") == OK


@pytest.mark.parametrize(
    "date", ['"24/13/01,00:00:00+00"', '"now"', "24/12/01", '""', '"24/12/01,00:00:00+00",1']
)
def test_what_is_no_date_changes_nothing(bench: Bench, date: str) -> None:
    assert bench.ask(f"AT+CCLK={date}") == cme(50)
    assert bench.ask("AT+CCLK?") == info('+CCLK: "26/11/29,00:00:00+00"')


def test_it_goes_on_through_atz_restarts_and_power_cuts(bench: Bench) -> None:
    bench.ask('AT+CCLK="30/01/01,00:00:00+00"')
    since_ns = bench.now_ns
    bench.ask("ATZ")
    bench.ask("AT+CFUN=1,1")
    bench.rig.cut_power(bench.now_ns)
    bench.run_for(s(20))
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    bench.run_to(since_ns + s(90) + ms(500))
    assert bench.ask("AT+CCLK?") == info('+CCLK: "30/01/01,00:01:30+00"')


def test_the_network_may_have_another_time() -> None:
    bench = Bench(profile(radio={"network_time": "31/12/31,23:00:00-14"}))
    assert bench.ask("AT+CCLK?") == info('+CCLK: "31/12/31,23:00:00-14"')


@pytest.mark.parametrize(("name", "last"), [("+CTZU", 3), ("+CTZR", 2)])
def test_the_time_zone_lists_a_range(bench: Bench, name: str, last: int) -> None:
    """A bare OK to AT+CTZU=? crashes a well-known modem manager."""
    listed = "(0,1,3)" if last == 3 else "(0-2)"
    assert bench.ask(f"AT{name}=?") == info(f"{name}: {listed}")
    assert bench.ask(f"AT{name}?") == info(f"{name}: 0")
    for value in (0, 1, last):
        assert bench.ask(f"AT{name}={value}") == OK
        assert bench.ask(f"AT{name}?") == info(f"{name}: {value}")
    assert bench.ask(f"AT{name}=4") == cme(50)
    assert bench.ask(f"AT{name}") == ERROR


def test_other_devices_have_it_too() -> None:
    for name in ("ec200t", "uc200t", "ec200s", "eg912y"):
        assert Bench(load_profile(name)).ask("AT+CTZR=0;+CTZU=1;+CCLK?").endswith(OK)


def test_the_run_decides_at_which_time_it_begins() -> None:
    bench = Bench(clock_s=1_780_272_000)
    assert bench.ask("AT+CCLK?") == info('+CCLK: "26/06/01,00:00:00+00"')
    bench.run_to(s(86_400))
    assert bench.ask("AT+CCLK?") == info('+CCLK: "26/06/02,00:00:00+00"')
    assert calendar_s(bench.rig.device.context) == 1_780_272_000 + 86_400


def test_a_device_that_was_never_told_takes_the_time_of_the_network_if_it_may() -> None:
    bench = Bench(clock_s=NEVER_SET_S)
    assert bench.ask("AT+CCLK?") == info('+CCLK: "80/01/06,00:00:00+00"')
    bench.ask("AT+CFUN=0;+CFUN=1")
    assert b"80/01/06" in bench.ask("AT+CCLK?"), "it is not asked to"
    bench.ask("AT+CTZU=1;+CFUN=0")
    assert b"80/01/06" in bench.ask("AT+CCLK?")
    bench.ask("AT+CFUN=1")
    assert b"26/11/29" in bench.ask("AT+CCLK?")
    bench.ask('AT+CCLK="24/01/01,00:00:00+00"')
    bench.ask("AT+CGATT=0;+CGATT=1")
    assert b"24/01/01" in bench.ask("AT+CCLK?"), "packet service tells no time"
    bench.ask("AT+CFUN=1,1")
    assert b"26/11/29" in bench.ask("AT+CCLK?"), "that it may is kept"


def test_where_no_network_is_nobody_tells() -> None:
    bench = Bench(clock_s=NEVER_SET_S, has_network=False)
    assert bench.ask("AT+CTZU=1;+CFUN=0;+CFUN=1").startswith(OK)
    assert bench.ask("AT+CREG?") == info("+CREG: 0,2")
    assert b"80/01/06" in bench.ask("AT+CCLK?")
