"""The LTE modules' packet contexts: configured, activated, asked for, gone again."""

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.units import ms
from tests.device.bench import ERROR, OK, Bench, cme, info, profile

WRONG = info("+QIGETERROR: 552,invalid parameters")
FAILED = info("+QIGETERROR: 561,open PDP context failed")
NOT_ALLOWED = info("+QIGETERROR: 572,operation not allowed")
UP = info('+QIACT: 1,1,1,"10.0.0.2"')


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_context_is_configured_and_asked_for(bench: Bench) -> None:
    assert bench.ask("AT+QICSGP=?") == info(
        "+QICSGP: (1-7),(1-3),<APN>,<username>,<password>,(0-3)"
    )
    assert bench.ask("AT+QICSGP=1") == info('+QICSGP: 1,"internet","","",0')
    assert bench.ask("AT+QICSGP=2") == info('+QICSGP: 1,"","","",0')
    assert bench.ask("AT+QICSGP?") == info('+QICSGP: 1,1,"internet","","",0')
    assert bench.ask('AT+QICSGP=1,1,"apn"') == OK
    assert bench.ask("AT+QICSGP=1") == info('+QICSGP: 1,"apn","","",0')
    assert bench.ask('AT+QICSGP=2,3,"apn","u","p",3') == OK
    assert bench.ask("AT+QICSGP=2") == info('+QICSGP: 3,"apn","u","p",3')
    assert bench.ask("AT+QICSGP?") == info(
        '+QICSGP: 1,1,"apn","","",0', '+QICSGP: 2,3,"apn","u","p",3'
    )


def test_it_is_the_context_of_cgdcont(bench: Bench) -> None:
    bench.ask('AT+QICSGP=2,3,"one","u","p",1')
    first = '+CGDCONT: 1,"IP","internet","0.0.0.0",0,0'
    assert bench.ask("AT+CGDCONT?") == info(first, '+CGDCONT: 2,"IPV4V6","one","0.0.0.0",0,0')
    bench.ask('AT+CGDCONT=2,"IP","two"')
    assert bench.ask("AT+QICSGP=2") == info('+QICSGP: 1,"two","u","p",1')
    bench.ask("AT+CFUN=1,1")
    assert bench.ask("AT+QICSGP=2").endswith(info('+QICSGP: 1,"two","u","p",1')), "it is kept"
    bench.ask("AT+CGDCONT=2")
    assert bench.ask("AT+QICSGP=2") == info('+QICSGP: 1,"","","",0')


def test_all_commands_tell_the_same_of_what_is_active(bench: Bench) -> None:
    bench.ask('AT+CGDCONT=2,"IP","two"')
    assert bench.ask("AT+QIACT=2;+QIACT=4") == OK
    assert bench.ask("AT+QIACT?") == info('+QIACT: 2,1,1,"10.0.0.3"', '+QIACT: 4,1,1,"10.0.0.5"')
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1", "+CGACT: 2,1", "+CGACT: 4,1")
    assert bench.ask("AT+CGPADDR=2,4") == info('+CGPADDR: 2,"10.0.0.3"', '+CGPADDR: 4,"10.0.0.5"')
    assert bench.ask("AT+CGACT=0,2") == OK
    assert bench.ask("AT+QIACT?") == info('+QIACT: 4,1,1,"10.0.0.5"')
    bench.ask("AT+QIDEACT=4")
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1", "+CGACT: 2,0")


@pytest.mark.parametrize("tail", ["0", "8", "1,1", '1,4,"a"', '1,,"a"', '1,1,"a","","",4', ""])
def test_what_is_wrong_with_a_context(bench: Bench, tail: str) -> None:
    assert bench.ask(f"AT+QICSGP={tail}") == ERROR
    assert bench.ask("AT+QIGETERROR") == WRONG


