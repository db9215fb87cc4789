"""HTTP of both families, against servers in process: requests, responses, and what goes wrong."""

import msgspec
import pytest

from quecsim.clients.http_client import HttpClient, HttpState
from quecsim.peers.http_settings import HttpSettings
from quecsim.peers.simple import Step
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import (
    ClientAsked,
    ClientResult,
    Forwarded,
    LinkAsked,
    LinkShut,
    Sent,
)
from quecsim.units import s
from tests.commands.web import FAMILIES, FILES, Web, raw_server, read, urc
from tests.device.bench import OK, cme


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def web(family: str) -> Web:
    return Web(family)


# what servers say, whole


def test_get_and_read(web: Web) -> None:
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5")
    assert web.ask("AT+QHTTPREAD=60") == read(b"hello")
    assert web.ask("AT+QHTTPREAD=60") == cme(705), "a response is read once"


def test_get_and_read_without_parameters(web: Web) -> None:
    web.set_url("/a")
    assert web.ask("AT+QHTTPGET") == OK + urc("+QHTTPGET: 0,200,5")
    assert web.ask("AT+QHTTPREAD") == read(b"hello")


@pytest.mark.parametrize("path", ["/chunked", "/to-the-end"])
def test_a_response_without_a_length(web: Web, path: str) -> None:
    assert web.get(path) == OK + urc("+QHTTPGET: 0,200")
    assert web.ask("AT+QHTTPREAD") == read(FILES[path].content)


def test_a_status_is_no_error(web: Web) -> None:
    assert web.get("/none") == OK + urc("+QHTTPGET: 0,404,23")
    assert web.ask("AT+QHTTPREAD") == read(b"There is nothing here.\n")


def test_the_head_as_the_server_sent_it(web: Web) -> None:
    web.configure("responseheader", "rsp/header", 1)
    web.get("/a")
    head = (
        b"HTTP/1.1 200 OK\r\nServer: quecsim\r\nAccept-Ranges: bytes\r\n"
        b"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
    )
    assert web.ask("AT+QHTTPREAD") == read(head + b"hello")


@pytest.mark.parametrize("command", ["QHTTPPOST", "QHTTPPUT"])
def test_a_body_goes_and_comes_back(web: Web, command: str) -> None:
    body = bytes(range(256)) * 20
    web.set_url("/echo")
    answer = web.upload(f"AT+{command}={len(body)},80,80", body)
    status = "200,5120" if command == "QHTTPPOST" else "201,0"
    assert answer.startswith(OK + urc(f"+{command}: 0,{status}")[:-3])
    if command == "QHTTPPOST":
        assert web.ask("AT+QHTTPREAD") == read(body)
    else:
        assert web.server.stored["/echo"] == body
    assert sum(event.count for event in web.events(Forwarded) if "HTTP server" in event.to) == 5120


def test_the_request_as_the_server_sees_it(family: str) -> None:
    web = Web(family, raw=raw_server(Step(after_bytes=1 << 20)))
    web.set_url("http://u:p@raw.example/x?y=z")
    web.upload("AT+QHTTPPOST=3,80,5", b"abc")
    assert web.heard == (
        b"POST /x?y=z HTTP/1.1\r\nHost: raw.example\r\nAccept: */*\r\n"
        b"User-Agent: QUECTEL_MODULE\r\nConnection: Keep-Alive\r\n"
        b"Authorization: Basic dTpw\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 3\r\n\r\nabc"
    )


# https


@pytest.mark.parametrize("level", [0, 1])
def test_https(web: Web, level: int) -> None:
    """The test authority's root is not on the device: level 1 fails, before there is anything."""
    web.ask(f'AT+QSSLCFG="seclevel",1,{level}')
    answer = web.get("https://web.example/a")
    if level == 0:
        assert answer == OK + urc("+QHTTPGET: 0,200,5")
        assert web.ask("AT+QHTTPREAD") == read(b"hello")
    else:
        expected = cme(716) if web.is_lte else OK + urc("+QHTTPGET: 712")
        assert answer == expected
        [result] = web.events(ClientResult)
        assert result.why == "tls:ca"
    [asked] = web.events(LinkAsked)
    assert (asked.port, asked.level) == (443, level)


def test_another_tls_context(web: Web) -> None:
    web.ask('AT+QSSLCFG="seclevel",1,1')
    web.ask('AT+QSSLCFG="seclevel",3,0')
    assert web.ask('AT+QHTTPCFG="sslctxid",3') == OK
    assert web.get("https://web.example/a") == OK + urc("+QHTTPGET: 0,200,5")


# what is no request


