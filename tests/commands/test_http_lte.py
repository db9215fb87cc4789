"""+QHTTPCFG of the LTE modules key by key; requests without a network."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.commands.lte_keys import Keys, keys_of, try_key
from tests.device.bench import OK, Bench, cme, info

KEYS: Keys = {
    "contextid": ("1", ["7"], ["0", "8"]),
    "requestheader": ("0", ["1"], ["2"]),
    "responseheader": ("0", ["1"], ["2"]),
    "sslctxid": ("1", ["0", "5"], ["6"]),
    "contenttype": ("0", ["1", "4"], ["5"]),
    "rspout/auto": ("0", ["1"], ["2"]),
    "closed/ind": ("0", ["1"], ["2"]),
    "auth": ('""', ['"user:password"'], ['"a","b"']),
    "custom_header": ('""', ['"X-Key: 1"'], ['"a","b"']),
}


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_table_has_every_key(bench: Bench) -> None:
    assert keys_of(bench, "+QHTTPCFG") == list(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    try_key(bench, "+QHTTPCFG", KEYS, key, wrong_is=cme(730))


def test_the_read_form_shows_all(bench: Bench) -> None:
    """A published reply of a BG96."""
    bench.ask('AT+QHTTPCFG="contenttype",4')
    lines = [f'+QHTTPCFG: "{key}",{KEYS[key][0]}' for key in KEYS]
    lines[4] = '+QHTTPCFG: "contenttype",4'
    assert bench.ask("AT+QHTTPCFG?") == info(*lines)


def test_an_asr_device_has_fewer_content_types() -> None:
    bench = Bench(load_profile("ec200t"))
    assert bench.ask('AT+QHTTPCFG="contenttype",3') == OK
    assert bench.ask('AT+QHTTPCFG="contenttype",4') == cme(730)


def test_requests_get_as_far_as_they_can(bench: Bench) -> None:
    """Measured on an EG800K: 705 for a read without a request."""
    for line in ("+QHTTPREAD", "+QHTTPREAD=60", '+QHTTPREADFILE="RAM:x",60'):
        assert bench.ask(f"AT{line}") == cme(705)
    for line in ("+QHTTPGET", "+QHTTPGET=60", "+QHTTPPOST=5,10,10"):
        assert bench.ask(f"AT{line}") == cme(712)
    for line in ("+QHTTPGET=0", "+QHTTPPOST=0", "+QHTTPREAD=65536", "+QHTTPURL=701"):
        assert bench.ask(f"AT{line}") == cme(730)
    assert bench.ask("AT+QHTTPSTOP") == OK


def test_test_forms(bench: Bench) -> None:
    """A capture of a BG770A."""
    for reply in (
        "+QHTTPURL: (1-700),(1-65535)",
        "+QHTTPGET: (1-65535),(1-2048),(1-65535)",
        "+QHTTPPOST: (1-1024000),(1-65535),(1-65535)",
        "+QHTTPREAD: (1-65535)",
    ):
        assert bench.ask(f"AT{reply.partition(':')[0]}=?") == info(reply)
