"""Bluetooth LE without a peer: name, role, services, intervals."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"))


def test_the_manuals_peripheral(bench: Bench) -> None:
    """Its example, up to where the device goes on the air."""
    for line in (
        "AT+QBLEINIT=2,1",
        "AT+QBLEADVPARAM=150,150",
        'AT+QBLENAME="QuecFGM842D"',
        'AT+QBLEGATTSSRV="FFF1"',
        'AT+QBLEGATTSCHAR="FFF2"',
        "AT+QBLEGATTSSRVDONE",
    ):
        assert bench.ask(line) == OK, line
    assert bench.ask("AT+QBLEINIT?") == info("+QBLEINIT: 2")
    assert bench.ask("AT+QBLENAME?") == info('+QBLENAME: "QuecFGM842D"')
    assert bench.ask("AT+QBLEADVPARAM?") == info("+QBLEADVPARAM: 150,150")
    assert bench.ask("AT+QBLEADVSTART?") == info("+QBLEADVSTART: 0")
    assert bench.ask("AT+QBLEADVSTART") == ERROR


def test_role_and_state(bench: Bench) -> None:
    assert bench.ask("AT+QBLEINIT?") == info("+QBLEINIT: 0")
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "NOINIT"')
    assert bench.ask("AT+QBLEINIT=1") == OK
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "INIT"')
    for wrong in ("4", "2,2", ""):
        assert bench.ask(f"AT+QBLEINIT={wrong}") == ERROR
    bench.ask("AT+QRST")
    assert bench.ask("AT+QBLEINIT?") == info("+QBLEINIT: 0"), "not saved"


@pytest.mark.parametrize(("device", "name"), [("fcm242d", "FCM242D"), ("fgm842d", "FGM842D")])
def test_name_and_address(device: str, name: str) -> None:
    bench = Bench(load_profile(device))
    assert bench.ask("AT+QBLENAME?") == info(f'+QBLENAME: "{name}"')
    assert bench.ask(f'AT+QBLENAME="{"n" * 25}"') == OK
    assert bench.ask(f'AT+QBLENAME="{"n" * 26}"') == ERROR
    assert bench.ask("AT+QBLENAME?") == info(f'+QBLENAME: "{"n" * 25}"')
    assert bench.ask("AT+QBLEADDR?") == info('+QBLEADDR: "c8e4a1b1c1f9"')


def test_a_characteristic_needs_a_service_and_the_end_a_characteristic(bench: Bench) -> None:
    assert bench.ask('AT+QBLEGATTSCHAR="FFF2"') == ERROR
    assert bench.ask("AT+QBLEGATTSSRVDONE") == ERROR
    assert bench.ask('AT+QBLEGATTSSRV="FFF1"') == OK
    assert bench.ask("AT+QBLEGATTSSRVDONE") == ERROR
    assert bench.ask('AT+QBLEGATTSCHAR="FFF2",FF') == OK
    assert bench.ask("AT+QBLEGATTSSRVDONE") == OK


@pytest.mark.parametrize("command", ["+QBLEGATTSSRV", "+QBLEGATTSCHAR"])
def test_three_uuids_and_no_more(bench: Bench, command: str) -> None:
    bench.ask('AT+QBLEGATTSSRV="0001"')
    room = 2 if command == "+QBLEGATTSSRV" else 3
    replies = [bench.ask(f'AT{command}="{n:032x}"') for n in range(4)]
    assert replies == [OK] * room + [ERROR] * (4 - room)


@pytest.mark.parametrize("uuid", ["FFF", "FFF11", "FFFG", "", "f" * 31, "f" * 33])
def test_uuids_of_4_or_32_digits(bench: Bench, uuid: str) -> None:
    assert bench.ask(f'AT+QBLEGATTSSRV="{uuid}"') == ERROR


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ("0201041BFF5900CFA041800E00B4000097DB69C72239C6BBC9932F8988FFD7", OK),
        ("020104", OK),
        ("0201", ERROR),
        ("02010", ERROR),
        ("00", ERROR),
        ("02010X", ERROR),
        ("020104" * 11, ERROR),
    ],
)
def test_advertising_data_are_whole_structures(bench: Bench, data: str, answer: bytes) -> None:
    assert bench.ask(f"AT+QBLEADVDATA={data}") == answer


@pytest.mark.parametrize(
    ("command", "initial", "good", "wrong"),
    [
        (
            "+QBLEADVPARAM",
            "160,160",
            "32,16384",
            ["31,160", "160,16385", "200,100", "160", "1,2,3"],
        ),
        ("+QBLESCANPARAM", "100,30", "4096,4096", ["17,17", "100,16", "4097,17", "30,31"]),
        (
            "+QBLECONNPARAM",
            "0,20,500,0",
            "0,6,3200,499",
            ["1,20,500,0", "0,5,500,0", "0,20,9,0", "0,20,500,500", "0,3200,10,499", "0,20,500"],
        ),
        ("+QBLECFGMTU", "64", "512", ["63", "513", ""]),
    ],
)
def test_timing(bench: Bench, command: str, initial: str, good: str, wrong: list[str]) -> None:
    assert bench.ask(f"AT{command}?") == info(f"{command}: {initial}")
    assert bench.ask(f"AT{command}={good}") == OK
    for values in wrong:
        assert bench.ask(f"AT{command}={values}") == ERROR, values
    assert bench.ask(f"AT{command}?") == info(f"{command}: {good}")
    bench.ask("AT+QRST")
    assert bench.ask(f"AT{command}?") == info(f"{command}: {initial}"), "not saved"


def test_it_does_not_scan(bench: Bench) -> None:
    assert bench.ask("AT+QBLESCAN?") == info("+QBLESCAN: 0")
    assert bench.ask("AT+QBLESCAN=1") == ERROR