def test_without_a_url(web: Web) -> None:
    assert web.ask("AT+QHTTPGET") == cme(web.number(712, 708))
    assert web.ask("AT+QHTTPPOST=5") == cme(web.number(712, 708))


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("web.example/a", (711, 707)),
        ("ftp://web.example/a", (711, 707)),
        ("http:// /", (711, 707)),
        ("http://300.1.1.1/", (713, 709)),
    ],
)
def test_what_is_no_url(web: Web, url: str, codes: tuple[int, int]) -> None:
    assert web.get(url) == cme(web.number(*codes))
    assert web.events(LinkAsked) == []


def test_a_second_request_while_the_first_is_on_its_way(web: Web) -> None:
    web.set_url("/late")
    web.send(b"AT+QHTTPGET=60\r")
    web.until(b"\r\nOK\r\n")
    web.send(b"AT+QHTTPGET=60\r")
    web.until(cme(703))
    web.send(b"AT+QHTTPREAD\r")
    web.until(cme(705))
    web.until(urc("+QHTTPGET: 0,200,5"))
    assert [event.is_accepted for event in web.events(ClientAsked)] == [True, False, False]


def test_a_new_request_drops_a_response_that_nobody_reads(web: Web) -> None:
    web.get("/large")
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5")
    assert web.ask("AT+QHTTPREAD") == read(b"hello")
    assert len(web.events(LinkShut)) == 2


# what goes wrong on the way


def test_a_name_that_is_none(family: str) -> None:
    """An LTE device says it at once, as an EG800K does; a Wi-Fi one in the result code."""
    web = Web(family)
    answer = web.get("http://none.example/")
    assert answer == (cme(716) if web.is_lte else OK + urc("+QHTTPGET: 710"))
    assert web.ask("AT+QHTTPREAD") == cme(705)
    [asked], [result] = web.events(ClientAsked)[:1], web.events(ClientResult)
    assert (asked.client, asked.command, asked.host, asked.port) == (
        "HTTP", "+QHTTPGET", "none.example", 80,
    )  # fmt: skip
    assert (result.client, result.code, result.why) == (
        "HTTP", web.number(716, 710), "not-allowed",
    )  # fmt: skip
    assert result.words


@pytest.mark.parametrize(
    ("get_failure", "dns_error", "answer"),
    [
        ("cme", "dns", cme(714)),
        ("cme", "connect", cme(716)),
        ("urc", "dns", OK + urc("+QHTTPGET: 714")),
        ("urc", "connect", OK + urc("+QHTTPGET: 716")),
    ],
)
def test_the_ways_to_say_it(get_failure: str, dns_error: str, answer: bytes) -> None:
    shipped = load_profile("ec200u")
    assert shipped.http is not None
    changed = msgspec.structs.replace(shipped.http, get_failure=get_failure, dns_error=dns_error)
    web = Web(msgspec.structs.replace(shipped, http=changed))
    assert web.get("http://none.example/") == answer


@pytest.mark.parametrize("command", ["QHTTPPOST", "QHTTPPUT"])
def test_no_connect_without_a_connection(web: Web, command: str) -> None:
    web.set_url("http://none.example/")
    assert web.ask(f"AT+{command}=5,5,5") == cme(web.number(716, 710))
    web.set_url("http://web.example:81/")
    assert web.ask(f"AT+{command}=5,5,5") == cme(web.number(716, 712))


def test_without_a_bearer(family: str) -> None:
    web = Web(family, has_network=False)
    web.set_url("/a")
    code = web.number(707, 706)
    assert web.ask("AT+QHTTPGET").startswith(cme(code))
    assert web.ask("AT+QHTTPPOST=5").startswith(cme(code))


def test_no_response_in_time(web: Web) -> None:
    began_ns = web.now_ns
    assert web.get("/late", seconds=10) == OK + urc(f"+QHTTPGET: {web.number(728, 722)}")
    assert s(10) <= web.now_ns - began_ns < s(15)
    assert web.ask("AT+QHTTPREAD") == cme(705)
    assert web.get("/a").endswith(b"0,200,5\r\n"), "and it works again"


def test_a_server_that_speaks_something_else(family: str) -> None:
    web = Web(family, raw=raw_server(Step(text="220 an FTP server\r\n", ends="fin")))
    assert web.get("http://raw.example/") == OK + urc(f"+QHTTPGET: {web.number(723, 719)}")
    assert web.get("/bare") == OK + urc(f"+QHTTPGET: {web.number(723, 719)}"), "not even a line"


