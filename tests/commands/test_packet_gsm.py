"""The M95's packet context, as the FTPS note activates it, and out of order."""

import pytest

from tests.device.bench import ERROR, OK, Bench, info
from tests.device.m95 import m95

DEACT_OK = b"\r\nDEACT OK\r\n"


@pytest.fixture
def bench() -> Bench:
    return m95()


def test_activated_and_deactivated(bench: Bench) -> None:
    """M95 FTPS Application Note V1.0, 4.2.1: no OK behind the address, and DEACT OK."""
    for line in ("AT+QIFGCNT=0", 'AT+QICSGP=1,"CMNET"', "AT+QIREGAPP", "AT+QIACT"):
        assert bench.ask(line) == OK, line
    assert bench.ask("AT+QILOCIP") == b"\r\n10.1.83.188\r\n"
    assert bench.ask("AT+QIACT") == ERROR
    assert bench.ask("AT+QIDEACT") == DEACT_OK
    assert bench.ask("AT+QILOCIP") == bench.ask("AT+QIACT") == ERROR
    assert bench.ask("AT+QIDEACT") == DEACT_OK
    assert bench.ask("AT+QIREGAPP") == OK


def test_it_is_registered_once_and_first(bench: Bench) -> None:
    assert bench.ask("AT+QIACT") == ERROR
    assert bench.ask('AT+QIREGAPP="net","u","p"') == OK
    assert bench.ask("AT+QIREGAPP") == ERROR
    assert bench.ask("AT+QIREGAPP?") == info('+QIREGAPP: "net","u","p"')
    assert bench.ask("AT+QICSGP?") == info('+QICSGP: 1,"net","u","p"')
    assert bench.ask("AT+QIACT") == OK


def test_there_are_two_contexts(bench: Bench) -> None:
    assert bench.ask("AT+QIFGCNT?") == info("+QIFGCNT: 0,255")
    assert bench.ask("AT+QIFGCNT=?") == info("+QIFGCNT: (0,1)")
    bench.ask('AT+QICSGP=1,"one"')
    assert bench.ask("AT+QIFGCNT=1") == OK
    assert bench.ask("AT+QIFGCNT?") == info("+QIFGCNT: 1,255")
    assert bench.ask("AT+QICSGP?") == info('+QICSGP: 1,"CMNET","",""')
    bench.ask("AT+QIREGAPP")
    assert bench.ask("AT+QIFGCNT=0") == OK
    assert bench.ask("AT+QIACT") == ERROR, "the other one is registered"
    assert bench.ask("AT+QICSGP?") == info('+QICSGP: 1,"one","",""')
    assert bench.ask("AT+QIFGCNT=2") == bench.ask('AT+QICSGP=2,"x"') == ERROR


def test_test_forms_need_no_network(bench: Bench) -> None:
    assert bench.ask("AT+QICSGP=?") == info("+QICSGP: (0,1),<apn>,<username>,<password>")
    assert bench.ask("AT+QIREGAPP=?") == info("+QIREGAPP: <apn>,<username>,<password>")
    for name in ("QIACT", "QILOCIP", "QIDEACT"):
        assert bench.ask(f"AT+{name}=?") == OK


def test_a_call_and_no_radio_bring_nothing_up(bench: Bench) -> None:
    bench.ask('AT+QICSGP=0,"17201"')
    bench.ask("AT+QIREGAPP")
    assert bench.ask("AT+QIACT") == ERROR
    bench.ask('AT+QICSGP=1,"CMNET"')
    assert bench.ask("AT+QIACT") == OK
    bench.ask("AT+CFUN=0")
    assert bench.ask("AT+QILOCIP") == ERROR
    assert bench.ask("AT+QIREGAPP") == OK
    assert bench.ask("AT+QIACT") == ERROR


def test_they_are_the_contexts_of_cgdcont(bench: Bench) -> None:
    bench.ask('AT+QICSGP=1,"CMNET","u","p";+QIREGAPP;+QIACT')
    assert bench.ask("AT+CGDCONT?") == info('+CGDCONT: 1,"IP","CMNET","0.0.0.0",0,0')
    assert bench.ask("AT+CGACT?;+CGPADDR=1") == info("+CGACT: 1,1", "", '+CGPADDR: 1,"10.1.83.188"')
    bench.ask('AT+CGDCONT=2,"IP","two";+QIFGCNT=1')
    assert bench.ask("AT+QICSGP?") == info('+QICSGP: 1,"two","",""')
    bench.ask("AT+QIREGAPP;+QIACT")
    assert bench.ask("AT+QILOCIP") == b"\r\n10.1.83.189\r\n"
    assert bench.ask("AT+QIDEACT") == DEACT_OK
    assert bench.ask("AT+CGACT?") == info("+CGACT: 1,1", "+CGACT: 2,0")


def test_what_the_note_says_of_a_context_that_does_not_come_up(bench: Bench) -> None:
    """M95 FTPS Application Note V1.0, 5.1."""
    bench.ask("AT+QIREGAPP")
    bench.ask("AT+CGATT=0")
    assert bench.ask("AT+QIACT") == ERROR  # 1: not attached
    assert bench.ask("AT+CGREG?") == info("+CGREG: 0,0")  # 2: not registered
    bench.ask("AT+CGATT=1;+QIREGAPP")
    bench.ask('AT+QICSGP=1,""')
    assert bench.ask("AT+QIACT") == ERROR  # 3: no access point
    bench.ask('AT+QICSGP=1,"net"')
    bench.ask("AT+CGACT=1,1")
    assert bench.ask("AT+QIACT") == ERROR  # 4: AT+CGACT has it
    bench.ask("AT+CGACT=0,1")
    bench.ask("AT+QIREGAPP")
    bench.ask('AT+CGDCONT=3,"IP","x";+CGDCONT=4,"IP","y";+CGACT=1,3,4')
    assert bench.ask("AT+QIACT") == ERROR  # 5: there are two already
    bench.ask("AT+CGACT=0,4")
    assert bench.ask("AT+QIACT") == OK
