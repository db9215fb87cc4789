"""+QSSLCFG: every key and context; +QSSLSTATE without connections."""

import pytest

from quecsim.commands.tls import QSSLCFG
from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"))


# key: factory's values, good ones, those of its own that are wrong
KEYS: dict[str, tuple[str, list[str], list[str]]] = {
    "sslversion": ("4", ["0", "3"], ["5", '"4"', "4,4"]),
    "seclevel": ("0", ["2", "1"], ["3", ""]),
    "ciphersuite": ("0XFFFF", ["0X0035", "0XC030"], ["0X0036", "53", ""]),
    "negotiatetime": ("300", ["10", "300"], ["9", "301"]),
    "sni": ("0", ["1", "0"], ["2"]),
    "cacert": ('""', ['"ca.pem"', '"UFS:ca.pem"'], ['"a","b"', f'"{"x" * 256}"']),
    "clientcert": ('""', ['"user.pem"'], ['"a","b"']),
    "clientkey": ('"",""', ['"user_key.pem","secret"'], ['"a","b","c"']),
    "ignorelocaltime": ("1", ["0", "1"], ["2"]),
    "session_cache": ("0", ["1"], ["2"]),
}


def test_the_table_has_every_key() -> None:
    assert set(KEYS) == {key.name for key in QSSLCFG.keys}


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    initial, good, wrong = KEYS[key]
    assert bench.ask(f'AT+QSSLCFG="{key}",1') == info(f'+QSSLCFG: "{key}",1,{initial}')
    for values in good:
        assert bench.ask(f'AT+QSSLCFG="{key}",1,{values}') == OK
        assert bench.ask(f'AT+QSSLCFG="{key}",1') == info(f'+QSSLCFG: "{key}",1,{values}')
    for values in filter(None, wrong):
        assert bench.ask(f'AT+QSSLCFG="{key}",1,{values}') == ERROR, values
    assert bench.ask(f'AT+QSSLCFG="{key}",1') == info(f'+QSSLCFG: "{key}",1,{good[-1]}')
    assert bench.ask(f'AT+QSSLCFG="{key}",2') == info(f'+QSSLCFG: "{key}",2,{initial}'), (
        "contexts are separate"
    )
    bench.ask("AT+QRST")
    assert bench.ask(f'AT+QSSLCFG="{key}",1') == info(f'+QSSLCFG: "{key}",1,{initial}')


@pytest.mark.parametrize("ctx", ["6", "", '"1"', "x"])
def test_contexts_0_to_5(bench: Bench, ctx: str) -> None:
    assert bench.ask(f'AT+QSSLCFG="sni",{ctx},1') == ERROR
    assert bench.ask('AT+QSSLCFG="sni",5,1') == OK


def test_lower_case_and_quotes_of_a_cipher_suite(bench: Bench) -> None:
    assert bench.ask('AT+QSSLCFG="ciphersuite",0,0xc02f') == OK
    assert bench.ask('AT+QSSLCFG="ciphersuite",0') == info('+QSSLCFG: "ciphersuite",0,0XC02F')
    assert bench.ask('AT+QSSLCFG="CipherSuite",0,"0X0035"') == OK
    assert bench.ask('AT+QSSLCFG="ciphersuite",0') == info('+QSSLCFG: "ciphersuite",0,0X0035')


def test_a_key_without_password_keeps_the_one_before(bench: Bench) -> None:
    bench.ask('AT+QSSLCFG="clientkey",3,"a.pem","pass"')
    assert bench.ask('AT+QSSLCFG="clientkey",3,"b.pem"') == OK
    shown = info('+QSSLCFG: "clientkey",3,"b.pem","pass"')
    assert bench.ask('AT+QSSLCFG="clientkey",3') == shown


def test_the_test_reply_has_a_line_for_each_key(bench: Bench) -> None:
    lines = [line for line in bench.ask("AT+QSSLCFG=?").decode().split("\r\n") if line]
    assert lines[0] == '+QSSLCFG: "sslversion",(0-5),(0-4)'
    assert lines[7] == '+QSSLCFG: "clientkey",(0-5),<client_key_path>,<key_pwd>'
    assert [line.split('"')[1] for line in lines[:-1]] == list(KEYS)


@pytest.mark.parametrize("form", ["", "?", "=0,1", "=1,11", "=?"])
def test_there_are_no_connections(bench: Bench, form: str) -> None:
    assert bench.ask(f"AT+QSSLSTATE{form}") == OK


@pytest.mark.parametrize("form", ["=2,1", "=0,12", "=0", "=0,1,2"])
def test_states_that_cannot_be_asked(bench: Bench, form: str) -> None:
    assert bench.ask(f"AT+QSSLSTATE{form}") == ERROR