@pytest.mark.parametrize(
    ("path", "codes"), [("/lies", (719, 715)), ("/breaks", (717, 713)), ("/stops", (722, 718))]
)
def test_a_body_that_is_cut_short(web: Web, path: str, codes: tuple[int, int]) -> None:
    assert web.get(path) == OK + urc("+QHTTPGET: 0,200,9")
    assert web.ask("AT+QHTTPREAD=10") == read(b"hello", web.number(*codes))
    assert web.ask("AT+QHTTPREAD=10") == cme(705)
    assert web.events(ClientResult)[-1].command == "+QHTTPREAD"


def test_a_body_that_is_garbage(family: str) -> None:
    said = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX"
    web = Web(family, raw=raw_server(Step(after_bytes=1, text=said)))
    assert web.get("http://raw.example/") == OK + urc("+QHTTPGET: 0,200")
    assert web.ask("AT+QHTTPREAD") == read(b"abc", web.number(721, 717))


def test_a_response_that_comes_byte_by_byte_and_breaks_anywhere(family: str) -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
    for count in range(len(said)):
        steps = [
            Step(after_bytes=1),
            *(Step(after_ms=1, base64=said[at : at + 1]) for at in range(count)),
        ]
        web = Web(family, raw=raw_server(*steps, Step(ends="reset")))
        answer = web.get("http://raw.example/")
        if count < len(said) - 2:
            assert answer == OK + urc(f"+QHTTPGET: {web.number(717, 713)}"), count
        else:
            code = web.number(717, 713)
            assert answer == OK + urc("+QHTTPGET: 0,200,2")
            assert web.ask("AT+QHTTPREAD") == read(said[-2:count] if count > 38 else b"", code)


# the host is slow, or does not come


def test_the_body_does_not_come_in_time(web: Web) -> None:
    web.set_url("/echo")
    web.send(b"AT+QHTTPPOST=10,5,60\r")
    began_ns = web.until(b"\r\nCONNECT\r\n")
    web.send(b"123")
    answer = web.rest()
    assert answer == urc(f"+QHTTPPOST: {web.number(726, 720)}"), "and no OK"
    assert s(5) <= web.now_ns - began_ns < s(9)
    assert web.ask("AT") == OK
    assert web.ask("AT+QHTTPREAD") == cme(705)


def test_the_server_goes_while_the_host_types(web: Web) -> None:
    raw = raw_server(Step(after_bytes=300, ends="reset"))
    web = Web("ec200u" if web.is_lte else "fcm242d", raw=raw)
    web.set_url("http://raw.example/")
    body = b"x" * 5000
    answer = web.upload("AT+QHTTPPOST=5000,60,60", body)
    assert answer == OK + urc(f"+QHTTPPOST: {web.number(718, 714)}"), "behind all that it typed"
    assert web.ask("AT") == OK


def test_a_server_that_answers_before_it_has_all(family: str) -> None:
    no = "HTTP/1.1 413 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
    web = Web(family, raw=raw_server(Step(after_bytes=300, text=no, ends="fin")))
    web.set_url("http://raw.example/")
    answer = web.upload("AT+QHTTPPOST=20000,60,60", b"x" * 20_000)
    assert answer == OK + urc("+QHTTPPOST: 0,413,2")
    assert web.ask("AT+QHTTPREAD") == read(b"no")


def test_a_host_that_reads_slowly_holds_the_server_back(family: str) -> None:
    """At 115200 baud 200000 bytes take 17 s; the network would need a fraction of that."""
    web = Web(family)
    web.get("/large")
    began_ns = web.now_ns
    web.send(b"AT+QHTTPREAD=1\r")
    web.until(b"CONNECT\r\n")
    web.run_for(s(5))
    client = web.rig.device.context.clients["HTTP"]
    assert isinstance(client, HttpClient)
    assert client.state is HttpState.READING
    assert client.waiting <= 1 << 16
    last_ns = web.until(urc("+QHTTPREAD: 0"))
    assert s(17) < last_ns - began_ns < s(18)
    sent = b"".join(event.data for event in web.events(Sent))
    assert len(sent) > 200_000


# stop, and the end of the session


def test_stop_without_a_request(web: Web) -> None:
    assert web.ask("AT+QHTTPSTOP") == web.ask("AT+QHTTPSTOP") == OK


def test_stop_a_request(web: Web) -> None:
    web.set_url("/late")
    web.send(b"AT+QHTTPGET=60\r")
    web.until(b"\r\nOK\r\n")
    assert web.ask("AT+QHTTPSTOP") == OK, "and nothing more of the request"
    assert web.ask("AT+QHTTPREAD") == cme(705)
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5")


