"""What hosts ask about the network before an upload: 27.007 forms with the profile's numbers."""

import pytest

from tests.device.bench import ERROR, OK, Bench, cme, info, profile


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_signal(bench: Bench) -> None:
    assert bench.ask("AT+CSQ") == info("+CSQ: 24,99")
    assert bench.ask("AT+CSQ=?") == info("+CSQ: (0-31,99),(0-7,99)")
    assert bench.ask("AT+CSQ?") == ERROR


@pytest.mark.parametrize("name", ["+CREG", "+CGREG", "+CEREG"])
def test_registration_and_its_modes(bench: Bench, name: str) -> None:
    assert bench.ask(f"AT{name}=?") == info(f"{name}: (0-2)")
    assert bench.ask(f"AT{name}?") == info(f"{name}: 0,1")
    assert bench.ask(f"AT{name}=1") == OK
    assert bench.ask(f"AT{name}?") == info(f"{name}: 1,1")
    assert bench.ask(f"AT{name}=2") == OK
    assert bench.ask(f"AT{name}?") == info(f'{name}: 2,1,"0001","0000001",7')
    for tail in ("3", "", "x"):
        assert bench.ask(f"AT{name}={tail}") == cme(50)


def test_the_three_registrations_have_modes_of_their_own(bench: Bench) -> None:
    bench.ask("AT+CREG=2;+CGREG=1")
    assert bench.ask("AT+CGREG?;+CEREG?") == info("+CGREG: 1,1", "", "+CEREG: 0,1")


def test_roaming_and_searching() -> None:
    roaming = Bench(profile(radio={"registration": 5}))
    roaming.ask("AT+CREG=2")
    assert roaming.ask("AT+CREG?") == info('+CREG: 2,5,"0001","0000001",7')
    searching = Bench(profile(radio={"registration": 2}))
    searching.ask("AT+CREG=2")
    assert searching.ask("AT+CREG?") == info("+CREG: 2,2")


def test_attach(bench: Bench) -> None:
    assert bench.ask("AT+CGATT?") == info("+CGATT: 1")
    assert bench.ask("AT+CGATT=0") == OK
    assert bench.ask("AT+CGATT?") == info("+CGATT: 0")
    assert bench.ask("AT+CGATT=1") == OK
    assert bench.ask("AT+CGATT=?") == info("+CGATT: (0,1)")
    assert bench.ask("AT+CGATT=2") == cme(50)
    bench.ask("AT+CFUN=4")
    assert bench.ask("AT+CGATT=1") == cme(3)


@pytest.mark.parametrize(
    ("format_", "name"), [(0, "Test Network"), (1, "Test Network"), (2, "00101")]
)
def test_operator_formats(bench: Bench, format_: int, name: str) -> None:
    """COPS=3,x only sets the format: almost every host sends it."""
    assert bench.ask(f"AT+COPS=3,{format_}") == OK
    assert bench.ask("AT+COPS?") == info(f'+COPS: 0,{format_},"{name}",7')


def test_operator_selection(bench: Bench) -> None:
    assert bench.ask("AT+COPS?") == info('+COPS: 0,0,"Test Network",7')
    assert bench.ask('AT+COPS=1,2,"00101"') == OK
    assert bench.ask("AT+COPS?") == info('+COPS: 1,2,"00101",7')
    assert bench.ask('AT+COPS=1,2,"26201"') == cme(3)
    assert bench.ask("AT+COPS=2") == OK
    assert bench.ask("AT+COPS?") == info("+COPS: 2")
    assert bench.ask("AT+COPS=0") == OK
    assert bench.ask("AT+COPS=5") == cme(50)


def test_operators_there_are(bench: Bench) -> None:
    assert bench.ask("AT+COPS=?") == info(
        '+COPS: (2,"Test Network","Test Network","00101",7),,(0-4),(0-2)'
    )


def test_time_zone_lists_a_range(bench: Bench) -> None:
    """A bare OK to AT+CTZU=? crashes a well-known modem manager."""
    assert bench.ask("AT+CTZU=?") == info("+CTZU: (0,1,3)")
    assert bench.ask("AT+CTZU=3") == OK
    assert bench.ask("AT+CTZU?") == info("+CTZU: 3")
    assert bench.ask("AT+CTZU=2") == cme(50)


def test_the_preamble_of_almost_every_host(bench: Bench) -> None:
    """ATZ, echo, errors, DTR, flow control, SIM, registration, operator: all at once."""
    for line in ("ATZ", "ATE0", "AT+CMEE=2", "AT&D0", "AT+IFC=0,0", "AT+CREG=2", "AT+COPS=3,2"):
        assert bench.ask(line) == OK
    assert bench.ask("AT+CPIN?;+CREG?;+COPS?") == info(
        "+CPIN: READY", "", '+CREG: 2,1,"0001","0000001",7', "", '+COPS: 0,2,"00101",7'
    )
    assert bench.ask("at+csq") == info("+CSQ: 24,99")
