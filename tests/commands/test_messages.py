"""Short messages but for sending: the settings, and a storage in which there is nothing."""

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.units import s
from tests.device.bench import OK, Bench, cme, info


def cms(number: int) -> bytes:
    return b"\r\n+CMS ERROR: %d\r\n" % number


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(
    ("name", "listed", "initial", "given", "after", "wrong"),
    [
        ("+CMGF", "(0,1)", "0", "1", "1", "2"),
        ("+CNMI", "(0-2),(0-3),(0,2),(0-2),(0,1)", "2,1,0,0,0", "1,2", "1,2,0,0,0", "3"),
        ("+CSMP", None, "17,167,0,0", "49,,0,8", "49,167,0,8", "256"),
        ("+CSDH", "(0,1)", "0", "1", "1", "2"),
    ],
)
def test_settings(
    bench: Bench, name: str, listed: str | None, initial: str, given: str, after: str, wrong: str
) -> None:
    assert bench.ask(f"AT{name}=?") == (OK if listed is None else info(f"{name}: {listed}"))
    assert bench.ask(f"AT{name}?") == info(f"{name}: {initial}")
    assert bench.ask(f"AT{name}={given}") == OK
    assert bench.ask(f"AT{name}?") == info(f"{name}: {after}")
    assert bench.ask(f"AT{name}={wrong}") == cms(302)


def test_the_service(bench: Bench) -> None:
    assert bench.ask("AT+CSMS=?") == info("+CSMS: (0,1)")
    assert bench.ask("AT+CSMS=1") == info("+CSMS: 1,1,1")
    assert bench.ask("AT+CSMS?") == info("+CSMS: 1,1,1,1")


def test_alphabets(bench: Bench) -> None:
    assert bench.ask("AT+CSCS=?") == info('+CSCS: ("GSM","IRA","UCS2")')
    assert bench.ask("AT+CSCS?") == info('+CSCS: "GSM"')
    assert bench.ask('AT+CSCS="ira"') == OK
    assert bench.ask("AT+CSCS?") == info('+CSCS: "IRA"')
    assert bench.ask('AT+CSCS="8859-1"') == cme(50)


def test_the_service_centre(bench: Bench) -> None:
    assert bench.ask("AT+CSCA?") == info('+CSCA: "+447700900000",145')
    assert bench.ask('AT+CSCA="07700900001"') == OK
    assert bench.ask("AT+CSCA?") == info('+CSCA: "07700900001",129')
    assert bench.ask('AT+CSCA="+1",161;+CSCA?') == info('+CSCA: "+1",161')
    assert bench.ask('AT+CSCA="x"') == cms(305)
    bench.ask('AT+CSCS="UCS2"')
    assert bench.ask("AT+CSCA?") == info('+CSCA: "002B0031",161')
    assert bench.ask('AT+CSCA="002B0032"') == OK
    assert bench.ask('AT+CSCA="+2"') == cms(305)
    assert bench.ask('AT+CSCS="GSM";+CSCA?') == info('+CSCA: "+2",145')


def test_storages(bench: Bench) -> None:
    listed = '("ME","SM")'
    assert bench.ask("AT+CPMS=?") == info(f"+CPMS: {listed},{listed},{listed}")
    me = '"ME",0,255'
    assert bench.ask("AT+CPMS?") == info(f"+CPMS: {me},{me},{me}")
    assert bench.ask('AT+CPMS="SM"') == info("+CPMS: 0,50,0,255,0,255")
    assert bench.ask('AT+CPMS="ME","SM","SM"') == info("+CPMS: 0,255,0,50,0,50")
    assert bench.ask("AT+CPMS?") == info(f'+CPMS: {me},"SM",0,50,"SM",0,50')
    assert bench.ask('AT+CPMS="XX"') == cms(302)


def test_a_device_whose_messages_are_in_the_sim() -> None:
    bench = Bench(load_profile("m95"), host_baud=115_200)
    for wake in ("AT", "AT", "ATE0"):
        bench.ask(wake)
    assert bench.ask("AT+CPMS=?") == info('+CPMS: ("SM"),("SM"),("SM")')
    assert bench.ask('AT+CPMS="SM"') == info("+CPMS: 0,50,0,50,0,50")
    assert bench.ask('AT+CPMS="ME"') == cms(302)


@pytest.mark.parametrize("state", ["", "=0", "=4"])
def test_none_is_listed(bench: Bench, state: str) -> None:
    assert bench.ask(f"AT+CMGL{state}") == OK


def test_the_states_are_numbers_or_words(bench: Bench) -> None:
    assert bench.ask("AT+CMGL=?") == info("+CMGL: (0-4)")
    assert bench.ask('AT+CMGL="ALL"') == cms(304)
    assert bench.ask("AT+CMGL=5") == cms(304)
    bench.ask("AT+CMGF=1")
    words = '("REC UNREAD","REC READ","STO UNSENT","STO SENT","ALL")'
    assert bench.ask("AT+CMGL=?") == info(f"+CMGL: {words}")
    assert bench.ask('AT+CMGL="ALL"') == OK
    assert bench.ask("AT+CMGL=4") == cms(305)


def test_none_is_read_or_deleted(bench: Bench) -> None:
    assert bench.ask("AT+CMGR=1") == cms(321)
    assert bench.ask("AT+CMGD=?") == info("+CMGD: (),(0-4)")
    for line in ("AT+CMGD=0", "AT+CMGD=254", "AT+CMGD=1,4", "AT+CMGD=999,4"):
        assert bench.ask(line) == OK
    assert bench.ask("AT+CMGD=255") == cms(321)
    assert bench.ask("AT+CMGD=1,5") == cms(302)
    bench.ask("AT+CMEE=2")
    assert bench.ask("AT+CMGR=1") == b"\r\n+CMS ERROR: invalid memory index\r\n"
    bench.ask("AT+CMEE=0")
    assert bench.ask("AT+CMGR=1") == b"\r\nERROR\r\n"
    assert bench.now_ns < s(100)
