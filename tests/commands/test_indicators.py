"""+CIND, +CMER, +CBC, from the profile's values."""

import pytest

from quecsim.units import s
from tests.device.bench import OK, Bench, cme, info, profile


def test_the_words_and_the_values_are_as_many() -> None:
    bench = Bench()
    words = bench.ask("AT+CIND=?").decode()
    assert words.count('("') == 6
    assert bench.ask("AT+CIND?") == info("+CIND: 4,3,1,0,0,0")


@pytest.mark.parametrize(
    ("radio", "values"),
    [
        ({"battery_percent": 100, "csq_rssi": 31}, "5,5,1,0,0,0"),
        ({"battery_percent": 0, "csq_rssi": 0, "registration": 5}, "0,0,1,0,1,0"),
        ({"registration": 2}, "4,0,0,0,0,0"),
    ],
)
def test_they_follow_the_profile(radio: dict[str, int], values: str) -> None:
    assert Bench(profile(radio=radio)).ask("AT+CIND?") == info(f"+CIND: {values}")


def test_without_a_network() -> None:
    bench = Bench()
    bench.ask("AT+CFUN=4")
    assert bench.ask("AT+CIND?") == info("+CIND: 4,0,0,0,0,0")
    bench.send(b"AT+CFUN=1\r")
    bench.run_for(s(3))
    assert info("+CIND: 4,3,1,0,0,0") in bench.ask("AT+CIND?")


def test_event_reports_are_kept() -> None:
    bench = Bench()
    assert bench.ask("AT+CMER=?") == info("+CMER: (0-3),(0),(0),(0,1),(0,1)")
    assert bench.ask("AT+CMER=3,0,0,1") == OK
    assert bench.ask("AT+CMER?") == info("+CMER: 3,0,0,1,0")
    assert bench.ask("AT+CMER=4") == cme(50)


def test_the_supply() -> None:
    assert Bench().ask("AT+CBC") == info("+CBC: 0,85,3800")
    low = Bench(profile(radio={"battery_percent": 5, "battery_mv": 3400}))
    assert low.ask("AT+CBC") == info("+CBC: 0,5,3400")
    assert low.ask("AT+CBC=?") == info("+CBC: (0-2),(0-100),<voltage>")
