"""+QFTPCFG, +QFTPUSER, +QFTPPASS: M95 FTPS Application Note V1.0, 2.2 and 4.2.1."""

import pytest

from tests.device.bench import ERROR, OK, Bench
from tests.device.m95 import m95, profile

SET = OK + b"\r\n+QFTPCFG: 0\r\n"


@pytest.fixture
def bench() -> Bench:
    return m95()


def value(text: str) -> bytes:
    """A query's answer: the note prints no OK behind it."""
    return f"\r\n+QFTPCFG: {text}\r\n".encode()


@pytest.mark.parametrize(
    ("kind", "factory", "good", "bad"),
    [
        (1, "0", ("1", "0"), ("2", "x")),
        (2, "0", ("1", "0"), ("2",)),
        (3, "0", ("1024", "2147483647"), ("2147483648", "-1", "x")),
        (4, '"/COM/"', ('"/RAM/a.txt"', '"/UFS/a.txt"', '"/COM/"'), ('"a.txt"', '"/X/a"')),
        (5, "0", ("1",), ("2",)),
        (6, "0", ("1",), ("2",)),
        (7, "0", ("1", "0"), ("2", '"x"')),
    ],
)
def test_each_type(
    bench: Bench, kind: int, factory: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    assert bench.ask(f"AT+QFTPCFG={kind}") == value(factory)
    for text in good:
        assert bench.ask(f"AT+QFTPCFG={kind},{text}") == SET
        assert bench.ask(f"AT+QFTPCFG={kind}") == value(text)
    for text in bad:
        assert bench.ask(f"AT+QFTPCFG={kind},{text}") == ERROR
    assert bench.ask(f"AT+QFTPCFG={kind}") == value(good[-1])


@pytest.mark.parametrize("line", ["AT+QFTPCFG=0", "AT+QFTPCFG=8,1", "AT+QFTPCFG", "AT+QFTPCFG?"])
def test_what_is_none(bench: Bench, line: str) -> None:
    assert bench.ask(line) == ERROR


@pytest.mark.parametrize("name", ["+QFTPUSER", "+QFTPPASS"])
def test_user_and_password_are_taken(bench: Bench, name: str) -> None:
    assert bench.ask(f'AT{name}="admin"') == OK
    assert bench.ask(f"AT{name}=admin") == ERROR
    assert bench.ask(f"AT{name}?") == ERROR
    assert bench.rig.device.settings.config[name] == ("admin",)


def test_without_the_blank_behind_the_colon() -> None:
    """At least ten published hosts of the M series read it so."""
    bench = m95(profile(ftp={"colon_blank": False}))
    assert bench.ask("AT+QFTPCFG=7,1") == OK + b"\r\n+QFTPCFG:0\r\n"
    assert bench.ask("AT+QFTPCFG=7") == b"\r\n+QFTPCFG:1\r\n"
