"""What hosts ask about the network before an upload: 27.007 forms with the profile's numbers."""

import pytest

from quecsim.units import s
from tests.device.bench import ERROR, OK, Bench, cme, info, profile
from tests.device.m95 import m95


def urc(text: str) -> bytes:
    return f"\r\n{text}\r\n".encode()


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


def test_a_gsm_module_names_no_technology() -> None:
    """27.007 had no <act> then."""
    bench = m95()
    assert bench.ask("AT+CREG=2;+CGREG=2") == OK
    place = '2,1,"0001","0001"'
    assert bench.ask("AT+CREG?;+CGREG?") == info(f"+CREG: {place}", "", f"+CGREG: {place}")
    bench.ask("AT+CFUN=0")
    assert urc('+CREG: 1,"0001","0001"') in bench.ask("AT+CFUN=1")


def test_attach(bench: Bench) -> None:
    assert bench.ask("AT+CGATT?") == info("+CGATT: 1")
    assert bench.ask("AT+CGATT=0") == OK
    assert bench.ask("AT+CGATT?") == info("+CGATT: 0")
    assert bench.ask("AT+CGATT=1") == OK
    assert bench.ask("AT+CGATT=?") == info("+CGATT: (0,1)")
    assert bench.ask("AT+CGATT=2") == cme(50)
    bench.ask("AT+CFUN=4")
    assert bench.ask("AT+CGATT=1") == cme(3)


def test_packet_service_has_a_registration_of_its_own(bench: Bench) -> None:
    bench.ask("AT+CREG=1;+CGREG=1;+CEREG=2")
    assert bench.ask("AT+CGATT=0") == OK + urc("+CGREG: 0") + urc("+CEREG: 0")
    assert bench.ask("AT+CREG?;+CGREG?") == info("+CREG: 1,1", "", "+CGREG: 1,0")
    assert bench.ask("AT+CGATT=0") == OK
    assert bench.ask("AT+CGATT=1") == OK + urc("+CGREG: 1") + urc(f"+CEREG: {HERE}")


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


def test_it_leaves_the_network_and_comes_back(bench: Bench) -> None:
    """27.007 7.3: mode 2 deregisters, also through AT+CFUN; the others look for the network."""
    bench.ask("AT+CREG=1;+CGREG=1")
    left = urc("+CREG: 0") + urc("+CGREG: 0")
    assert bench.ask("AT+COPS=2") == OK + left
    assert bench.ask("AT+CREG?;+CGATT?;+CSQ") == info(
        "+CREG: 1,0", "", "+CGATT: 0", "", "+CSQ: 99,99"
    )
    assert bench.ask("AT+COPS=?").startswith(b'\r\n+COPS: (1,"Test Network"')
    bench.ask("AT+CFUN=4")
    assert b"+CREG" not in bench.ask("AT+CFUN=1")
    assert bench.ask("AT+COPS?") == info("+COPS: 2")
    begin_ns = bench.now_ns
    bench.send(b"AT+COPS=0\r")
    bench.until(OK)
    assert bench.now_ns - begin_ns > s(2), "it answers when it has looked"
    back = urc("+CREG: 2") + urc("+CGREG: 2") + urc("+CREG: 1") + urc("+CGREG: 1")
    assert bench.rest() == back
    assert bench.ask("AT+COPS?") == info('+COPS: 0,0,"Test Network",7')


def test_the_radio_decides_whether_anything_is_looked_for(bench: Bench) -> None:
    bench.ask("AT+CFUN=4")
    assert bench.ask("AT+COPS=0;+CREG?") == info("+CREG: 0,0")


def test_the_mode_that_counts_is_the_one_of_the_time(bench: Bench) -> None:
    """Who asks for reports while it looks is told that it has found something."""
    bench.ask("AT+CFUN=4")
    bench.send(b"AT+CFUN=1;+CREG=1\r")
    bench.until(urc("+CREG: 1"))
    bench.ask("AT+CREG=0;+CFUN=4")
    assert b"+CREG" not in bench.ask("AT+CFUN=1")


def test_operators_there_are(bench: Bench) -> None:
    assert bench.ask("AT+COPS=?") == info(
        '+COPS: (2,"Test Network","Test Network","00101",7),,(0-4),(0-2)'
    )