def test_it_comes_up_with_an_address_and_only_once(bench: Bench) -> None:
    """Logs of an EG800K: a second time is an error, 572."""
    assert bench.ask("AT+QIACT=?") == info("+QIACT: (1-7)")
    assert bench.ask("AT+QIACT?") == OK
    assert bench.ask("AT+QIACT=1") == OK
    assert bench.ask("AT+QIACT?") == UP
    assert bench.ask("AT+QIACT=1") == ERROR
    assert bench.ask("AT+QIGETERROR") == NOT_ALLOWED
    assert bench.ask("AT+QIACT=3") == OK
    assert bench.ask("AT+QIACT?") == info('+QIACT: 1,1,1,"10.0.0.2"', '+QIACT: 3,1,1,"10.0.0.4"')
    assert bench.ask("AT+QIDEACT=1") == bench.ask("AT+QIDEACT=1") == OK
    assert bench.ask("AT+QIACT?") == info('+QIACT: 3,1,1,"10.0.0.4"')


def test_no_more_than_so_many_at_once(bench: Bench) -> None:
    assert [bench.ask(f"AT+QIACT={number}") for number in (1, 2, 3, 4)] == [OK, OK, OK, ERROR]
    assert bench.ask("AT+QIGETERROR") == FAILED


def test_the_network_has_no_ipv6(bench: Bench) -> None:
    bench.ask('AT+QICSGP=1,2,"apn"')
    assert bench.ask("AT+QIACT=1") == ERROR
    assert bench.ask("AT+QIGETERROR") == FAILED
    bench.ask('AT+QICSGP=1,3,"apn"')
    assert bench.ask("AT+QIACT=1") == OK
    assert bench.ask("AT+QIACT?") == UP


@pytest.mark.parametrize(
    "line", ["AT+CFUN=0", "AT+CFUN=4", "AT+CFUN=1,1", "AT+COPS=2", "AT+CGATT=0"]
)
def test_the_radio_and_a_restart_take_it_away(bench: Bench, line: str) -> None:
    bench.ask("AT+QIACT=1")
    assert bench.ask(line).startswith(OK)
    assert bench.ask("AT+QIACT?") == OK
    if line != "AT+CFUN=1,1":
        assert bench.ask("AT+QIACT=1") == ERROR
        assert bench.ask("AT+QIGETERROR") == FAILED
        bench.ask("AT+CFUN=1;+COPS=0;+CGATT=1")
        bench.rest()
    assert bench.ask("AT+QIACT=1") == OK


def test_without_a_network_none_comes_up() -> None:
    bench = Bench(profile(radio={"registration": 3}))
    assert bench.ask("AT+QIACT=1") == ERROR
    assert bench.ask("AT+QIGETERROR") == FAILED


def test_it_takes_the_time_of_the_profile() -> None:
    bench = Bench(profile(tcpip={"activate_ms": 400}))
    for line in ("AT+QIACT=1", "AT+QIDEACT=1"):
        begin_ns = bench.now_ns
        assert bench.ask(line) == OK
        assert ms(400) < bench.now_ns - begin_ns < ms(600)


def test_name_servers_belong_to_an_active_context(bench: Bench) -> None:
    """A capture of a BG770A: an error for one that is not active."""
    assert bench.ask("AT+QIDNSCFG=?") == info("+QIDNSCFG: (1-7),<pridnsaddr>,<secdnsaddr>")
    assert bench.ask("AT+QIDNSCFG=1") == ERROR
    bench.ask("AT+QIACT=1")
    assert bench.ask("AT+QIDNSCFG=1") == info('+QIDNSCFG: 1,"10.0.0.1","10.0.0.1"')
    assert bench.ask('AT+QIDNSCFG=1,"8.8.8.8"') == OK
    assert bench.ask("AT+QIDNSCFG=1") == info('+QIDNSCFG: 1,"8.8.8.8","10.0.0.1"')


def test_the_asr_devices_have_more_contexts() -> None:
    bench = Bench(load_profile("ec200t"))
    assert bench.ask("AT+QIACT=?") == info("+QIACT: (1-15)")


def test_the_start_of_a_real_host(bench: Bench) -> None:
    for line in ("ATE0", "AT+CMEE=1", "AT+QISDE=0", 'AT+QICSGP=1,1,"internet","u","p"'):
        assert bench.ask(line) == OK
    assert bench.ask("AT+QIACT?") == OK
    assert bench.ask("AT+QIACT=1") == OK
    assert bench.ask("AT+QIACT?") == UP
    assert bench.ask("AT+CFUN=7") == cme(50), "the EC200U has no such mode"
