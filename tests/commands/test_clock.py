"""The clock, and the time zone's settings."""

import pytest

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
