"""A device as a peripheral: services, advertising, connections, notifications."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench


@pytest.fixture
def bench() -> Bench:
    bench = Bench(load_profile("fcm242d"))
    assert bench.ask("AT+QBLEINIT=2") == OK
    return bench


# services


def test_a_characteristic_needs_a_service_and_the_end_a_characteristic(bench: Bench) -> None:
    assert bench.ask('AT+QBLEGATTSCHAR="FFF2"') == ERROR
    assert bench.ask("AT+QBLEGATTSSRVDONE") == ERROR
    assert bench.ask('AT+QBLEGATTSSRV="FFF1"') == OK
    assert bench.ask("AT+QBLEGATTSSRVDONE") == ERROR
    assert bench.ask('AT+QBLEGATTSCHAR="FFF2",FF') == OK
    assert bench.ask('AT+QBLEGATTSCHAR="fff2"') == ERROR, "there is one"
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
