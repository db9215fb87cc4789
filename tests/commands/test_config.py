"""+QCFG, +QINDCFG, +QURCCFG."""

import pytest

from quecsim.trace.event import UrcDropped
from quecsim.units import s
from tests.commands.fota import device
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    return Bench()


# QCFG


def test_usbifc(bench: Bench) -> None:
    """EC200T&UC200T FOTA User Guide V1.0, 3.3: AT+QCFG="usbifc",2,2 before an upload over USB."""
    assert bench.ask('AT+QCFG="usbifc"') == info('+QCFG: "usbifc",0,0')
    assert bench.ask('AT+QCFG="usbifc",2,2') == OK
    assert bench.ask('AT+QCFG="USBIFC"') == info('+QCFG: "usbifc",2,2')
    assert bench.ask("AT+QCFG=?").startswith(b'\r\n+QCFG: "usbifc",(0,2),(0,2)\r\n')


@pytest.mark.parametrize(
    ("name", "key", "initial", "good", "wrong"),
    [
        ("ec200u", "nwscanmode", 0, (0, 1, 3), (2, 4)),
        ("ec200t", "nwscanmode", 0, (0, 1, 2, 3), (4,)),
        ("uc200t", "nwscanmode", 0, (0, 1, 2), (3,)),
        ("ec200u", "servicedomain", 2, (0, 1, 2), (3,)),
        ("ec200u", "roamservice", 255, (1, 2, 255), (0, 3)),
        ("ec200u", "gprsattach", 1, (0, 1), (2,)),
    ],
)
def test_the_choice_of_a_network_is_kept_at_once(
    name: str, key: str, initial: int, good: tuple[int, ...], wrong: tuple[int, ...]
) -> None:
    """EC25&EC21 AT Commands Manual: the second parameter says when, and is not read back."""
    bench = Bench(device(name))
    assert bench.ask(f'AT+QCFG="{key}"') == info(f'+QCFG: "{key}",{initial}')
    for value in good:
        assert bench.ask(f'AT+QCFG="{key}",{value},1') == OK
        assert bench.ask(f'AT+QCFG="{key}"') == info(f'+QCFG: "{key}",{value}')
    for value in wrong:
        assert bench.ask(f'AT+QCFG="{key}",{value},1') == ERROR
    assert bench.ask(f'AT+QCFG="{key}",{good[0]}') == OK
    bench.ask("AT&F")
    bench.ask("AT+CFUN=1,1")
    assert bench.ask(f'AT+QCFG="{key}"').endswith(info(f'+QCFG: "{key}",{good[0]}'))


@pytest.mark.parametrize(
    "tail",
    ['"nothing"', '"nothing",1', "usbifc", '"usbifc",2', '"usbifc",1,1', '"usbifc",2,2,2', ""],
)
def test_qcfg_refuses(bench: Bench, tail: str) -> None:
    assert bench.ask(f"AT+QCFG={tail}") == ERROR
    assert bench.ask('AT+QCFG="usbifc"') == info('+QCFG: "usbifc",0,0')


def test_a_key_may_be_asked_for_with_a_question_mark(bench: Bench) -> None:
    """The same guide's example: AT+QCFG="USBIFC"?"""
    bench.ask('AT+QCFG="usbifc",2,0')
    assert bench.ask('AT+QCFG="USBIFC"?') == info('+QCFG: "usbifc",2,0')
    assert bench.ask('AT+QCFG="nothing"?') == ERROR
    assert bench.ask('AT+QFDEL="nothing"?') == ERROR  # only keys are asked for so


def test_the_context_of_fota() -> None:
    """EC200x&EG912Y Series FOTA Application Note V1.1, 3.2.1.1, printed there as AT+QFOTA."""
    newer = Bench(device("eg912y"))
    assert newer.ask('AT+QCFG="fota/cid"') == info('+QCFG: "fota/cid",1')
    assert newer.ask('AT+QCFG="fota/cid",2') == OK
    assert newer.ask('AT+QCFG="FOTA/CID"') == info('+QCFG: "fota/cid",2')
    for wrong in ('"fota/cid",0', '"fota/cid",16', '"fota/cid",2,2'):
        assert newer.ask(f"AT+QCFG={wrong}") == ERROR
    assert newer.ask('AT+QFOTA="fota/cid",3') == OK, "as the note prints it"
    assert newer.ask('AT+QFOTA="fota/cid"') == info('+QFOTA: "fota/cid",3')
    assert newer.ask('AT+QCFG="fota/cid"') == info('+QCFG: "fota/cid",3')
    assert newer.ask('AT+QFOTA="usbifc",2,2') == newer.ask('AT+QFOTA="fota/cid",16') == ERROR
    ec200u = Bench()
    assert ec200u.ask('AT+QCFG="fota/cid",7') == OK, "its TCP/IP has seven"
    assert ec200u.ask('AT+QCFG="fota/cid",8') == ERROR
    assert ec200u.ask('AT+QFOTA="fota/cid"') == ERROR
    assert Bench(device("uc200t")).ask('AT+QCFG="fota/cid"') == ERROR


