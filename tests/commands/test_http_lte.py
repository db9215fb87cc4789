"""+QHTTPCFG of the LTE modules key by key; URLs, parts, redirects and files."""

import pytest

from quecsim.flash.timing import FlashMode
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.peers.simple import Step
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import FlashBusy, LinkOpened
from quecsim.units import s
from tests.commands.lte_keys import Keys, keys_of, try_key
from tests.commands.web import Web, raw_server, read, urc
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


def test_what_is_no_request(bench: Bench) -> None:
    """Measured on an EG800K: 705 for a read without a request."""
    for line in ("+QHTTPREAD", "+QHTTPREAD=60", '+QHTTPREADFILE="RAM:x",60'):
        assert bench.ask(f"AT{line}") == cme(705)
    for line in (
        "+QHTTPGET", "+QHTTPGET=60", "+QHTTPPOST=5,10,10", "+QHTTPGETEX=60,0,5",
        '+QHTTPPOSTFILE="a"', '+QHTTPPUTFILE="a"', "+QHTTPPUT=5",
    ):  # fmt: skip
        assert bench.ask(f"AT{line}") == cme(712), line
    for line in (
        "+QHTTPGET=0", "+QHTTPPOST=0", "+QHTTPREAD=65536", "+QHTTPURL=701", "+QHTTPGETEX=60,0",
        "+QHTTPGETEX=60,0,0", '+QHTTPPOSTFILE="a",60,3',
    ):  # fmt: skip
        assert bench.ask(f"AT{line}") == cme(730), line


def test_test_forms(bench: Bench) -> None:
    """A capture of a BG770A, as far as it goes."""
    for reply in (
        "+QHTTPURL: (1-700),(1-65535)",
        "+QHTTPGET: (1-65535),(1-2048),(1-65535)",
        "+QHTTPGETEX: (1-65535),(0-2147483647),(1-2147483647)",
        "+QHTTPPOST: (1-1024000),(1-65535),(1-65535)",
        "+QHTTPPUT: (1-1024000),(1-65535),(1-65535)",
        "+QHTTPPOSTFILE: <file_name>,(1-65535),(0-2)",
        "+QHTTPREAD: (1-65535)",
        "+QHTTPREADFILE: <file_name>,(1-65535)",
    ):
        assert bench.ask(f"AT{reply.partition(':')[0]}=?") == info(reply)


# the URL


def test_the_url_and_what_is_behind_it() -> None:
    """Hosts put CR LF behind the URL: what is too much is no command."""
    web = Web()
    web.ask("ATE0")
    assert web.ask("AT+QHTTPURL?") == OK
    web.send(b"AT+QHTTPURL=20,5\r")
    web.until(b"\r\nCONNECT\r\n")
    web.send(b"http://web.example/a\r\n")
    assert web.rest() == OK
    assert web.ask("AT+QHTTPURL?") == info("+QHTTPURL: http://web.example/a")
    assert web.ask("AT+QHTTPGET") == OK + urc("+QHTTPGET: 0,200,5")


def test_a_url_that_is_not_whole_in_time() -> None:
    web = Web()
    web.set_url("/a")
    web.send(b"AT+QHTTPURL=20,5\r")
    began_ns = web.until(b"\r\nCONNECT\r\n")
    web.send(b"http://")
    assert web.rest() == cme(726)
    assert s(5) <= web.now_ns - began_ns < s(6)
    assert web.ask("AT+QHTTPURL?") == info("+QHTTPURL: http://web.example/a"), "the old one stays"


# what goes along


def heard(*lines: str, command: str = "AT+QHTTPGET=5", body: bytes = b"") -> bytes:
    web = Web(raw=raw_server(Step(after_bytes=1 << 20)))
    for line in lines:
        assert web.ask(f"AT+QHTTPCFG={line}") == OK
    web.set_url("http://raw.example/")
    if body:
        web.upload(command, body)
    else:
        web.ask(command)
    return web.heard


