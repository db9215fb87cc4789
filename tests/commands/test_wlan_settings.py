"""Wi-Fi without a network: addresses, DHCP, DNS, states."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.wifi import UNJOINED

NOTHING = ",".join(['"0.0.0.0"'] * 4)


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"), around=UNJOINED)


def test_mac_address(bench: Bench) -> None:
    assert bench.ask("AT+QWLMAC") == info('+QWLMAC: "8800337769cc"')


@pytest.mark.parametrize("mode", ['"station"', "station", '"ap"', "AP"])
def test_addresses_in_no_network(bench: Bench, mode: str) -> None:
    """With or without quotation marks: published host programs send AT+QGETIP=station."""
    assert bench.ask(f"AT+QGETIP={mode}") == info(f"+QGETIP: {NOTHING}")


@pytest.mark.parametrize(
    ("command", "mode", "other"),
    [("+QSTASTATIC", "station", "ap"), ("+QAPSTATIC", "ap", "station")],
)
def test_static_addresses_show_with_gateway_before_mask(
    bench: Bench, command: str, mode: str, other: str
) -> None:
    given = '"192.168.1.7","255.255.255.0","192.168.1.1","9.9.9.9"'
    assert bench.ask(f"AT{command}={given}") == OK
    shown = info('+QGETIP: "192.168.1.7","192.168.1.1","255.255.255.0","9.9.9.9"')
    assert bench.ask(f'AT+QGETIP="{mode}"') == shown
    assert bench.ask(f'AT+QGETIP="{other}"') == info(f"+QGETIP: {NOTHING}")
    bench.ask("AT+QRST")
    assert bench.ask(f'AT+QGETIP="{mode}"') == info(f"+QGETIP: {NOTHING}"), "not saved"


@pytest.mark.parametrize(
    "wrong",
    [
        '"192.168.1.256","255.255.255.0","192.168.1.1","9.9.9.9"',
        '"192.168.1.7","255.255.255.0","192.168.1.1","dns.example"',
        '"192.168.1.7","255.255.255.0","192.168.1.1"',
        '"192.168.1.7","255.255.255.0","192.168.1.1",""',
        '"192.168.1.7","255.255.255.0","192.168.1.1","9.9.9.9","9.9.9.9"',
    ],
)
def test_what_is_no_address_changes_nothing(bench: Bench, wrong: str) -> None:
    assert bench.ask(f"AT+QSTASTATIC={wrong}") == ERROR
    assert bench.ask("AT+QGETIP=station") == info(f"+QGETIP: {NOTHING}")


@pytest.mark.parametrize("wrong", ['="sta"', "=", "", "?"])
def test_modes_that_there_are_not(bench: Bench, wrong: str) -> None:
    assert bench.ask(f"AT+QGETIP{wrong}") == ERROR


def test_states_of_a_device_that_is_in_no_network(bench: Bench) -> None:
    assert bench.ask("AT+QSTAST") == info('+QSTAST: "STATION_DOWN"')
    assert bench.ask("AT+QAPSTATE") == info('+QAPSTATE: "SOFTAP_DOWN"')
    assert bench.ask("AT+QGETWIFISTATE") == ERROR
    assert bench.ask("AT+QSTAAPINFORMV") == OK


def test_dhcp_is_not_saved(bench: Bench) -> None:
    assert bench.ask("AT+QSTADHCP?") == info("+QSTADHCP: 1")
    assert bench.ask("AT+QSTADHCP=0") == OK
    assert bench.ask("AT+QSTADHCP?") == info("+QSTADHCP: 0")
    assert bench.ask("AT+QSTADHCP=2") == ERROR
    bench.ask("AT+QRST")
    assert bench.ask("AT+QSTADHCP?") == info("+QSTADHCP: 1")


def test_dns_servers(bench: Bench) -> None:
    assert bench.ask("AT+QIDNSCFG=?") == info("+QIDNSCFG: <pridnsaddr>,<secdnsaddr>")
    assert bench.ask("AT+QIDNSCFG?") == info('+QIDNSCFG: "0.0.0.0","0.0.0.0"')
    assert bench.ask('AT+QIDNSCFG="8.8.8.8","8.8.4.4"') == OK
    assert bench.ask('AT+QIDNSCFG="1.1.1.1"') == OK
    assert bench.ask("AT+QIDNSCFG?") == info('+QIDNSCFG: "1.1.1.1","8.8.4.4"')
    assert bench.ask('AT+QIDNSCFG="one.one"') == ERROR
    assert bench.ask("AT+QIDNSCFG?") == info('+QIDNSCFG: "1.1.1.1","8.8.4.4"')


def test_web_page(bench: Bench) -> None:
    assert bench.ask("AT+QWEBCFG=1") == bench.ask("AT+QWEBCFG=0") == OK
    assert bench.ask("AT+QWEBCFG=2") == bench.ask("AT+QWEBCFG?") == ERROR


def test_urc_pin(bench: Bench) -> None:
    """The manual, AT+QCFG: a pulse of 60 to 300 ms, 120 at first; no other key is there."""
    assert bench.ask("AT+QCFG=?") == info('+QCFG: "urc/pin",(0,1),(60-300)')
    assert bench.ask('AT+QCFG="urc/pin"') == info('+QCFG: "urc/pin",0,120')
    assert bench.ask('AT+QCFG="urc/pin",1') == OK
    assert bench.ask('AT+QCFG="urc/pin"') == info('+QCFG: "urc/pin",1,120')
    assert bench.ask('AT+QCFG="urc/pin",1,300') == bench.ask('AT+QCFG="urc/pin",0,60') == OK
    for wrong in ('"urc/pin",2', '"urc/pin",1,59', '"urc/pin",1,301', '"usbifc"', '"urc/pin",,60'):
        assert bench.ask(f"AT+QCFG={wrong}") == ERROR
    assert bench.ask('AT+QCFG="urc/pin"') == info('+QCFG: "urc/pin",0,60')
