"""Addresses of Wi-Fi: DHCP or static ones, name servers."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.wifi import UNJOINED, fresh, joined, profile, urc

BY_DHCP = '"192.168.1.100","192.168.1.1","255.255.255.0","192.168.1.1"'
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


STATIC = '"192.168.1.7","255.255.255.0","192.168.1.1","9.9.9.9"'
SHOWN = '"192.168.1.7","192.168.1.1","255.255.255.0","9.9.9.9"'


def test_static_addresses_are_those_of_the_station_without_dhcp() -> None:
    """The order is another: the gateway comes before the mask."""
    bench = joined()
    assert bench.ask(f"AT+QSTASTATIC={STATIC}") == OK
    assert bench.ask('AT+QGETIP="station"') == info(f"+QGETIP: {BY_DHCP}")
    assert bench.ask("AT+QSTADHCP=0") == OK + urc("GOT_IP")
    assert bench.ask('AT+QGETIP="station"') == info(f"+QGETIP: {SHOWN}")
    assert bench.ask("AT+QIDNSCFG?") == info('+QIDNSCFG: "9.9.9.9","0.0.0.0"')
    assert bench.ask("AT+QSTADHCP=1") == OK + urc("GOT_IP")
    assert bench.ask('AT+QGETIP="station"') == info(f"+QGETIP: {BY_DHCP}")
    bench.ask("AT+QSTADHCP=0")
    assert bench.ask("AT+QSTASTOP") == OK + urc("WLAN_DISCONNECTED")
    assert bench.ask('AT+QGETIP="station"') == info(f"+QGETIP: {NOTHING}")
    bench.ask("AT+QRST")
    assert bench.ask('AT+QGETIP="station"').endswith(info(f"+QGETIP: {BY_DHCP}")), "not saved"


def test_static_addresses_of_the_access_point(bench: Bench) -> None:
    assert bench.ask('AT+QSOFTAP="own"').startswith(OK)
    own = '"192.168.19.1","0.0.0.0","255.255.255.0","0.0.0.0"'
    assert bench.ask('AT+QGETIP="ap"') == info(f"+QGETIP: {own}")
    assert bench.ask(f"AT+QAPSTATIC={STATIC}") == OK
    assert bench.ask('AT+QGETIP="ap"') == info(f"+QGETIP: {SHOWN}")
    bench.ask("AT+QSOFTAPSTOP")
    assert bench.ask('AT+QGETIP="ap"') == info(f"+QGETIP: {NOTHING}")
    bench.ask('AT+QSOFTAP="own"')
    assert bench.ask('AT+QGETIP="ap"') == info(f"+QGETIP: {SHOWN}")
    bench.ask("AT+QRST")
    bench.ask('AT+QSOFTAP="own"')
    assert bench.ask('AT+QGETIP="ap"').endswith(info(f"+QGETIP: {own}")), "not saved"


def test_without_an_address_there_may_be_an_error() -> None:
    bench = fresh(device=profile(wifi={"unaddressed": "error"}))
    assert bench.ask('AT+QGETIP="ap"') == bench.ask('AT+QGETIP="station"') == ERROR
    assert joined(bench).ask('AT+QGETIP="station"') == info(f"+QGETIP: {BY_DHCP}")


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
    joined(bench)
    assert bench.ask("AT+QIDNSCFG?") == info('+QIDNSCFG: "192.168.1.1","0.0.0.0"')


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