def test_the_path_of_fota_is_the_ec200us() -> None:
    bench = Bench()
    assert bench.ask('AT+QCFG="fota/path"') == info('+QCFG: "fota/path","UFS:"')
    assert bench.ask('AT+QCFG="fota/path","UFS:fw"') == OK
    assert bench.ask('AT+QCFG="fota/path"') == info('+QCFG: "fota/path","UFS:fw"')
    assert Bench(device("ec200t")).ask('AT+QCFG="fota/path"') == ERROR


# QINDCFG


def radio_cycle(bench: Bench) -> bytes:
    bench.ask("AT+CFUN=0")
    return bench.ask("AT+CFUN=1")


def test_all_0_switches_urcs_off_and_1_on_again(bench: Bench) -> None:
    """EG800Q manual: the master switch, on at first."""
    assert bench.ask('AT+QINDCFG="all"') == info('+QINDCFG: "all",1')
    assert bench.ask('AT+QINDCFG="all",0') == OK
    assert bench.ask('AT+QINDCFG="all"') == info('+QINDCFG: "all",0')
    assert radio_cycle(bench) == OK
    dropped = bench.events(UrcDropped)
    assert len(dropped) == 4
    assert {event.why for event in dropped} == {"switched off by AT+QINDCFG"}
    assert bench.ask('AT+QINDCFG="ALL",1,1') == OK
    assert b"SMS DONE" in radio_cycle(bench)


def restart(bench: Bench) -> bytes:
    bench.ask("AT+CFUN=1,1")
    return bench.run_for(s(15))


def test_saved_it_outlives_a_restart_unsaved_it_does_not(bench: Bench) -> None:
    bench.ask('AT+QINDCFG="all",0,0')
    restart(bench)
    assert bench.ask('AT+QINDCFG="all"') == info('+QINDCFG: "all",1')
    bench.ask('AT+QINDCFG="all",0,1')
    restart(bench)
    assert bench.ask('AT+QINDCFG="all"') == info('+QINDCFG: "all",0')
    assert b"RDY" not in bench.output[-200:]


def test_other_indications_are_kept_and_read_back(bench: Bench) -> None:
    assert bench.ask('AT+QINDCFG="csq"') == info('+QINDCFG: "csq",0')
    assert bench.ask('AT+QINDCFG="csq",1') == OK
    assert bench.ask('AT+QINDCFG="csq"') == info('+QINDCFG: "csq",1')


def test_qindcfg_forms(bench: Bench) -> None:
    assert bench.ask("AT+QINDCFG=?") == info(
        '+QINDCFG: ("all","csq","smsfull","ring","smsincoming","act"),(0,1),(0,1)'
    )
    for tail in ('"nothing",1', "all,1", '"all",2', '"all",1,2', ""):
        assert bench.ask(f"AT+QINDCFG={tail}") == ERROR


# QURCCFG


def test_urcs_may_go_to_another_port(bench: Bench) -> None:
    """EG800Q manual: the port that URCs go to need not be the one you talk on."""
    assert bench.ask('AT+QURCCFG="urcport"') == info('+QURCCFG: "urcport","uart1"')
    assert bench.ask('AT+QURCCFG="urcport","usbat"') == OK
    assert radio_cycle(bench) == OK
    assert {event.why for event in bench.events(UrcDropped)} == {"sent to another port"}
    assert bench.ask('AT+QURCCFG="URCPORT","ALL"') == OK
    assert b"SMS DONE" in radio_cycle(bench)
    assert bench.ask('AT+QURCCFG="urcport"') == info('+QURCCFG: "urcport","all"')


def test_on_the_usb_port_they_come_to_the_usb_port() -> None:
    bench = Bench(port="usb")
    assert bench.ask('AT+QURCCFG="urcport"') == info('+QURCCFG: "urcport","usbat"')
    assert b"SMS DONE" in radio_cycle(bench)


def test_qurccfg_forms(bench: Bench) -> None:
    assert bench.ask("AT+QURCCFG=?") == info(
        '+QURCCFG: "urcport",("usbat","usbmodem","uart1","all")'
    )
    for tail in ('"urcport","com1"', '"port","all"', "urcport", '"urcport",1', ""):
        assert bench.ask(f"AT+QURCCFG={tail}") == ERROR
