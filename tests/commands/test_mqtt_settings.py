"""+QMTCFG of the Wi-Fi modules key by key, and test replies."""

import pytest

from quecsim.commands.mqtt_settings import QMTCFG
from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"))


# key: factory's values, good ones, wrong ones
KEYS: dict[str, tuple[str, list[str], list[str]]] = {
    "version": ("4", ["3", "4"], ["2", "5"]),
    "ssl": ("0", ["1,0", "1,2"], ["2", "1,6", "1,2,3"]),
    "keepalive": ("120", ["0", "3600"], ["3601"]),
    "session": ("1", ["0"], ["2"]),
    "will": (
        "0",
        ['1,2,1,"t","bye"', f'1,0,0,"{"t" * 256}","{"m" * 256}"'],
        ['1,3,0,"t","m"', '2,0,0,"t","m"', f'1,0,0,"{"t" * 257}","m"', '1,0,0,"",""'],
    ),
    "recv/mode": ("0", ["1"], ["2", "0,0"]),
    "dataformat": ("0,0", ["1,0", "0,1"], ["2,0", "0,2", "1"]),
    "timeout": ("5,3,0", ["1,0,0", "1200,10,1"], ["0,3,0", "1201,3,0", "5,11,0", "5,3,2"]),
    "aliauth": ('"","",""', ['"key","name","secret"'], ['"key","name"']),
    "onenet": ('"",""', ['"product","key"'], ['"product"']),
}


def test_the_table_has_every_key() -> None:
    assert set(KEYS) == {key.name for key in QMTCFG.keys}


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    """A query does not repeat the client, and shows a switch that is off alone (BG770A)."""
    initial, good, wrong = KEYS[key]
    assert bench.ask(f'AT+QMTCFG="{key}",0') == info(f'+QMTCFG: "{key}",{initial}')
    for values in good:
        assert bench.ask(f'AT+QMTCFG="{key}",0,{values}') == OK
        assert bench.ask(f'AT+QMTCFG="{key}",0') == info(f'+QMTCFG: "{key}",{values}')
    for values in wrong:
        assert bench.ask(f'AT+QMTCFG="{key}",0,{values}') == ERROR, values
    for client in (",0", ""):
        assert bench.ask(f'AT+QMTCFG="{key}"{client}') == info(f'+QMTCFG: "{key}",{good[-1]}')
    assert bench.ask(f'AT+QMTCFG="{key}",5') == info(f'+QMTCFG: "{key}",{initial}')
    assert bench.ask(f'AT+QMTCFG="{key}",6') == ERROR


def test_a_will_needs_its_topic(bench: Bench) -> None:
    assert bench.ask('AT+QMTCFG="will",0,1') == ERROR
    assert bench.ask('AT+QMTCFG="will",0,1,1,0,"t","m"') == OK
    assert bench.ask('AT+QMTCFG="will",0,1') == ERROR  # not even where one is set already
    assert bench.ask('AT+QMTCFG="will",0,1,1,0,"t"') == ERROR
    assert bench.ask('AT+QMTCFG="will",0,0') == OK


def test_what_is_left_out_stays(bench: Bench) -> None:
    bench.ask('AT+QMTCFG="timeout",0,60,2,1')
    bench.ask('AT+QMTCFG="timeout",0,70')
    assert bench.ask('AT+QMTCFG="timeout",0') == info('+QMTCFG: "timeout",70,2,1')


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("+QMTOPEN", "(0-5),<host_name>,(1-65535)"),
        ("+QMTCONN", "(0-5),<clientID>,<username>,<password>"),
        ("+QMTSUB", "(0-5),(0-65535),<topic>,(0-2)"),
        ("+QMTPUB", "(0-5),(0-65535),(0-2),(0,1),<topic>,(1-2048)"),
    ],
)
def test_test_replies_as_the_manual_prints_them(bench: Bench, command: str, reply: str) -> None:
    assert bench.ask(f"AT{command}=?") == info(f"{command}: {reply}")


def test_the_test_reply_of_qmtcfg(bench: Bench) -> None:
    lines = [line for line in bench.ask("AT+QMTCFG=?").decode().split("\r\n") if line]
    assert [line.split('"')[1] for line in lines[:-1]] == list(KEYS)
    assert lines[8] == '+QMTCFG: "aliauth",(0-5),"product key","device name","device secret"'


def test_no_client_is_open(bench: Bench) -> None:
    for query in ("AT+QMTOPEN?", "AT+QMTCONN?", "AT+QMTRECV?", "AT+QMTRECV=?"):
        assert bench.ask(query) == OK
