"""AT+QFOTADL: its two generations, what they take, and the addresses of servers."""

import pytest

from quecsim.units import ms
from tests.commands.fota import boot_texts, device, package, revision, send, urc, urcs
from tests.device.bench import ERROR, OK, Bench, info

NEWER = ("ec200t", "ec200s", "eg912y")
FTP = "ftp://test:test@124.74.41.170:21/EC200TCNTCNMAR02A02M16.bin"
HTTP = "http://www.quectel.com:100/EC200TCNTCNMAR02A02M16.bin"


@pytest.mark.parametrize("name", NEWER)
def test_the_newer_generation_lists_its_arguments(name: str) -> None:
    reply = Bench(device(name)).ask("AT+QFOTADL=?")
    assert reply == info("+QFOTADL: <url>,(0,1),(0,5-100),(0,5-100)")


def test_the_older_generation_says_ok_and_takes_one_argument() -> None:
    bench = Bench(device("uc200t"))
    assert bench.ask("AT+QFOTADL=?") == OK
    for surplus in (",1", ",0,50", ","):
        assert bench.ask(f'AT+QFOTADL="FILE:1000"{surplus}') == ERROR


@pytest.mark.parametrize("name", ["uc200t", *NEWER])
def test_without_arguments_both_are_the_same(name: str) -> None:
    profile = device(name)
    bench = Bench(profile)
    said = send(bench, package(profile))
    assert said == (
        urc("FILEEND", 0)
        + urc("START")
        + urcs("UPDATING", range(1, 101))
        + urc("END", 0)
        + boot_texts(profile)
    )
    assert revision(bench) == "EC200TCNTCNMAR02A02M16"


@pytest.mark.parametrize(
    "line",
    [
        "AT+QFOTADL",
        "AT+QFOTADL?",
        "AT+QFOTADL=",
        "AT+QFOTADL=FILE:1000",
        'AT+QFOTADL="FILE:"',
        'AT+QFOTADL="FILE:0"',
        'AT+QFOTADL="FILE:-1"',
        'AT+QFOTADL="FILE:1000 "',
        'AT+QFOTADL="FILE:12345678901"',
        'AT+QFOTADL="FILE:1000",3',
        'AT+QFOTADL="FILE:1000",1,4',
        'AT+QFOTADL="FILE:1000",1,101',
        'AT+QFOTADL="FILE:1000",1,0,1',
        'AT+QFOTADL="FILE:1000",1,0,100,0',
        'AT+QFOTADL="FILE:1000","1"',
        'AT+QFOTADL="UFS:package.bin"',
    ],
)
def test_what_does_not_fit_is_plain_error(line: str) -> None:
    assert Bench(device()).ask(line) == ERROR


def test_what_stands_behind_it_on_the_line_is_not_done() -> None:
    profile = device()
    bench = Bench(profile)
    data = package(profile)
    bench.send(b'AT+CMEE=2;+QFOTADL="FILE:%d";+NOSUCH;+CMEE?\r' % len(data))
    bench.until(urc("FILESTART"))
    bench.send(data)
    said = bench.rest()
    assert urc("END", 0) in said
    assert b"ERROR" not in said
    assert b"+CMEE" not in said


@pytest.mark.parametrize("name", ["uc200t", "ec200s", "eg912y"])
def test_protocol_download_is_the_ec200ts_alone(name: str) -> None:
    assert Bench(device(name)).ask('AT+QFOTADL="FILE:1000",2') == ERROR


@pytest.mark.parametrize("line", [f'AT+QFOTADL="{FTP}",2', 'AT+QFOTADL="FILE:1000",2,50'])
def test_protocol_download_is_of_files_and_has_no_more_arguments(line: str) -> None:
    assert Bench(device()).ask(line) == ERROR


@pytest.mark.parametrize(
    ("address", "word", "error"),
    [
        (FTP, "FTP", 605),
        (FTP.upper(), "FTP", 605),
        ("ftp://u:p@host/package", "FTP", 605),
        (f"ftp://{'u' * 50}:{'p' * 50}@{'h' * 50}:65535/{'f' * 50}", "FTP", 605),
        (HTTP, "HTTP", 710),
        ("https://host/deep/down/package.bin?x=1", "HTTP", 710),
        ("http://h/" + "f" * 246, "HTTP", 710),
    ],
)
def test_without_a_network_the_download_fails(address: str, word: str, error: int) -> None:
    profile = device()
    bench = Bench(profile, has_network=False)
    assert bench.ask(f'AT+QFOTADL="{address}"') == OK + urc(f"{word}START") + urc(
        f"{word}END", error
    )
    assert bench.ask("AT") == OK
    assert revision(bench) == profile.identity.revision


def test_the_failing_download_takes_its_time() -> None:
    bench, settings = Bench(device(), has_network=False), device().fota
    assert settings is not None
    bench.send(f'AT+QFOTADL="{HTTP}",1,50\r'.encode())
    ok_ns = bench.until(OK)
    started_ns = bench.until(urc("HTTPSTART"))
    ended_ns = bench.until(urc("HTTPEND", 710))
    assert started_ns - ok_ns == pytest.approx(ms(settings.start_ms), abs=ms(10))
    assert ended_ns - started_ns == pytest.approx(ms(settings.network_ms), abs=ms(10))


@pytest.mark.parametrize(
    "address",
    [
        "ftp://host/package",
        "ftp://user@host/package",
        "ftp://user:password@host/folder/package",
        "ftp://user:password@host/",
        "ftp://user:password@host:0/package",
        "ftp://user:password@host:65536/package",
        "ftp://user:password@host:port/package",
        f"ftp://{'u' * 51}:p@h/f",
        f"ftp://u:{'p' * 51}@h/f",
        f"ftp://u:p@{'h' * 51}/f",
        f"ftp://u:p@h/{'f' * 51}",
        "http://host",
        "http://host/",
        "http:///package",
        "http://host:0/package",
        "https://host:70000/package",
        "http://h/" + "f" * 247,
        "sftp://u:p@h/f",
        "",
    ],
)
def test_an_address_that_is_not_well_formed(address: str) -> None:
    assert Bench(device()).ask(f'AT+QFOTADL="{address}"') == ERROR
