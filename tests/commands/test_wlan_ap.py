"""The device as an access point: what the host is told, and when."""

import pytest

from quecsim.units import ms
from tests.device.bench import ERROR, OK, info
from tests.device.wifi import fresh, joined, profile


def told(event: str) -> bytes:
    return f'\r\n+QAPSTAT: "{event}"\r\n'.encode()


@pytest.mark.parametrize(
    ("given", "most_ms"), [('"own","12345678"', 3300), ('"own"', 300), ("own", 300)]
)
def test_ok_comes_in_time_and_the_event_behind_it(given: str, most_ms: int) -> None:
    bench = fresh()
    sent_ns = bench.now_ns
    assert bench.ask(f"AT+QSOFTAP={given}") == OK + told("AP_UP")
    assert bench.times[bench.output.rfind(OK)] - sent_ns < ms(most_ms)


@pytest.mark.parametrize(
    "given",
    ['""', '"' + "x" * 33 + '"', '"own","1234567"', '"own",""', '"own","' + "x" * 64 + '"', ""],
)
def test_names_and_keys_that_there_are_not(given: str) -> None:
    bench = fresh()
    assert bench.ask(f"AT+QSOFTAP={given}") == ERROR
    assert bench.ask("AT+QAPSTATE") == info('+QAPSTATE: "SOFTAP_DOWN"')


def test_up_and_down_again() -> None:
    bench = fresh()
    assert bench.ask("AT+QSOFTAPSTOP") == OK
    bench.ask('AT+QSOFTAP="own"')
    assert bench.ask("AT+QAPSTATE") == info('+QAPSTATE: "SOFTAP_UP"')
    assert bench.ask('AT+QSOFTAP="another"') == OK + told("AP_DOWN") + told("AP_UP")
    assert bench.ask("AT+QSOFTAPSTOP") == OK + told("AP_DOWN")
    assert bench.ask("AT+QAPSTATE") == info('+QAPSTATE: "SOFTAP_DOWN"')


def test_as_other_firmware_may_have_it() -> None:
    bench = fresh(device=profile(wifi={"ap_event_first": True, "ap_stop_none": "error"}))
    assert bench.ask("AT+QSOFTAPSTOP") == ERROR
    assert bench.ask('AT+QSOFTAP="own"') == told("AP_UP") + OK
    assert bench.ask("AT+QSOFTAPSTOP") == OK + told("AP_DOWN")


def test_beside_the_station() -> None:
    bench = joined()
    assert bench.ask('AT+QSOFTAP="own","12345678"') == OK + told("AP_UP")
    assert bench.ask("AT+QSTAST;+QAPSTATE") == info(
        '+QSTAST: "STATION_UP"', "", '+QAPSTATE: "SOFTAP_UP"'
    )


def test_not_saved() -> None:
    bench = fresh()
    bench.ask('AT+QSOFTAP="own"')
    bench.ask("AT+QRST")
    assert bench.ask("AT+QAPSTATE").endswith(info('+QAPSTATE: "SOFTAP_DOWN"'))
