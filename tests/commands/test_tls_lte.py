"""+QSSLCFG of the LTE modules key by key; no TLS connection is open."""

import pytest

from tests.commands.lte_keys import Keys, keys_of, try_key
from tests.device.bench import ERROR, OK, Bench, info

KEYS: Keys = {
    "sslversion": ("4", ["0", "3"], ["5"]),
    "ciphersuite": ("0XFFFF", ["0X0035", "0XC02F"], ["0X0001", "1"]),
    "cacert": ('""', ['"UFS:ca.pem"', '"ca.pem"'], ['"a","b"']),
    "clientcert": ('""', ['"UFS:client.pem"'], ['"a","b"']),
    "clientkey": ('"",""', ['"UFS:key.pem","word"'], ['"a","b","c"']),
    "seclevel": ("0", ["1", "2"], ["3"]),
    "ignorelocaltime": ("1", ["0"], ["2"]),
    "negotiatetime": ("300", ["10", "299"], ["9", "301"]),
    "sni": ("0", ["1"], ["2"]),
    "session_cache": ("0", ["1"], ["2"]),
    "closetimemode": ("0", ["1"], ["2"]),
    "renegotiation": ("0", ["1"], ["2"]),
    "ignoremulticertchainverify": ("0", ["1"], ["2"]),
    "ignoreinvalidcertsign": ("0", ["1"], ["2"]),
    "dtls": ("0", ["1"], ["2"]),
    "dtlsversion": ("1", ["0"], ["2"]),
}


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_table_has_every_key(bench: Bench) -> None:
    assert keys_of(bench, "+QSSLCFG") == list(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    """A query repeats the context; the factory's sni, ignorelocaltime, seclevel are measured."""
    try_key(bench, "+QSSLCFG", KEYS, key, index=",5", shown=",5")
    assert bench.ask(f'AT+QSSLCFG="{key}",6') == bench.ask(f'AT+QSSLCFG="{key}"') == ERROR


def test_cipher_suites_in_either_case(bench: Bench) -> None:
    assert bench.ask('AT+QSSLCFG="ciphersuite",2,0xFFFF') == OK
    assert bench.ask('AT+QSSLCFG="ciphersuite",2,0xc030') == OK
    assert bench.ask('AT+QSSLCFG="ciphersuite",2') == info('+QSSLCFG: "ciphersuite",2,0XC030')


def test_nothing_is_open(bench: Bench) -> None:
    for form in ("", "?", "=?", "=1,0"):
        assert bench.ask(f"AT+QSSLSTATE{form}") == OK
    assert bench.ask("AT+QSSLCLOSE=0") == bench.ask("AT+QSSLCLOSE=0,10") == OK
    for line in ("+QSSLSEND=0,4", "+QSSLRECV=0,1500"):
        assert bench.ask(f"AT{line}") == ERROR
        assert bench.ask("AT+QIGETERROR") == info("+QIGETERROR: 572,operation not allowed")


def test_test_forms(bench: Bench) -> None:
    """A capture of a BG770A, with the contexts of this device."""
    for reply in (
        "+QSSLOPEN: (1-7),(0-5),(0-11),<serveraddr>,<server_port>,(0-2)",
        "+QSSLSEND: (0-11)[,(1-1460)]",
        "+QSSLRECV: (0-11),(1-1500)",
    ):
        assert bench.ask(f"AT{reply.partition(':')[0]}=?") == info(reply)
