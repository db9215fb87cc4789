"""+QFTPCFG of the LTE modules key by key; no server is there."""

import pytest

from tests.commands.lte_keys import Keys, keys_of, try_key
from tests.device.bench import ERROR, OK, Bench, info

KEYS: Keys = {
    "account": ('"",""', ['"user","word"'], ['"user"']),
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
    assert keys_of(bench, "+QFTPCFG") == list(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    try_key(bench, "+QFTPCFG", KEYS, key)


def test_the_service_is_closed(bench: Bench) -> None:
    assert bench.ask("AT+QFTPSTAT") == OK + b"\r\n+QFTPSTAT: 0,4\r\n"


def test_what_needs_a_server_is_an_error(bench: Bench) -> None:
    for line in (
        'OPEN="ftp.example",21', "CLOSE", 'CWD="/"', 'MKDIR="x"', 'LIST="/"', 'MLSD="/","RAM:y"',
        'SIZE="x"', 'DEL="x"', 'PUT="x","COM:",0', 'GET="x","COM:"',
    ):  # fmt: skip
        assert bench.ask(f"AT+QFTP{line}") == ERROR, line
        assert bench.ask(f"AT+QFTP{line.partition('=')[0]}=?").endswith(OK)
    assert bench.ask("AT+QFTPOPEN=?") == info("+QFTPOPEN: <hostname>,(1-65535)")
