"""+QSSLCFG in every form that the M95 FTPS Application Note V1.0 prints (2.3, 4.2.1, 4.2.4)."""

import pytest

from tests.device.bench import ERROR, OK, Bench, info
from tests.device.m95 import m95

ALL = "0X0005,0X0004,0X0035,0X002F,0X003D,0X000A"


@pytest.fixture
def bench() -> Bench:
    return m95()


def test_the_test_form(bench: Bench) -> None:
    assert bench.ask("AT+QSSLCFG=?") == info('+QSSLCFG: "type",(0-5),"value"')


def test_a_context_that_nobody_has_set(bench: Bench) -> None:
    for index in range(6):
        expected = info(f'+QSSLCFG {index},4,0,"{ALL}","","",""')
        assert bench.ask(f'AT+QSSLCFG="ctxindex",{index}') == expected


@pytest.mark.parametrize("tail", ["", ",6", ",-1", ",x", ",0,1"])
def test_contexts_that_are_none(bench: Bench, tail: str) -> None:
    assert bench.ask(f'AT+QSSLCFG="ctxindex"{tail}') == ERROR


# (spellings, factory value, values that fit, values that do not)
BY_CONTEXT = [
    (("sslversion",), "4", ("0", "3", "4"), ("5", '"3"', "x")),
    (("secclevel", "seclevel", "secllevel"), "0", ("0", "1", "2"), ("3",)),
    (("cacert",), '""', ('"NVRAM:CA0"', '"NVRAM:CA1"', '"RAM:ca_cert.pem"', '""'),
     ('"NVRAM:CC0"', '"NVRAM:CA2"', '"UFS:ca.pem"', '"RAM:"', '"ca.pem"')),
    (("clientcert",), '""', ('"NVRAM:CC0"', '"RAM:c.pem"'), ('"NVRAM:CA0"', '"NVRAM:CK0"')),
    (("clientkey",), '""', ('"NVRAM:CK0"', '"RAM:k.pem"'), ('"NVRAM:CC0"',)),
]  # fmt: skip
FOR_ALL = [
    (("ignorertc", "ignorertctime"), "0", ("1", "0"), ("2",)),
    (("ftps",), "0", ("1", "0"), ("2",)),
    (("ftpctxi", "ftpsctxi"), "-1", ("0", "5"), ("6", "-1")),
]


def every_spelling(bench: Bench, index: str, spellings: tuple[str, ...], value: str) -> None:
    """All spellings are one setting; the answer repeats the host's, and never the context."""
    for name in spellings:
        assert bench.ask(f'AT+QSSLCFG="{name}"{index}') == info(f'+QSSLCFG: "{name}",{value}')


@pytest.mark.parametrize(
    ("index", "spellings", "factory", "good", "bad"),
    [(",3", *case) for case in BY_CONTEXT] + [("", *case) for case in FOR_ALL],
)
def test_a_setting_under_each_of_its_names(
    bench: Bench,
    index: str,
    spellings: tuple[str, ...],
    factory: str,
    good: tuple[str, ...],
    bad: tuple[str, ...],
) -> None:
    every_spelling(bench, index, spellings, factory)
    for name in spellings:
        for value in good:
            assert bench.ask(f'AT+QSSLCFG="{name}"{index},{value}') == OK
            every_spelling(bench, index, spellings, value)
        for value in bad:
            assert bench.ask(f'AT+QSSLCFG="{name}"{index},{value}') == ERROR
            every_spelling(bench, index, spellings, good[-1])
        assert bench.ask(f'AT+QSSLCFG="{name}"{index},{good[0]},{good[0]}') == ERROR


def test_contexts_are_apart(bench: Bench) -> None:
    bench.ask('AT+QSSLCFG="sslversion",1,3')
    assert bench.ask('AT+QSSLCFG="sslversion",0') == info('+QSSLCFG: "sslversion",4')
    assert bench.ask('AT+QSSLCFG="sslversion",1') == info('+QSSLCFG: "sslversion",3')


# cipher suites


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0X0035", "0X0035"),
        ('"0X0035"', "0X0035"),
        ("0X0035,0X002F", "0X0035,0X002F"),
        ('"0X0035","0X000A"', "0X0035,0X000A"),
        ('"0X0035,0X000A"', "0X0035,0X000A"),
        ("0x0005,0x000a", "0X0005,0X000A"),
        (ALL, ALL),
        ('"0xFFFF"', ALL),
        ("0XFFFF", ALL),
    ],
)
def test_suites(bench: Bench, given: str, kept: str) -> None:
    bench.ask('AT+QSSLCFG="ciphersuite",2,0X003D')
    assert bench.ask(f'AT+QSSLCFG="ciphersuite",2,{given}') == OK
    assert bench.ask('AT+QSSLCFG="ciphersuite",2') == info(f'+QSSLCFG: "ciphersuite","{kept}"')
    summary = info(f'+QSSLCFG 2,4,0,"{kept}","","",""')
    assert bench.ask('AT+QSSLCFG="ctxindex",2') == summary


@pytest.mark.parametrize(
    "given", ["0X0036", '""', "0X0035,0XFFFF", f"{ALL},0X0035", "35", "TLS_RSA_WITH_RC4_128_MD5"]
)
def test_no_suites(bench: Bench, given: str) -> None:
    assert bench.ask(f'AT+QSSLCFG="ciphersuite",2,{given}') == ERROR
    assert bench.ask('AT+QSSLCFG="ciphersuite",2') == info(f'+QSSLCFG: "ciphersuite","{ALL}"')


def test_the_line_without_its_comma_is_refused(bench: Bench) -> None:
    """2.3 prints `"ciphersuite"<ctxindex>`, a misprint."""
    assert bench.ask('AT+QSSLCFG="ciphersuite"0') == ERROR


def test_a_restart_forgets_the_settings(bench: Bench) -> None:
    bench.ask('AT+QSSLCFG="ftps",1')
    bench.ask("AT+CFUN=1,1")
    assert bench.ask('AT+QSSLCFG="ftps"') == info('+QSSLCFG: "ftps",0')
