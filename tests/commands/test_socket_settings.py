"""+QICFG key by key; sockets that cannot be open without a network; ATO."""

import pytest

from quecsim.commands.socket_config import WLAN_QICFG as QICFG
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import Result
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"))


# key: factory's values, good ones, wrong ones
KEYS: dict[str, tuple[str, list[str], list[str]]] = {
    "transpktsize": ("1024", ["1", "1460"], ["0", "1461"]),
    "transwaittm": ("2", ["0", "20"], ["21"]),
    "tcp/accept": ("1", ["0"], ["2"]),
    "qisend/timeout": ("0", ["120"], ["121"]),
    "passiveclosed": ("0", ["1"], ["2"]),
    "dataformat": ("0,0", ["1,0", "0,1"], ["2,0", "0,2", "1"]),
    "close/mode": ("0", ["1"], ["2"]),
    "tcp/kalive": (
        "0,7200,20,8",
        ["1,60,10,1", "1,7200,20,8"],
        [
            "2,60,10,1",
            "1,59,10,1",
            "1,7201,10,1",
            "1,60,9,1",
            "1,60,21,1",
            "1,60,10,0",
            "1,60,10,9",
        ],
    ),
    "tcp/tw_cycle": ("0", ["1"], ["2"]),
    "udp/broadcast": ("0", ["1"], ["2"]),
}


def test_the_table_has_every_key() -> None:
    assert list(KEYS) == [key.name for key in QICFG.keys]


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    initial, good, wrong = KEYS[key]
    assert bench.ask(f'AT+QICFG="{key}"') == info(f'+QICFG: "{key}",{initial}')
    for values in good:
        assert bench.ask(f'AT+QICFG="{key}",{values}') == OK
        assert bench.ask(f'AT+QICFG="{key}"') == info(f'+QICFG: "{key}",{values}')
    for values in wrong:
        assert bench.ask(f'AT+QICFG="{key}",{values}') == ERROR, values
    assert bench.ask(f'AT+QICFG="{key}"') == info(f'+QICFG: "{key}",{good[-1]}')
    bench.ask("AT+QRST")
    assert bench.ask(f'AT+QICFG="{key}"') == info(f'+QICFG: "{key}",{initial}'), "not saved"


def test_the_test_reply_has_a_line_for_each_key(bench: Bench) -> None:
    lines = [line for line in bench.ask("AT+QICFG=?").decode().split("\r\n") if line]
    assert [line.split('"')[1] for line in lines[:-1]] == list(KEYS)
    assert lines[7] == '+QICFG: "tcp/kalive",(0,1),(60-7200),(10-20),(1-8)'


@pytest.mark.parametrize("form", ["", "?", "=0", "=11", "=?"])
def test_no_socket_is_open(bench: Bench, form: str) -> None:
    assert bench.ask(f"AT+QISTATE{form}") == OK
    assert bench.ask("AT+QISTATE=12") == ERROR


def test_the_last_error(bench: Bench) -> None:
    """The manual: QIGETERROR tells how the last TCP/IP command ended."""
    nothing = info("+QIGETERROR: 0,Operation success")
    refused = info("+QIGETERROR: 569,Operation not allowed")
    wrong = info("+QIGETERROR: 552,Invalid parameters")
    assert bench.ask("AT+QIGETERROR=?") == OK
    assert bench.ask("AT+QIGETERROR") == nothing
    assert bench.ask("AT+QISEND=0,4") == ERROR
    assert bench.ask("AT+QIGETERROR") == bench.ask("AT+QIGETERROR") == refused
    assert bench.ask("AT+QVERSION=1") == ERROR
    assert bench.ask("AT+QIGETERROR") == refused, "not of TCP/IP"
    for line in ("AT+QIRD=12", 'AT+QICFG="transwaittm",21', "AT+QPING", 'AT+QSSLSEND="0"'):
        assert bench.ask(line) == ERROR
        assert bench.ask("AT+QIGETERROR") == wrong, line
        assert bench.ask("AT+QICLOSE=3") == OK
        assert bench.ask("AT+QIGETERROR") == nothing
    bench.ask("AT+QIRD=0")
    bench.ask("AT+QRST")
    assert bench.ask("AT+QIGETERROR") == nothing


def test_there_is_nothing_to_go_back_to(bench: Bench) -> None:
    """The manual: without a connection, ATO returns NO CARRIER."""
    assert bench.ask("ATO") == b"\r\nNO CARRIER\r\n"
    assert [event.text for event in bench.events(Result)] == ["NO CARRIER"]
    assert bench.ask("AT") == OK