def test_the_usual_request() -> None:
    assert heard() == (
        b"GET / HTTP/1.1\r\nHost: raw.example\r\nAccept: */*\r\n"
        b"User-Agent: QUECTEL_MODULE\r\nConnection: Keep-Alive\r\n\r\n"
    )


def test_a_line_of_ones_own() -> None:
    assert b"\r\nX-Key: 1\r\n" in heard('"custom_header","X-Key: 1"')


def test_user_and_password() -> None:
    assert b"\r\nAuthorization: Basic dTpwOnE=\r\n" in heard('"auth","u:p:q"')


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, "application/x-www-form-urlencoded"), (2, "application/octet-stream"),
     (4, "application/json")],
)  # fmt: skip
def test_content_types(number: int, name: str) -> None:
    sent = heard(f'"contenttype",{number}', command="AT+QHTTPPOST=2,5,5", body=b"{}")
    assert f"\r\nContent-Type: {name}\r\nContent-Length: 2\r\n\r\n{{}}".encode() in sent


def test_a_request_that_the_host_writes() -> None:
    own = b"GET /a HTTP/1.0\r\nx:  y\r\n\r\n"
    command = f"AT+QHTTPGET=5,{len(own)},5"
    assert heard('"requestheader",1', command=command, body=own) == own


def test_a_request_that_the_host_writes_and_its_response() -> None:
    web = Web()
    web.ask('AT+QHTTPCFG="requestheader",1')
    web.set_url("/")
    own = b"POST /echo HTTP/1.1\r\nHost: web.example\r\nContent-Length: 5\r\n\r\nhello"
    answer = web.upload(f"AT+QHTTPPOST={len(own)},5,5", own)
    assert answer == OK + urc("+QHTTPPOST: 0,200,5")
    assert web.ask("AT+QHTTPREAD") == read(b"hello")


def test_the_length_goes_with_the_setting() -> None:
    web = Web()
    web.set_url("/a")
    assert web.ask("AT+QHTTPGET=5,20,5") == cme(730)
    web.ask('AT+QHTTPCFG="requestheader",1')
    assert web.ask("AT+QHTTPGET=5") == cme(730)
    assert web.ask("AT+QHTTPGETEX=60,0,5") == cme(730)


# parts, and other places


def test_parts() -> None:
    """As an EG800K: the result code is that of AT+QHTTPGET."""
    web = Web()
    web.set_url("/a")
    for start, size, part in ((0, 2, b"he"), (2, 9, b"llo")):
        answer = web.ask(f"AT+QHTTPGETEX=60,{start},{size}")
        assert answer == OK + urc(f"+QHTTPGET: 0,206,{len(part)}")
        assert web.ask("AT+QHTTPREAD") == read(part)


@pytest.mark.parametrize("path", ["/absolute", "/to-tls"])
def test_it_follows_an_absolute_location(path: str) -> None:
    web = Web()
    web.ask('AT+QSSLCFG="seclevel",1,0')
    assert web.get(path) == OK + urc("+QHTTPGET: 0,200,5")
    assert web.ask("AT+QHTTPREAD") == read(b"hello")


def test_a_relative_location_is_no_url() -> None:
    assert Web().get("/relative") == OK + urc("+QHTTPGET: 711")


def test_it_does_not_go_round_for_ever() -> None:
    web = Web()
    assert web.get("/round") == OK + urc("+QHTTPGET: 0,302,0")
    assert len(web.events(LinkOpened)) == 6


# files


