"""Packet contexts by 27.007: defined, kept, activated, and their addresses."""

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.units import s
from tests.device.bench import ERROR, OK, Bench, cme, info, profile

FIRST = '+CGDCONT: 1,"IP","internet","0.0.0.0",0,0'


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_first_context_is_there_and_active(bench: Bench) -> None:
    assert bench.ask("AT+CGDCONT?") == info(FIRST)
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1")
    assert bench.ask("AT+CGPADDR=1") == info('+CGPADDR: 1,"10.0.0.2"')
    assert bench.ask("AT+CGPADDR") == info('+CGPADDR: 1,"10.0.0.2"')
    line = '+CGCONTRDP: 1,5,"internet","10.0.0.2",,"10.0.0.1","10.0.0.1"'
    assert bench.ask("AT+CGCONTRDP") == info(line)
    assert bench.ask("AT+CGCONTRDP=1") == info(line)
    assert bench.ask("AT+CGCONTRDP=2") == OK


def test_what_they_list(bench: Bench) -> None:
    lines = (f'+CGDCONT: (1-7),"{kind}",,,(0-2),(0-3)' for kind in ("IP", "IPV6", "IPV4V6"))
    assert bench.ask("AT+CGDCONT=?") == info(*lines)
    bench.ask('AT+CGDCONT=3,"IP","x"')
    assert bench.ask("AT+CGPADDR=?") == info("+CGPADDR: (1,3)")
    assert bench.ask("AT+CGCONTRDP=?") == info("+CGCONTRDP: (1)")
    assert bench.ask("AT+CGACT=?") == info("+CGACT: (0,1)")


def test_a_gprs_module_has_no_ipv6() -> None:
    bench = Bench(load_profile("m95"), host_baud=115_200)
    for wake in ("AT", "AT", "ATE0"):
        bench.ask(wake)
    assert bench.ask("AT+CGDCONT=?") == info('+CGDCONT: (1-7),"IP",,,(0-2),(0-3)')
    assert bench.ask('AT+CGDCONT=1,"IPV4V6","x"') == cme(50)
    assert bench.ask('AT+CGDCONT=1,"IP","x"') == OK


def test_a_context_is_defined_changed_and_forgotten(bench: Bench) -> None:
    assert bench.ask('AT+CGDCONT=1,"IPV4V6","my.apn"') == OK
    assert bench.ask('AT+CGDCONT=2,"ip","b","",1,2') == OK
    second = '+CGDCONT: 2,"IP","b","",1,2'
    assert bench.ask("AT+CGDCONT?") == info('+CGDCONT: 1,"IPV4V6","my.apn","0.0.0.0",0,0', second)
    assert bench.ask('AT+CGDCONT=1,,"other"') == OK
    assert bench.ask("AT+CGDCONT=2") == OK
    assert bench.ask("AT+CGDCONT?") == info('+CGDCONT: 1,"IPV4V6","other","0.0.0.0",0,0')
    assert bench.ask("AT+CGDCONT=1;+CGDCONT?") == OK
    assert bench.ask("AT+CGACT?;+CGPADDR;+CGCONTRDP") == OK, "none is left"
    bench.ask("AT&F")
    bench.ask("AT+CFUN=1,1")
    assert b"+CGDCONT" not in bench.ask("AT+CGDCONT?"), "and it stays forgotten"


@pytest.mark.parametrize("wrong", ["0", "8", '1,"PPP"', '1,"IP","x","",3', '1,"IP","x","",0,4', ""])
def test_no_definition(bench: Bench, wrong: str) -> None:
    assert bench.ask(f"AT+CGDCONT={wrong}") == cme(50)
    assert bench.ask("AT+CGDCONT?") == info(FIRST)


def test_contexts_are_activated_and_the_opposite(bench: Bench) -> None:
    bench.ask('AT+CGDCONT=2,"IP","b"')
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1", "+CGACT: 2,0")
    assert bench.ask("AT+CGPADDR=2") == info("+CGPADDR: 2")
    assert bench.ask("AT+CGACT=1,2") == OK
    assert bench.ask("AT+CGPADDR=1,2") == info('+CGPADDR: 1,"10.0.0.2"', '+CGPADDR: 2,"10.0.0.3"')
    assert bench.ask("AT+CGACT=0,1;+CGACT?") == info("+CGACT: 1,0", "+CGACT: 2,1")
    assert bench.ask("AT+CGACT=0;+CGACT?") == info("+CGACT: 1,0", "+CGACT: 2,0")
    assert bench.ask("AT+CGACT=1;+CGACT?") == info("+CGACT: 1,1", "+CGACT: 2,1")
    assert bench.ask("AT+CGACT=1,3") == cme(3), "nobody has defined it"
    assert bench.ask("AT+CGPADDR=3") == OK
    assert bench.ask("AT+CGACT=2") == cme(50)


