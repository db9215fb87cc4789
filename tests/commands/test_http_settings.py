"""+QHTTPCFG key by key."""

import pytest

from quecsim.commands.http_settings import QHTTPCFG
from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info


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
        assert bench.ask(f'AT+QHTTPCFG="{key}",{values}') == ERROR, values
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
