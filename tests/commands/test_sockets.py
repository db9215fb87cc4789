"""Sockets of the LTE modules: +QICFG key by key; nothing is open, and what that is answered."""

import pytest

from tests.commands.lte_keys import Keys, keys_of, try_key
from tests.device.bench import ERROR, OK, Bench, info

KEYS: Keys = {
    "transpktsize": ("1024", ["1", "1460"], ["0", "1461"]),
    "transwaittm": ("2", ["0", "20"], ["21"]),
    "dataformat": ("0,0", ["1,0", "0,1"], ["2,0", "1"]),
    "viewmode": ("0", ["1"], ["2"]),
    "tcp/retranscfg": ("12,60", ["3,5", "20,1000"], ["2,60", "12,1001"]),
    "dns/cache": ("1", ["0"], ["2"]),
    "qisend/timeout": ("5", ["0", "3600"], ["3601"]),
    "passiveclosed": ("0", ["1"], ["2"]),
    "udp/readmode": ("0", ["1"], ["2"]),
    "udp/sendmode": ("0", ["1"], ["2"]),
    "tcp/accept": ("1", ["0"], ["2"]),
    "tcp/twrecyle": ("0", ["1"], ["2"]),
    "close/mode": ("0", ["1"], ["2"]),
    "recvind": ("0", ["1"], ["2"]),
    "sendinfo": ("0", ["1"], ["2"]),
    "formatcfg": ("0", ["1"], ["2"]),
    "tcp/keepalive": ("0", ["1,1,25,3", "1,1800,100,10"], ["2", "1,0,25,3", "1,1,24,3"]),
    "recv/buffersize": ("10240", ["524288"], ["10239", "524289"]),
}


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_table_has_every_key(bench: Bench) -> None:
    assert keys_of(bench, "+QICFG") == list(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    try_key(bench, "+QICFG", KEYS, key)


def test_nothing_is_open(bench: Bench) -> None:
    for form in ("", "?", "=?", "=0,1", "=1,0"):
        assert bench.ask(f"AT+QISTATE{form}") == OK
    assert bench.ask("AT+QICLOSE=0") == bench.ask("AT+QICLOSE=11,1") == OK
    assert bench.ask("AT+QICLOSE=12") == bench.ask("AT+QISTATE=2,0") == ERROR


TEST_FORMS = [
    '+QIOPEN: (1-7),(0-11),"TCP/UDP/TCP LISTENER/UDP SERVICE","<IP_address>/<domain_name>",'
    "<remote_port>,<local_port>,(0-2)",
    "+QICLOSE: (0-11),(0-65535)",
    "+QISEND: (0-11),(0-1460)",
    "+QIRD: (0-11),(0-1500)",
    "+QISWTMD: (0-11),(0-2)",
    "+QISDE: (0,1)",
    "+QPING: (1-7),<host>,(1-255),(1-10)",
    "+QNTP: (1-7),<server>,(1-65535),(0,1)",
    "+QIDNSGIP: (1-7),<hostname>",
]


@pytest.mark.parametrize("reply", TEST_FORMS, ids=lambda reply: reply.split(":")[0])
def test_a_test_form(bench: Bench, reply: str) -> None:
    """A capture of a BG770A, with the contexts of this device."""
    assert bench.ask(f"AT{reply.partition(':')[0]}=?") == info(reply)


def test_what_needs_a_socket_is_refused(bench: Bench) -> None:
    for line in ("+QISEND=0,4", "+QISEND=0,0", "+QIRD=0", "+QISWTMD=0,1", "+QIACCEPT=0,1"):
        assert bench.ask(f"AT{line}") == ERROR, line
        assert bench.ask("AT+QIGETERROR") == info("+QIGETERROR: 572,operation not allowed")
    assert bench.ask('AT+QIOPEN=1,12,"TCP","192.0.2.2",80') == ERROR
    assert bench.ask("AT+QIGETERROR") == info("+QIGETERROR: 552,invalid parameters")
    assert bench.ask("ATO") == b"\r\nNO CARRIER\r\n"