@pytest.mark.parametrize("name", ["RAM:x", "UFS:x", "x"])
def test_into_a_file(name: str) -> None:
    web = Web(flash_mode=FlashMode.TYPICAL)
    web.get("/large")
    began_ns = web.now_ns
    web.send(f'AT+QHTTPREADFILE="{name}",80\r'.encode())
    web.until(b"\r\nOK\r\n")
    web.until(urc("+QHTTPREADFILE: 0"))
    assert web.ask(f'AT+QFLST="{name}"').endswith(b",200000\r\n\r\nOK\r\n")
    assert web.ask("AT+QHTTPREAD") == cme(705)
    if name != "RAM:x":
        storing = [event for event in web.events(FlashBusy) if event.at_ns >= began_ns]
        assert sum(event.until_ns - event.at_ns for event in storing) > s(1)


def test_the_head_is_in_the_file_too() -> None:
    """hosts.md: the file holds header and body."""
    web = Web()
    web.ask('AT+QHTTPCFG="responseheader",1')
    web.get("/a")
    assert web.ask('AT+QHTTPREADFILE="a.txt"') == OK + urc("+QHTTPREADFILE: 0")
    content = web.file("a.txt")
    assert content.startswith(b"HTTP/1.1 200 OK\r\n")
    assert content.endswith(b"\r\n\r\nhello")


def test_a_file_that_is_there_is_replaced_unless_it_is_open() -> None:
    web = Web()
    for _ in range(2):
        web.get("/a")
        assert web.ask('AT+QHTTPREADFILE="a.txt"') == OK + urc("+QHTTPREADFILE: 0")
    assert web.file("a.txt") == b"hello"
    web.get("/a")
    assert b"+QFOPEN" in web.ask('AT+QFOPEN="a.txt",0')
    assert web.ask('AT+QHTTPREADFILE="a.txt"') == cme(426)
    assert web.ask("AT+QHTTPREAD") == read(b"hello"), "the response is still there"


def test_a_full_storage() -> None:
    web = Web("ec200u", HttpSettings(files={"/huge": HttpFile(drawn_bytes=6_000_000)}))
    web.get("/huge")
    answer = web.ask('AT+QHTTPREADFILE="x"')
    assert answer == OK + urc("+QHTTPREADFILE: 420")
    assert web.ask("AT+QHTTPREAD") == cme(705)


@pytest.mark.parametrize(("path", "code"), [("/lies", 719), ("/breaks", 717), ("/stops", 722)])
def test_a_file_that_is_cut_short(path: str, code: int) -> None:
    web = Web()
    web.get(path)
    assert web.ask('AT+QHTTPREADFILE="x",9') == OK + urc(f"+QHTTPREADFILE: {code}")
    assert web.file("x") == b"hello"


def test_stop_while_it_is_stored() -> None:
    web = Web(flash_mode=FlashMode.TYPICAL)
    web.get("/endless")
    web.send(b'AT+QHTTPREADFILE="x"\r')
    web.until(b"\r\nOK\r\n")
    web.run_for(s(1))
    assert web.ask("AT+QHTTPSTOP").endswith(OK)
    assert web.ask('AT+QFDEL="x"') == OK, "it is closed"


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_from_a_file(method: str) -> None:
    web = Web(contents={"a.bin": b"hello" * 1000})
    web.set_url("/echo")
    answer = web.ask(f'AT+QHTTP{method}FILE="a.bin",80')
    if method == "POST":
        assert answer == OK + urc("+QHTTPPOSTFILE: 0,200,5000")
        assert web.ask("AT+QHTTPREAD") == read(b"hello" * 1000)
    else:
        assert answer.startswith(OK + b"\r\n+QHTTPPUTFILE: 0,201")
        assert web.server.stored["/echo"] == b"hello" * 1000


def test_from_two_files() -> None:
    web = Web(contents={"a": b"one", "b": b"two"})
    web.set_url("/echo")
    assert web.ask('AT+QHTTPPOSTFILE="b",80,2') == cme(730), "there is no first one"
    assert web.ask('AT+QHTTPPOSTFILE="a",80,1') == OK
    assert web.ask('AT+QHTTPPOSTFILE="b",80,2') == OK + urc("+QHTTPPOSTFILE: 0,200,6")
    assert web.ask("AT+QHTTPREAD") == read(b"onetwo")


