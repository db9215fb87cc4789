"""+QFTPCFG of the LTE modules key by key."""

import pytest

from tests.commands.lte_keys import Keys, keys_of, try_key
from tests.device.bench import ERROR, OK, Bench, info

KEYS: Keys = {
    "filetype": ("0", ["1"], ["2"]),
    "transmode": ("0", ["1"], ["2"]),
    "contextid": ("1", ["7"], ["0", "8"]),
    "rsptimeout": ("90", ["20", "180"], ["19", "181"]),
    "ssltype": ("0", ["2"], ["3"]),
    "sslctxid": ("0", ["5"], ["6"]),
    "data_address": ("0", ["2"], ["3"]),
    "restenable": ("1", ["0"], ["2"]),
}


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_table_has_every_key(bench: Bench) -> None:
    assert keys_of(bench, "+QFTPCFG") == ["account", *KEYS]


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    try_key(bench, "+QFTPCFG", KEYS, key)


def test_the_password_is_not_shown(bench: Bench) -> None:
    """As measured on an EG800K: an asterisk for each character."""
    assert bench.ask('AT+QFTPCFG="account"') == info('+QFTPCFG: "account","",""')
    assert bench.ask('AT+QFTPCFG="account","user","secret"') == OK
    assert bench.ask('AT+QFTPCFG="account"') == info('+QFTPCFG: "account","user","******"')
    assert bench.ask('AT+QFTPCFG="account","user"') == ERROR
