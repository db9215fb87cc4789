"""Supplementary services: kept and read back; the network's answer to a code."""

import pytest

from quecsim.trace.event import Urc
from quecsim.units import s
from tests.device.bench import OK, Bench, cme, info, profile


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(
    ("name", "tail"), [("+CLIP", ",1"), ("+COLP", ",1"), ("+CRC", ""), ("+CCWA", "")]
)
def test_a_switch(bench: Bench, name: str, tail: str) -> None:
    assert bench.ask(f"AT{name}=?") == info(f"{name}: (0,1)")
    assert bench.ask(f"AT{name}?") == info(f"{name}: 0{tail}")
    assert bench.ask(f"AT{name}=1") == OK
    assert bench.ask(f"AT{name}?") == info(f"{name}: 1{tail}")
    assert bench.ask(f"AT{name}=2") == cme(50)


def test_nobody_waits(bench: Bench) -> None:
    assert bench.ask("AT+CCWA=1,2") == info("+CCWA: 0,7")
    assert bench.ask("AT+CCWA=,2,1") == info("+CCWA: 0,1")
    assert bench.ask("AT+CCWA?") == info("+CCWA: 1")
    assert bench.ask("AT+CCWA=1,1") == OK


def test_its_own_number(bench: Bench) -> None:
    assert bench.ask("AT+CNUM") == info('+CNUM: ,"+447700900123",145')
    national = Bench(profile(radio={"number": "07700900123"}))
    assert national.ask("AT+CNUM") == info('+CNUM: ,"07700900123",129')


def test_the_network_answers_a_code_later(bench: Bench) -> None:
    bench.send(b'AT+CUSD=1,"*101#",15\r')
    answered_ns = bench.until(OK)
    told_ns = bench.until(b'\r\n+CUSD: 0,"Your balance is 10.00",15\r\n')
    assert told_ns - answered_ns > s(1)
    assert bench.ask("AT+CUSD?") == info("+CUSD: 1")
    assert bench.ask("AT+CUSD=?") == info("+CUSD: (0-2)")


def test_in_hexadecimal_both_ways(bench: Bench) -> None:
    """AT+CSCS="UCS2" also holds for codes and their answers."""
    code = "*101#".encode("utf-16-be").hex()
    said = "Your balance is 10.00".encode("utf-16-be").hex().upper()
    bench.ask('AT+CSCS="UCS2"')
    assert bench.ask(f'AT+CUSD=1,"{code}",72').endswith(f'\r\n+CUSD: 0,"{said}",72\r\n'.encode())
    assert bench.ask('AT+CUSD=1,"*101#",15') == cme(50)


@pytest.mark.parametrize("line", ["AT+CUSD=1", "AT+CUSD=2", 'AT+CUSD=0,"*101#"', "AT+CUSD="])
def test_nothing_to_tell(bench: Bench, line: str) -> None:
    assert bench.ask(line) == OK
    assert bench.events(Urc) == []


def test_without_a_network_nobody_answers(bench: Bench) -> None:
    bench.ask("AT+CFUN=4")
    assert bench.ask('AT+CUSD=1,"*101#",15') == cme(3)