def test_the_same_file_twice() -> None:
    web = Web(contents={"a": b"one"})
    web.set_url("/echo")
    assert web.ask('AT+QHTTPPOSTFILE="a",80,1') == OK
    assert web.ask('AT+QHTTPPOSTFILE="a",80,2') == OK + urc("+QHTTPPOSTFILE: 0,200,6")
    assert web.ask("AT+QHTTPREAD") == read(b"oneone")


@pytest.mark.parametrize("url", ["http://web.example:81/", "http://none.example/"])
def test_a_file_that_nobody_takes_is_closed(url: str) -> None:
    web = Web(contents={"a": b"one"})
    web.set_url(url)
    first = web.ask('AT+QHTTPPOSTFILE="a"')
    assert first.startswith(b"\r\n+CME ERROR: 7")
    assert web.ask('AT+QHTTPPOSTFILE="a"') == first
    assert web.ask('AT+QHTTPPOSTFILE="a",80,1') == OK
    assert web.ask('AT+QHTTPPOSTFILE="b",80,2') == cme(405)
    assert web.ask('AT+QFDEL="a"') == OK


def test_a_file_that_is_a_whole_request() -> None:
    own = b"POST /echo HTTP/1.1\r\nHost: web.example\r\nContent-Length: 5\r\n\r\nhello"
    web = Web(contents={"a": own})
    web.ask('AT+QHTTPCFG="requestheader",1')
    web.set_url("/")
    assert web.ask('AT+QHTTPPOSTFILE="a"') == OK + urc("+QHTTPPOSTFILE: 0,200,5")


def test_a_file_that_is_not_there() -> None:
    web = Web()
    web.set_url("/echo")
    assert web.ask('AT+QHTTPPOSTFILE="none"') == cme(405)
    assert web.ask('AT+QHTTPPOSTFILE="a?"') == cme(406)
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5")


# a dialogue of real hosts


def test_the_dialogue_of_hosts() -> None:
    """hosts.md, HTTP (LTE form), in one piece."""
    web = Web()
    web.ask("ATE0")
    assert web.ask("AT+QHTTPSTOP") == OK
    for line in (
        '"contextid",1', '"requestheader",0', '"responseheader",1', '"contenttype",0',
        '"sslctxid",1', '"rspout/auto",0', '"closed/ind",0',
    ):  # fmt: skip
        assert web.ask(f"AT+QHTTPCFG={line}") == OK
    web.send(b"AT+QHTTPURL=20,80\r\n")
    assert web.run_for(s(1)) == b"\r\nCONNECT\r\n"
    web.send(b"http://web.example/a\r\n")
    assert web.rest() == OK
    assert web.ask("AT+QHTTPGET=60") == OK + urc("+QHTTPGET: 0,200,5")
    assert web.ask('AT+QHTTPREADFILE="RAM:x",60') == OK + urc("+QHTTPREADFILE: 0")
    assert web.ask('AT+QFLST="RAM:x"') == info('+QFLST: "RAM:x",108')
    assert web.ask('AT+QFOPEN="RAM:x",2') == info("+QFOPEN: 1027")
    assert web.ask("AT+QFREAD=1027,8") == b"\r\nCONNECT 8\r\nHTTP/1.1\r\nOK\r\n"
    assert web.ask("AT+QFSEEK=1027,103,0") == OK
    assert web.ask("AT+QFREAD=1027,100") == b"\r\nCONNECT 5\r\nhello\r\nOK\r\n"
    assert web.ask("AT+QFCLOSE=1027") == OK
    assert web.ask('AT+QHTTPCFG="responseheader",0') == OK
    assert web.upload("AT+QHTTPPOST=5,10,10", b"12345") == OK + urc("+QHTTPPOST: 0,200,5")
    assert web.ask("AT+QHTTPREAD=60") == read(b"hello")
    assert web.ask("AT+QHTTPSTOP") == OK
