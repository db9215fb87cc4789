"""+QHTTPCFG key by key; requests without a network."""

import pytest

from quecsim.commands.http_settings import QHTTPCFG
from quecsim.profiles.loader import load_profile
from tests.device.bench import OK, Bench, cme, info


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"))


# key: factory's values, good ones, wrong ones
KEYS: dict[str, tuple[str, list[str], list[str]]] = {
    "url": ('""', ['"http://www.example.com"', '"https://192.0.2.2:8011/a.php"'], ['"a","b"']),
    "header": ('""', ['"Content-type: text/plain"'], ['"a","b"']),
    "auth": ('""', ['"user:password"'], ['"a","b"']),
    "sslctxid": ("1", ["0", "5"], ["6"]),
    "rsp/header": ("0", ["1"], ["2"]),
    "rspout/auto": ("0", ["1"], ["2"]),
    "closed/ind": ("0", ["1"], ["2"]),
    "form/option": ('"","",""', ['"file","a.bin","text/plain"'], ['"file","a.bin"']),
}


def test_the_table_has_every_key() -> None:
    assert list(KEYS) == [key.name for key in QHTTPCFG.keys]


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    """The manual: with the key alone the command is a query; nothing is saved."""
    initial, good, wrong = KEYS[key]
    assert bench.ask(f'AT+QHTTPCFG="{key}"') == info(f'+QHTTPCFG: "{key}",{initial}')
    for values in good:
        assert bench.ask(f'AT+QHTTPCFG="{key}",{values}') == OK
        assert bench.ask(f'AT+QHTTPCFG="{key}"') == info(f'+QHTTPCFG: "{key}",{values}')
    for values in wrong:
        assert bench.ask(f'AT+QHTTPCFG="{key}",{values}') == cme(724), values
    assert bench.ask(f'AT+QHTTPCFG="{key}"') == info(f'+QHTTPCFG: "{key}",{good[-1]}')
    bench.ask("AT+QRST")
    assert bench.ask(f'AT+QHTTPCFG="{key}"') == info(f'+QHTTPCFG: "{key}",{initial}')


def test_the_test_reply(bench: Bench) -> None:
    reply = bench.ask("AT+QHTTPCFG=?")
    for line in (
        '+QHTTPCFG: "url",<urlstring>',
        '+QHTTPCFG: "header",<name:value>',
        '+QHTTPCFG: "auth",<username:password>',
        '+QHTTPCFG: "sslctxid",(0-5)',
        '+QHTTPCFG: "form/option",<name>,<file_name>,<content_type>',
    ):
        assert f"\r\n{line}\r\n".encode() in reply


def test_requests_get_as_far_as_they_can(bench: Bench) -> None:
    """The manual: +CME ERROR with the codes of its chapter 5."""
    assert bench.ask("AT+QHTTPREAD") == bench.ask("AT+QHTTPREAD=60") == cme(705)
    assert bench.ask("AT+QHTTPGET") == bench.ask("AT+QHTTPPOST=5") == cme(708)
    bench.ask('AT+QHTTPCFG="url","http://192.0.2.2"')
    assert bench.ask("AT+QHTTPGET=60") == bench.ask("AT+QHTTPPUT=5,60,60") == cme(706)
    for line in ("AT+QHTTPGET=0", "AT+QHTTPPOST=0", "AT+QHTTPPUT=1024001", "AT+QHTTPREAD=65536"):
        assert bench.ask(line) == cme(724), line
    assert bench.ask("AT+QHTTPPOST") == b"\r\nERROR\r\n", "no such form"
    assert bench.ask("AT+QHTTPSTOP") == OK