def test_without_a_network_none_is_active(bench: Bench) -> None:
    for off, on in (("AT+CGATT=0", "AT+CGATT=1"), ("AT+CFUN=4", "AT+CFUN=1")):
        bench.ask(off)
        assert bench.ask("AT+CGACT?;+CGPADDR;+CGCONTRDP") == info("+CGACT: 1,0", "", "+CGPADDR: 1")
        assert bench.ask("AT+CGACT=1,1") == cme(3)
        bench.send(on.encode() + b"\r")
        bench.run_for(s(10))
        assert bench.ask("AT+CGACT?").endswith(info("+CGACT: 1,1"))


def test_a_network_without_ipv6_carries_none(bench: Bench) -> None:
    bench.ask('AT+CGDCONT=2,"IPV6","six"')
    assert bench.ask("AT+CGACT=1,1,2") == cme(3)
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1", "+CGACT: 2,0")


def test_only_lte_comes_with_a_context() -> None:
    bench = Bench(load_profile("uc200t"))
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,0")
    assert bench.ask("AT+QIACT=1") == OK
    assert bench.ask("AT+CGACT?;+CGPADDR=1") == info("+CGACT: 1,1", "", '+CGPADDR: 1,"10.0.0.2"')
    assert bench.ask("AT+QIDEACT=1;+CGACT?") == info("+CGACT: 1,0")


def test_the_asr_devices_define_as_many_as_tcpip_has() -> None:
    bench = Bench(load_profile("ec200t"))
    assert bench.ask('AT+CGDCONT=15,"IP","x";+CGACT=1,15') == OK
    assert bench.ask("AT+CGPADDR=15") == info('+CGPADDR: 15,"10.0.0.16"')
    assert bench.ask("AT+CGDCONT=16") == cme(50)


def test_it_is_the_profile_that_says_where_and_which() -> None:
    values = {"address": "100.64.0.255", "dns": ("1.2.3.4", "5.6.7.8")}
    bench = Bench(profile(radio={"apn": "iot"}, tcpip=values))
    assert bench.ask("AT+CGCONTRDP") == info(
        '+CGCONTRDP: 1,5,"iot","100.64.0.255",,"1.2.3.4","5.6.7.8"'
    )
    bench.ask('AT+CGDCONT=2,"IP","b";+CGACT=1,2')
    assert bench.ask("AT+CGPADDR=2") == info('+CGPADDR: 2,"100.64.0.0"')


def test_power_saving_and_event_reports_are_kept(bench: Bench) -> None:
    assert bench.ask("AT+CPSMS?") == info("+CPSMS: 0,,,,")
    assert bench.ask('AT+CPSMS=1,,,"00000100","00001111"') == OK
    assert bench.ask("AT+CPSMS?") == info('+CPSMS: 1,,,"00000100","00001111"')
    assert bench.ask("AT+CPSMS=0;+CPSMS?") == info('+CPSMS: 0,,,"00000100","00001111"')
    assert bench.ask("AT+CPSMS=2") == cme(50)
    assert bench.ask("AT+CGEREP=2,1;+CGEREP?") == info("+CGEREP: 2,1")
    assert bench.ask("AT+CGEREP=?") == info("+CGEREP: (0-2),(0,1)")


@pytest.mark.parametrize(
    ("device", "line"),
    [(device, line) for device in ("uc200t", "m95") for line in ("AT+CPSMS?", "AT+CGCONTRDP")],
)
def test_what_came_with_lte_is_an_error_elsewhere(device: str, line: str) -> None:
    bench = Bench(load_profile(device), host_baud=115_200)
    for wake in ("AT", "AT", "ATE0"):
        bench.ask(wake)
    assert bench.ask(line) == ERROR
    assert b"internet" in bench.ask("AT+CGDCONT?")
