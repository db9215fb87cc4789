"""What the SIM answers: its files, the attempts that are left, its locks."""

import pytest

from tests.device.bench import ERROR, OK, Bench, cme, info, profile


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_its_number_in_both_words(bench: Bench) -> None:
    for line in ("AT+CCID", "AT+CCID?"):
        assert bench.ask(line) == info("+CCID: 89880000000000000017")
    assert bench.ask("AT+QCCID") == info("+QCCID: 89880000000000000017")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("176,12258,0,0,10", '144,0,"98880000000000000071"'),
        ("176,12258", '144,0,"98880000000000000071"'),
        ("176,12258,0,1,2", '144,0,"8800"'),
        ("176,12258,0,0,11", '103,0,""'),
        ("176,12258,0,10,1", '107,0,""'),
        ("176,28589,0,0,4", '144,0,"00000002"'),
        ("176,28486,0,0,17", '144,0,"0154657374204E6574776F726BFFFFFFFF"'),
        ("176,28423,0,0,9", '144,0,"080910100000000010"'),
        ("176,28480,0,0,1", '106,130,""'),
        ("242", '106,130,""'),
    ],
)
def test_its_files(bench: Bench, asked: str, said: str) -> None:
    """31.102: ICCID and IMSI have the halves of bytes swapped; EF_AD ends in the MNC's length."""
    assert bench.ask(f"AT+CRSM={asked}") == info(f"+CRSM: {said}")


def test_the_files_are_those_of_the_profile() -> None:
    bench = Bench(
        profile(
            radio={
                "imsi": "31015012345678",
                "operator_numeric": "310150",
                "iccid": "8901" * 4 + "890",
            }
        )
    )
    assert bench.ask("AT+CRSM=176,28423,0,0,9") == info('+CRSM: 144,0,"0831015110325476F8"')
    assert bench.ask("AT+CRSM=176,28589,0,0,4") == info('+CRSM: 144,0,"00000003"')
    assert bench.ask("AT+CRSM=176,12258") == info('+CRSM: 144,0,"981098109810981098F0"')


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('10,"0020000100"', "63C3"),
        ('8,"00200081"', "63C3"),
        ('10,"002C000100"', "63CA"),
        ('10,"00a4000400"', "6D00"),
        ('26,"00200001083132333435363738"', "6D00"),
    ],
)
def test_how_many_attempts_are_left(bench: Bench, asked: str, said: str) -> None:
    assert bench.ask(f"AT+CSIM={asked}") == info(f'+CSIM: 4,"{said}"')


@pytest.mark.parametrize("wrong", ['9,"0020000100"', '10,"002000010g"', '10,"00200001"', "10"])
def test_no_command_for_the_sim(bench: Bench, wrong: str) -> None:
    assert bench.ask(f"AT+CSIM={wrong}") == cme(50)


def test_locks(bench: Bench) -> None:
    assert bench.ask("AT+CLCK=?") == info('+CLCK: ("SC","FD","PN","PU","PP","PC","PF")')
    for facility in ("SC", "fd", "PN", "PU", "PP", "PC", "PF"):
        assert bench.ask(f'AT+CLCK="{facility}",2') == info("+CLCK: 0")
    assert bench.ask('AT+CLCK="SC",0,"1234"') == OK
    assert bench.ask('AT+CLCK="SC",1,"1234"') == cme(3)
    assert bench.ask('AT+CLCK="XX",2') == cme(50)


def test_it_is_in(bench: Bench) -> None:
    assert bench.ask("AT+QSIMSTAT?") == info("+QSIMSTAT: 0,1")
    assert bench.ask("AT+QSIMSTAT=1;+QSIMSTAT?") == info("+QSIMSTAT: 1,1")
    assert bench.ask("AT+QSIMSTAT=?") == info("+QSIMSTAT: (0,1)")
    assert bench.ask("AT+QSIMSTAT") == ERROR


@pytest.mark.parametrize("line", ["AT+CRSM=242", 'AT+CSIM=10,"0020000100"', 'AT+CLCK="SC",2'])
def test_with_everything_off_there_is_none(bench: Bench, line: str) -> None:
    bench.ask("AT+CFUN=0")
    assert bench.ask(line) == cme(10)
