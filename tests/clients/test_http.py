"""One request, and what servers answer, also those that should not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.at.network import Trouble
from quecsim.border import TlsWish, Why
from quecsim.clients.http import (
    MOST_HEAD_BYTES,
    HttpExchange,
    HttpFault,
    HttpTrouble,
    ResponseHead,
)
from quecsim.clients.stream import Steps
from quecsim.clients.url import parse_url
from quecsim.units import s
from tests.clients.stage import Happening, Stage, pieces

_RESET = Trouble(Why.RESET)
URL = parse_url("http://server.example/x?y")
HOST = [("Host", "server.example")]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


def exchange(stage: Stage) -> HttpExchange:
    return HttpExchange(stage.stream)


def get(stage: Stage, web: HttpExchange, method: str = "GET") -> ResponseHead | HttpTrouble:
    return stage.run(web.request(method, URL, headers=HOST, until_ns=s(60)))


def fault_of(answer: object) -> HttpFault:
    assert isinstance(answer, HttpTrouble), answer
    return answer.fault


def whole_body(web: HttpExchange, most: int = 100) -> Steps[bytes | HttpTrouble]:
    body = b""
    while True:
        piece = yield from web.read_body(most, timeout_ns=s(60))
        if isinstance(piece, HttpTrouble):
            return piece
        if not piece:
            return body
        assert len(piece) <= most
        body += piece


def body_of(stage: Stage, most: int = 100) -> bytes | HttpTrouble:
    web = exchange(stage)
    head = get(stage, web)
    return head if isinstance(head, HttpTrouble) else stage.run(whole_body(web, most))


def test_a_request_and_its_response() -> None:
    stage = Stage(OK + b"hello")
    web = exchange(stage)
    head = get(stage, web)
    assert isinstance(head, ResponseHead)
    assert (head.status, head.reason, head.length, head.raw) == (200, "OK", 5, OK)
    assert head.header("content-LENGTH") == "5"
    assert head.header("x") is None
    assert stage.sent == b"GET /x?y HTTP/1.1\r\nHost: server.example\r\n\r\n"
    assert stage.run(whole_body(web)) == b"hello"
    assert web.is_complete
    assert stage.opened_with == [("server.example", 80, None, 0)]


def test_a_body_goes_with_its_length() -> None:
    stage = Stage(OK)
    tls = TlsWish()
    asked = exchange(stage).request("PUT", URL, headers=HOST, body=b"abc", tls=tls, context=2)
    stage.run(asked)
    assert stage.sent.endswith(b"\r\nHost: server.example\r\nContent-Length: 3\r\n\r\nabc")
    assert stage.opened_with == [("server.example", 80, tls, 2)]


def test_the_hosts_own_request_goes_as_it_is() -> None:
    stage = Stage(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    web = exchange(stage)
    own = b"HEAD / HTTP/1.1\r\nhOSt:x\r\n\r\n"
    assert stage.run(web.connect(URL)) is None
    assert stage.run(web.send_own(own[:9])) is None
    assert stage.run(web.send(own[9:])) is None
    assert isinstance(stage.run(web.response()), ResponseHead)
    assert stage.sent == own
    assert stage.run(whole_body(web)) == b""  # HEAD: there is none, whatever the length


@given(
    body=st.binary(max_size=300),
    framing=st.sampled_from(["length", "chunked", "end"]),
    chunks=st.lists(st.integers(1, 90), max_size=4),
    cuts=st.lists(st.integers(1, 90), max_size=4),
    interim=st.integers(0, 3),
    most=st.integers(1, 400),
)
def test_the_body_arrives_exactly(
    body: bytes, framing: str, chunks: list[int], cuts: list[int], interim: int, most: int
) -> None:
    head = b"HTTP/1.1 200 Fine\r\nX:  y\r\n"
    if framing == "length":
        head, sent = head + b"content-length: %d\r\n" % len(body), body
    elif framing == "chunked":
        head += b"Transfer-Encoding: chunked\r\n"
        parts = pieces(body, chunks)
        sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    else:
        sent = body
    head += b"\r\n"
    said = b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n" * interim + head + sent
    ends: list[Happening] = [Why.FIN] if framing == "end" else []
    stage = Stage(*pieces(said, cuts), *ends)
    web = exchange(stage)
    answer = get(stage, web)
    assert isinstance(answer, ResponseHead)
    assert answer.raw == head
    assert answer.length == (len(body) if framing == "length" else None)
    assert stage.run(whole_body(web, most)) == body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("status", [204, 304, 404])
def test_responses_without_a_body(method: str, status: int) -> None:
    stage = Stage(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status)
    web = exchange(stage)
    head = get(stage, web, method)
    assert isinstance(head, ResponseHead)
    assert (head.status, head.length) == (status, 0)
    assert stage.run(whole_body(web)) == b""


@pytest.mark.parametrize(
    ("host", "why", "fault"),
    [
        ("a.example", Why.DNS, HttpFault.DNS),
        ("a.example", Why.NOT_ALLOWED, HttpFault.DNS),
        ("192.0.2.1", Why.NOT_ALLOWED, HttpFault.CONNECT),
        ("a.example", Why.REFUSED, HttpFault.CONNECT),
        ("a.example", Why.TIMEOUT, HttpFault.CONNECT),
        ("a.example", Why.UNREACHABLE, HttpFault.NETWORK),
        ("a.example", Why.TLS_CA, HttpFault.TLS),
        ("a.example", Why.TLS_ALERT, HttpFault.TLS),
    ],
)
def test_a_connection_that_does_not_come_about(host: str, why: Why, fault: HttpFault) -> None:
    stage = Stage(why, opens=False)
    answer = stage.run(exchange(stage).connect(parse_url(f"https://{host}")))
    assert fault_of(answer) is fault


def test_a_server_that_never_answers() -> None:
    stage = Stage(opens=False)
    assert fault_of(get(stage, exchange(stage))) is HttpFault.TIMEOUT
    assert stage.now_ns == s(60)
    stage = Stage()
    assert fault_of(get(stage, exchange(stage))) is HttpFault.TIMEOUT
    assert stage.now_ns == s(60)


def test_a_server_that_takes_nothing() -> None:
    stage = Stage(room=0)
    assert fault_of(get(stage, exchange(stage))) is HttpFault.TIMEOUT


@pytest.mark.parametrize(
    ("happens", "fault"),
    [
        ((Why.FIN,), HttpFault.CLOSED),
        ((Why.RESET,), HttpFault.READ),
        ((Why.UNREACHABLE,), HttpFault.NETWORK),
        ((b"220 an FTP server\r\n", b"530 \r\n\r\n"), HttpFault.MALFORMED),
        ((b"HTTP/1.1 200 OK\r\nA b\r\n\r\n",), HttpFault.MALFORMED),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",), HttpFault.MALFORMED),
        (
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",),
            HttpFault.MALFORMED,
        ),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",), HttpFault.MALFORMED),
        ((b"HTTP/1.1 101 No\r\n\r\n", b"more"), HttpFault.MALFORMED),
        ((b"HTTP/1.1 200 ", Why.FIN), HttpFault.CLOSED),
        ((b"x" * (MOST_HEAD_BYTES + 4096),), HttpFault.MALFORMED),
        ((b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 4096,), HttpFault.MALFORMED),
    ],
)
def test_what_is_no_response(happens: tuple[Happening, ...], fault: HttpFault) -> None:
    stage = Stage(*happens)
    assert fault_of(get(stage, exchange(stage))) is fault


def test_an_interim_response_again_and_again_ends_in_time() -> None:
    class Endless(Stage):
        def _wait(self, wanted: object) -> None:
            self.now_ns += s(1)
            if self.stream.opened_as is None:
                super()._wait(wanted)  # type: ignore[arg-type]
            else:
                self.stream.received(1, b"HTTP/1.1 100 Continue\r\n\r\n")

    stage = Endless()
    assert fault_of(get(stage, exchange(stage))) is HttpFault.TIMEOUT


@pytest.mark.parametrize("why", [Why.FIN, Why.RESET, Why.UNREACHABLE])
@pytest.mark.parametrize("framing", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_a_connection_that_ends_at_any_byte(framing: bytes, why: Why) -> None:
    body = b"123456789" if b"Length" in framing else b"9\r\n123456789\r\n0\r\n\r\n"
    said = b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n" + body
    for count in range(len(said)):
        answer = body_of(Stage(said[:count], why))
        kinds = {
            Why.FIN: HttpFault.CLOSED,
            Why.RESET: HttpFault.READ,
            Why.UNREACHABLE: HttpFault.NETWORK,
        }
        assert fault_of(answer) is kinds[why]
    assert body_of(Stage(said, why)) == b"123456789"


def test_a_reset_is_no_end_of_a_body() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    assert body_of(Stage(head + b"abc", Why.FIN)) == b"abc"
    assert fault_of(body_of(Stage(head + b"abc", Why.RESET))) is HttpFault.READ


@pytest.mark.parametrize("after", [b"zz\r\n", b"5;x\r\nabcdeXX", b"-1\r\n"])
def test_chunks_that_are_none(after: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    stage = Stage(head, after)
    assert fault_of(body_of(stage)) is HttpFault.MALFORMED


def test_a_body_that_pauses_can_be_read_on() -> None:
    stage = Stage(OK + b"he")
    web = exchange(stage)
    get(stage, web)
    assert stage.run(web.read_body(9, timeout_ns=s(1))) == b"he"
    assert fault_of(stage.run(web.read_body(9, timeout_ns=s(1)))) is HttpFault.TIMEOUT
    stage.happenings.append(b"llo")
    assert stage.run(web.read_body(9, timeout_ns=s(1))) == b"llo"
    assert stage.run(web.read_body(9, timeout_ns=s(1))) == b""


def test_what_is_not_read_stays_on_the_stream() -> None:
    stage = Stage(OK.replace(b"5", b"9999999"), *(b"x" * 1000 for _ in range(50)))
    web = exchange(stage)
    get(stage, web)
    for _ in range(50):
        assert stage.run(web.read_body(100, timeout_ns=s(1))) == b"x" * 100
    assert stage.credited == len(OK) + 6 + 5000


def test_what_comes_behind_the_response_is_nobodys() -> None:
    assert body_of(Stage(OK + b"hello and more")) == b"hello"


@pytest.mark.parametrize(
    ("headers", "method"),
    [([("A\r\n", "b")], "GET"), ([("A", "b\r\nc: d")], "GET"), ([], "GET"), (HOST, "G T")],
)
def test_headers_that_make_no_request(headers: list[tuple[str, str]], method: str) -> None:
    stage = Stage()
    web = exchange(stage)
    assert stage.run(web.connect(URL)) is None
    assert fault_of(stage.run(web.send_head(method, "/", headers))) is HttpFault.ENCODE
    assert stage.sent == b""


def test_a_server_that_answers_before_it_has_all() -> None:
    stage = Stage()
    web = exchange(stage)
    assert stage.run(web.connect(URL)) is None
    assert stage.run(web.send_head("POST", "/", [*HOST, ("Content-Length", "10")])) is None
    stage.stream.received(1, b"HTTP/1.1 413 Too much\r\nContent-Length: 0\r\n\r\n")
    stage.stream.closed(1, _RESET)
    assert stage.run(web.send(b"abc")) is None
    head = stage.run(web.response())
    assert isinstance(head, ResponseHead)
    assert head.status == 413


def test_a_server_that_goes_while_it_is_sent_to() -> None:
    stage = Stage()
    web = exchange(stage)
    assert stage.run(web.connect(URL)) is None
    stage.stream.closed(1, _RESET)
    assert fault_of(stage.run(web.send(b"abc"))) is HttpFault.WRITE


def test_the_device_gives_it_up() -> None:
    stage = Stage()
    web = exchange(stage)
    assert stage.run(web.connect(URL)) is None
    stage.stream.abort()
    assert fault_of(stage.run(web.send_head("GET", "/", HOST))) is HttpFault.GIVEN_UP