def test_stop_and_ask_again_on_one_line(web: Web) -> None:
    web.set_url("/late")
    web.send(b"AT+QHTTPGET=60\r")
    web.until(b"\r\nOK\r\n")
    assert web.ask("AT+QHTTPSTOP;+QHTTPGET=9") == OK + urc(f"+QHTTPGET: {web.number(728, 722)}")


def test_stop_a_response_that_waits(web: Web) -> None:
    web.configure("closed/ind", "closed/ind", 1)
    web.get("/endless")
    assert web.ask("AT+QHTTPSTOP") == OK
    assert web.ask("AT+QHTTPREAD") == cme(705)


def test_the_end_is_told(web: Web) -> None:
    closed = urc('+QHTTPURC: "closed"')
    web.configure("closed/ind", "closed/ind", 1)
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5")
    assert web.ask("AT+QHTTPREAD") == read(b"hello") + closed
    code = web.number(728, 722)
    assert web.get("/late", seconds=5) == OK + urc(f"+QHTTPGET: {code}") + closed
    assert web.get("/to-the-end") == OK + urc("+QHTTPGET: 0,200") + closed, "the server's end"
    assert web.ask("AT+QHTTPREAD") == read(b"hello")


# the response comes by itself


def test_output_without_being_asked(web: Web) -> None:
    web.configure("rspout/auto", "rspout/auto", 1)
    web.configure("closed/ind", "closed/ind", 1)
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5") + urc(
        '+QHTTPURC: "recv",5\r\nhello'
    ) + urc('+QHTTPURC: "closed"')
    assert web.ask("AT+QHTTPREAD") == cme(705)


def test_a_long_response_comes_in_pieces(web: Web) -> None:
    web.configure("rspout/auto", "rspout/auto", 1)
    web.get("/chunked")
    said = bytes(web.output)
    body, at = b"", said.find(b"+QHTTPURC")
    while at >= 0:
        count, end = said[at:].split(b",", 1)[1].split(b"\r\n", 1)
        body += end[: int(count)]
        at = said.find(b"+QHTTPURC", at + 20 + int(count))
    assert body == b"hello" * 1000


def test_stop_while_it_comes(web: Web) -> None:
    web.configure("rspout/auto", "rspout/auto", 1)
    web.set_url("/endless")
    web.send(b"AT+QHTTPGET=60\r")
    web.until(b'+QHTTPURC: "recv"')
    web.run_for(s(3))
    web.send(b"AT+QHTTPSTOP\r")
    web.until(b"\r\nOK\r\n")
    assert web.rest(s(20)).count(b"QHTTPURC") <= 1, "one was waiting for its moment"
    assert web.get("/a").startswith(OK)


# power, and the bearer


def test_a_restart_ends_it(web: Web) -> None:
    web.get("/large")
    web.rig.cut_power(web.now_ns)
    web.rig.power_on(web.now_ns)
    web.rest()
    assert web.ask("AT").endswith(OK)
    assert web.ask("AT+QHTTPREAD").endswith(cme(705))


def test_the_bearer_goes_before_the_response(web: Web) -> None:
    web.set_url("/late")
    web.send(b"AT+QHTTPGET=60\r")
    web.run_for(s(5))
    web.rig.lose_registration(web.now_ns)
    web.until(urc(f"+QHTTPGET: {web.number(709, 706)}"))


def test_the_bearer_goes_while_the_response_waits(web: Web) -> None:
    web.get("/large")
    web.rig.lose_registration(web.now_ns)
    web.run_for(s(1))
    web.send(b"AT+QHTTPREAD\r")
    web.until(urc(f"+QHTTPREAD: {web.number(709, 706)}"))


@pytest.mark.parametrize("word", ["AT", "AT+QHTTPSTOP", "x" * 300])
def test_what_the_host_types_while_it_reads_waits(web: Web, word: str) -> None:
    web.get("/large")
    web.send(b"AT+QHTTPREAD\r")
    web.until(b"CONNECT\r\n")
    web.run_for(s(1))
    web.send(word.encode() + b"\r")
    answer = web.rest()
    assert urc("+QHTTPREAD: 0") in answer
    assert answer.endswith((b"OK\r\n", b"+QHTTPREAD: 0\r\n"))


def test_users_of_the_server(family: str) -> None:
    web = Web(family, HttpSettings(files=FILES, users={"u": "p"}))
    assert b"0,401" in web.get("/a")
    assert web.ask('AT+QHTTPCFG="auth","u:p"') == OK
    assert web.get("/a") == OK + urc("+QHTTPGET: 0,200,5")
