"""+QHTTPCFG of the Wi-Fi modules key by key, and what it makes of requests."""

import pytest

from quecsim.commands.http_settings import QHTTPCFG
from quecsim.peers.simple import Step
from quecsim.profiles.loader import load_profile
from tests.commands.web import Web, raw_server, read, urc
from tests.device.bench import OK, Bench, cme, info

_BOUNDARY = "----QuectelFormBoundary7MA4YWxkTrZu0gW"


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
        assert bench.ask(f'AT+QHTTPCFG="{key}",{values}') == cme(724), values
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


def test_what_is_no_request(bench: Bench) -> None:
    """The manual: +CME ERROR with the codes of its chapter 5."""
    for line in ("AT+QHTTPGET=0", "AT+QHTTPPOST=0", "AT+QHTTPPUT=1024001", "AT+QHTTPREAD=65536"):
        assert bench.ask(line) == cme(724), line
    assert bench.ask("AT+QHTTPPOST") == b"\r\nERROR\r\n", "no such form"


def shown(*lines: str) -> bytes:
    return info(*(f'+QHTTPCFG: "header","{line}"' for line in lines))


def test_header_lines(bench: Bench) -> None:
    for line in ("X-One: 1", "X-Two: 2", "x-one: 3"):
        assert bench.ask(f'AT+QHTTPCFG="header","{line}"') == OK
    assert bench.ask('AT+QHTTPCFG="header"') == shown("X-Two: 2", "x-one: 3")
    assert bench.ask('AT+QHTTPCFG="header","X-TWO"') == shown("X-Two: 2")
    assert bench.ask('AT+QHTTPCFG="header","X-Three"') == OK
    assert bench.ask('AT+QHTTPCFG="header","X-Two:"') == OK, "without a value: out again"
    assert bench.ask('AT+QHTTPCFG="header"') == shown("x-one: 3")


@pytest.mark.parametrize("line", [": 1", " : 1"])
def test_what_is_no_header_line(bench: Bench, line: str) -> None:
    assert bench.ask(f'AT+QHTTPCFG="header","{line}"') == cme(724)


@pytest.mark.parametrize("line", ["X Y: 1", "X\xe9: 1"])
def test_a_header_line_that_makes_no_request(line: str) -> None:
    web = Web("fcm242d")
    assert web.ask(f'AT+QHTTPCFG="header","{line}"') == OK
    assert web.get("/a") == OK + urc("+QHTTPGET: 716")


def test_a_header_line_is_bytes() -> None:
    web = Web("fcm242d")
    assert web.ask('AT+QHTTPCFG="header","X: \xe9"') == OK
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5")
    assert b"\r\nX: \xe9\r\n" in web.heard


def test_there_is_a_bound(bench: Bench) -> None:
    for number in range(16):
        assert bench.ask(f'AT+QHTTPCFG="header","X-{number}: 1"') == OK
    assert bench.ask('AT+QHTTPCFG="header","X-16: 1"') == cme(723)
    assert bench.ask('AT+QHTTPCFG="header","X-15: 2"') == OK


def test_header_lines_go_along_and_replace_the_usual_ones() -> None:
    web = Web("fcm242d", raw=raw_server(Step(after_bytes=1 << 20)))
    for line in ("X-One: 1", "user-agent: mine", "Content-Type: text/plain"):
        web.ask(f'AT+QHTTPCFG="header","{line}"')
    web.set_url("http://raw.example:80/")
    web.upload("AT+QHTTPPUT=2,5,5", b"ab")
    assert web.heard == (
        b"PUT / HTTP/1.1\r\nHost: raw.example\r\nAccept: */*\r\nConnection: Keep-Alive\r\n"
        b"X-One: 1\r\nuser-agent: mine\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 2\r\n\r\nab"
    )


def test_a_form() -> None:
    web = Web("fcm242d")
    assert web.ask('AT+QHTTPCFG="form/option","file","a.bin","text/plain"') == OK
    web.set_url("/echo")
    answer = web.upload("AT+QHTTPPOST=5,5,5", b"hello")
    boundary = b"--" + _BOUNDARY.encode()
    form = (
        boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n'
        b"Content-Type: text/plain\r\n\r\nhello\r\n" + boundary + b"--\r\n"
    )
    assert answer == OK + urc(f"+QHTTPPOST: 0,200,{len(form)}")
    assert web.ask("AT+QHTTPREAD") == read(form)
    assert f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\n".encode() in web.heard
    web.upload("AT+QHTTPPUT=5,5,5", b"hello")
    assert web.heard.endswith(b"\r\n\r\nhello"), "a form is for POST"


def test_a_redirect_is_the_hosts_matter() -> None:
    assert b"+QHTTPGET: 0,302" in Web("fcm242d").get("/absolute")
