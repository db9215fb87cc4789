"""No calls: ATH, ATO, +CPAS, +CLCC; what AT&V shows; and what hosts need to be an ERROR."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("line", ["ATH", "ATH0", "ATL", "ATL3", "ATM", "ATM2", "AT+CLCC", "ATE0H"])
def test_a_bare_ok(bench: Bench, line: str) -> None:
    assert bench.ask(line) == OK


@pytest.mark.parametrize("line", ["ATH1", "ATL4", "ATM3", "ATO1", "AT&V1"])
def test_what_there_is_not(bench: Bench, line: str) -> None:
    assert bench.ask(line) == ERROR


def test_there_is_no_call_to_go_back_to(bench: Bench) -> None:
    """V.250 6.3.7, in words and as a digit; nothing behind it is done."""
    for line in ("ATO", "ATO0"):
        assert bench.ask(line) == b"\r\nNO CARRIER\r\n"
    bench.ask("ATO;+CMEE=0")
    assert bench.ask("AT+CMEE?") == info("+CMEE: 1")
    bench.ask("ATV0")
    assert bench.ask("ATO") == b"3\r"


def test_the_phone_is_ready(bench: Bench) -> None:
    assert bench.ask("AT+CPAS") == info("+CPAS: 0")
    assert bench.ask("AT+GCAP") == info("+GCAP: +CGSM")
    assert bench.ask("AT+FCLASS=0;+FCLASS?") == info("0")
    assert bench.ask("AT+FCLASS=1") == ERROR
    assert bench.ask("AT+CPAS=?") == info("+CPAS: (0,3,4)")


def view(bench: Bench) -> dict[str, str]:
    lines = [line for line in bench.ask("AT&V").decode().split("\r\n") if line]
    assert lines.pop() == "OK"
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize(
    ("line", "name", "before", "after"),
    [
        ("AT&D0", "&D", "1", "0"),
        ("ATL2", "L", "0", "2"),
        ("ATM1", "M", "0", "1"),
        ("ATS0=3", "S0", "0", "3"),
        ("AT+CMEE=2", "+CMEE", "1", "2"),
        ("AT+IFC=2,2", "+IFC", "0,0", "2,2"),
        ("AT+CREG=2", "+CREG", "0,1", '2,1,"0001","0000001",7'),
        ("AT+CTZR=1", "+CTZR", "0", "1"),
        ("AT+CMGF=1", "+CMGF", "0", "1"),
        ('AT+CSCS="IRA"', "+CSCS", '"GSM"', '"IRA"'),
        ("AT+CNMI=1,2", "+CNMI", "2,1,0,0,0", "1,2,0,0,0"),
        ("AT+CLIP=1", "+CLIP", "0,1", "1,1"),
        ("AT+CCWA=1", "+CCWA", "0", "1"),
        ("AT+CUSD=1", "+CUSD", "0", "1"),
        ("AT+CSMS=1", "+CSMS", "0,1,1,1", "1,1,1,1"),
    ],
)
def test_the_view_shows_what_was_set(
    bench: Bench, line: str, name: str, before: str, after: str
) -> None:
    assert view(bench)[name] == before
    bench.ask(line)
    assert view(bench)[name] == after


# Those that AT&W has to keep, and those that the device keeps at once.
KEPT = ("CMGF=1", 'CSCS="IRA"', "CNMI=1,2", "CLIP=1", "CRC=1", "CSMP=1,2,3,4", "CGEREP=1,1")
SAVED = ("CTZU=1", "CTZR=2", 'CGDCONT=1,"IPV6","a"', 'CSCA="+1234"', "QSIMSTAT=1", "CPSMS=1")


@pytest.mark.parametrize("command", [*KEPT, *SAVED])
def test_what_becomes_of_a_setting(bench: Bench, command: str) -> None:
    query = f"AT+{command.partition('=')[0]}?"
    new = bench.ask(query)
    bench.ask(f"AT+{command}")
    changed = bench.ask(query)
    assert changed != new
    bench.ask("ATZ")
    assert bench.ask(query) == (changed if command in SAVED else new)
    bench.ask(f"AT+{command};&W;&F")
    bench.ask("AT+CFUN=1,1")
    assert bench.ask(query).endswith(changed), "kept through a restart"
    bench.ask("AT&F")
    assert bench.ask(query) == (changed if command in SAVED else new)


# Some hosts try what other makers' modules have, and go on when it fails.
UNKNOWN = (
    "AT+CHUP=?", "AT+CHUP", "AT+MODE=2", "AT+CPROT=?", "AT+SYNCML=?", "AT+CLAC", "AT+WIND=?",
    "AT+ZPAS?", "AT^SYSINFO", "AT^CURC=0", "AT*CNTI=0", "AT_OHWV", "AT+UUSBCONF?", "AT+XYZ",
    "AT$QCPWRDN", "ATD*99#", "ATA", "AT+VTS=?",
)  # fmt: skip


@pytest.mark.parametrize("device", ["ec200u", "ec200t", "uc200t", "m95"])
def test_what_is_not_there_is_an_error(device: str) -> None:
    """Plain ERROR, whatever +CMEE is: one library crashes on a lenient OK."""
    bench = Bench(load_profile(device), host_baud=115_200)
    for line in ("AT", "AT", "ATE0", "AT+CMEE=2"):
        bench.ask(line)
    for line in UNKNOWN:
        assert bench.ask(line) == ERROR, line
        assert bench.ask(line.lower()) == ERROR, line
    assert bench.ask("AT") == OK