def test_operator_names_follow_the_alphabet(bench: Bench) -> None:
    name = "Test Network".encode("utf-16-be").hex().upper()
    assert bench.ask('AT+CSCS="UCS2"') == OK
    assert bench.ask("AT+COPS?") == info(f'+COPS: 0,0,"{name}",7')
    assert bench.ask(f'AT+COPS=1,0,"{name}"') == OK
    assert bench.ask("AT+COPS=3,2;+COPS?") == info('+COPS: 1,2,"00101",7')


HERE = '1,"0001","0000001",7'


def test_the_host_is_told_of_its_registration(bench: Bench) -> None:
    """27.007 7.2: mode 1 tells the state, mode 2 the place as well; mode 0 nothing."""
    bench.ask("AT+CREG=2;+CGREG=1;+CEREG=0")
    bench.ask('AT+QINDCFG="all",1')
    assert bench.ask("AT+CFUN=4") == OK + urc("+CREG: 0") + urc("+CGREG: 0")
    assert bench.ask("AT+CREG?;+CEREG?;+COPS?") == info(
        "+CREG: 2,0", "", "+CEREG: 0,0", "", "+COPS: 0"
    )
    said = bench.ask("AT+CFUN=1")
    assert said.startswith(OK + urc("+CREG: 2") + urc("+CGREG: 2"))
    assert urc(f"+CREG: {HERE}") + urc("+CGREG: 1") in said
    assert b"+CEREG" not in said


def test_it_looks_for_its_network_first(bench: Bench) -> None:
    """Who asks at once is told so: 2, and no operator yet."""
    bench.ask("AT+CREG=2;+CFUN=4")
    bench.send(b"AT+CFUN=1\r")
    bench.until(urc("+CREG: 2"))
    bench.send(b"AT+CREG?;+COPS?;+CSQ\r")
    bench.until(info("+CREG: 2,2", "", "+COPS: 0", "", "+CSQ: 99,99"))
    found_ns = bench.until(urc(f"+CREG: {HERE}"))
    assert found_ns > s(2)
    assert bench.ask("AT+CREG?").startswith(info(f"+CREG: 2,{HERE}"))


def test_a_radio_that_is_off_again_finds_nothing(bench: Bench) -> None:
    bench.ask("AT+CREG=1;+CFUN=4")
    bench.send(b"AT+CFUN=1\r")
    bench.until(urc("+CREG: 2"))
    assert bench.ask("AT+CFUN=4").endswith(OK + urc("+CREG: 0"))


def test_it_looks_for_its_network_after_a_start() -> None:
    bench = Bench()
    bench.ask("AT+CEREG=1;&W")
    bench.send(b"AT+CFUN=1,1\r")
    bench.until(urc("RDY"))
    bench.until(urc("+CEREG: 2"))
    bench.send(b"AT+CEREG?\r")
    bench.until(info("+CEREG: 1,2"))
    bench.until(urc("+CEREG: 1"))
    assert bench.ask("AT+CEREG?").startswith(info("+CEREG: 1,1"))


def test_attachment_is_no_setting(bench: Bench) -> None:
    """ATZ attaches nothing again; a restart does."""
    bench.ask("AT+CGATT=0")
    bench.ask("ATZ")
    assert bench.ask("AT+CGATT?") == info("+CGATT: 0")
    bench.ask("AT+CFUN=1,1")
    assert bench.ask("AT+CGATT?").endswith(info("+CGATT: 1"))


def test_the_preamble_of_almost_every_host(bench: Bench) -> None:
    """ATZ, echo, errors, DTR, flow control, SIM, registration, operator: all at once."""
    for line in ("ATZ", "ATE0", "AT+CMEE=2", "AT&D0", "AT+IFC=0,0", "AT+CREG=2", "AT+COPS=3,2"):
        assert bench.ask(line) == OK
    assert bench.ask("AT+CPIN?;+CREG?;+COPS?") == info(
        "+CPIN: READY", "", '+CREG: 2,1,"0001","0000001",7', "", '+COPS: 0,2,"00101",7'
    )
    assert bench.ask("at+csq") == info("+CSQ: 24,99")
