"""The HTTP server: what it has, what it takes, and what it does wrong when it is told to."""

import pytest

from quecsim.border import Why
from quecsim.peers.drawn import drawn_bytes
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.peers.service import SlowReader
from quecsim.units import MS, S
from tests.peers.web import Web, answers, request

CLOCK_S = 1_780_315_200  # 2026-06-01T12:00:00Z


def web(**files: HttpFile) -> Web:
    """A server with files by their names, without the slash."""
    return Web(HttpSettings(files={f"/{name}": file for name, file in files.items()}))


def test_a_file_byte_by_byte() -> None:
    served = Web(HttpSettings(files={"/hello.txt": HttpFile(text="hello\n")}), CLOCK_S)
    number = served.connect()
    served.write(number, request("GET /hello.txt"))
    assert served.said[number].decode() == (
        "HTTP/1.1 200 OK\r\n"
        "Server: quecsim\r\n"
        "Date: Mon, 01 Jun 2026 12:00:00 GMT\r\n"
        "Accept-Ranges: bytes\r\n"
        "Content-Type: text/plain\r\n"
        "Content-Length: 6\r\n"
        "\r\n"
        "hello\n"
    )
    assert served.ended == {}


def test_what_is_not_there() -> None:
    seen = web().ask("GET /a")
    assert (seen.status, seen.body) == (404, b"There is nothing here.\n")


def test_drawn_bytes_are_the_same_each_time() -> None:
    served = web(**{"a.bin": HttpFile(drawn_bytes=100_000), "b.bin": HttpFile(drawn_bytes=10)})
    first, second = served.ask("GET /a.bin").body, served.ask("GET /a.bin").body
    assert len(first) == 100_000
    assert first == second == drawn_bytes(0, "/a.bin", 0, 100_000)
    assert served.ask("GET /b.bin").body != first[:10]


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_a_body_ends_where_it_ends(framing: str) -> None:
    file = HttpFile(drawn_bytes=10_000, framing=framing, chunk_bytes=3000)  # type: ignore[arg-type]
    served = web(a=file)
    seen = served.ask("GET /a")
    assert seen.body == drawn_bytes(0, "/a", 0, 10_000)
    assert ("content-length" in seen.headers) == (framing == "length")
    assert served.ended == ({0: Why.FIN} if framing == "close" else {})


def test_head_says_the_same_without_the_body() -> None:
    served = web(a=HttpFile(text="abc"))
    get, head = served.ask("GET /a"), served.ask("HEAD /a")
    assert head.headers == get.headers
    assert head.body == b""


@pytest.mark.parametrize(
    ("wanted", "status", "body"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=0-99", 206, b"0123456789"),
        ("bytes=10-", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=4-2", 200, b"0123456789"),
        ("bytes=1-2,4-5", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
        ("bytes=a-", 200, b"0123456789"),
    ],
)
def test_ranges(wanted: str, status: int, body: bytes) -> None:
    seen = web(a=HttpFile(text="0123456789")).ask("GET /a", f"Range: {wanted}")
    assert (seen.status, seen.body) == (status, body)
    if status == 206:
        first = b"0123456789".find(body)
        assert seen.headers["content-range"] == f"bytes {first}-{first + len(body) - 1}/10"
    if status == 416:
        assert seen.headers["content-range"] == "bytes */10"


def test_a_redirect_is_as_it_was_written() -> None:
    served = web(old=HttpFile(redirect="/new"), far=HttpFile(redirect="http://b/c", status=301))
    assert served.ask("GET /old").headers["location"] == "/new"
    assert served.ask("GET /old").status == 302
    far = served.ask("GET /far")
    assert (far.status, far.headers["location"]) == (301, "http://b/c")


def test_who_may_have_it() -> None:
    served = Web(HttpSettings(files={"/a": HttpFile(text="x")}, users={"meter": "secret"}))
    refused = served.ask("GET /a")
    assert refused.status == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")
    assert served.ask("GET /a", "Authorization: Basic bWV0ZXI6c2VjcmV0").status == 200
    assert served.ask("GET /a", "Authorization: Basic bWV0ZXI6").status == 401


def test_post_comes_back_and_put_stays() -> None:
    served = web(taken=HttpFile(text="thanks"), no=HttpFile(takes="refuse"))
    echo = served.ask("POST /echo", "Content-Type: a/b", body=b"\0\xff")
    assert (echo.status, echo.body, echo.headers["content-type"]) == (200, b"\0\xff", "a/b")
    assert served.ask("PUT /kept", body=b"one").status == 201
    assert served.ask("PUT /kept", body=b"two").status == 204
    assert served.ask("GET /kept").body == b"two"
    assert served.server.stored == {"/kept": b"two"}
    assert served.ask("DELETE /kept").status == 204
    assert served.ask("GET /kept").status == 404
    assert served.ask("DELETE /kept").status == 404
    assert served.ask("DELETE /taken").status == 405
    assert served.ask("POST /taken", body=b"xyz").body == b"thanks"
    assert served.ask("POST /no", body=b"xyz").status == 405


def test_what_is_too_much() -> None:
    settings = HttpSettings(body_bytes=10, stored_bytes=15, stored_files=2, head_bytes=200)
    served = Web(settings)
    assert served.ask("POST /a", body=bytes(11)).status == 413
    assert served.ask("PUT /a", body=bytes(10)).status == 201
    assert served.ask("PUT /b", body=bytes(6)).status == 507
    assert served.ask("PUT /b", body=bytes(5)).status == 201
    assert served.ask("PUT /c", body=b"").status == 507
    assert served.ask("GET /" + "a" * 200).status == 431


@pytest.mark.parametrize("line", ["GET\r\n\r\n", "\x16\x03\x01", "GET / HTTP/1.1\r\n\r\n"])
def test_a_bad_request(line: str) -> None:
    served = web()
    number = served.connect()
    served.write(number, line.encode())
    (seen,) = answers(bytes(served.said[number]), "GET")
    assert (seen.status, seen.headers["connection"]) == (400, "close")
    assert served.ended == {number: Why.FIN}


def test_several_requests_on_one_connection() -> None:
    served = web(a=HttpFile(text="A"), b=HttpFile(text="B"))
    number = served.connect()
    served.write(number, request("GET /a") + request("HEAD /a") + request("GET /b"))
    bodies = [seen.body for seen in answers(bytes(served.said[number]), "GET", "HEAD", "GET")]
    assert bodies == [b"A", b"", b"B"]
    served.write(number, request("GET /a", "Connection: close"))
    assert served.ended == {number: Why.FIN}


def test_it_says_that_the_body_may_come() -> None:
    served = web()
    number = served.connect()
    head, body = request("POST /a", "Expect: 100-continue", body=b"abc").split(b"\r\n\r\n")
    served.write(number, head + b"\r\n\r\n")
    assert served.said[number] == b"HTTP/1.1 100 Continue\r\n\r\n"
    served.write(number, body)
    assert answers(bytes(served.said[number]), "POST")[0].body == b"abc"


def test_a_late_answer_and_a_slow_body() -> None:
    served = web(a=HttpFile(drawn_bytes=100, delay_ms=30, bytes_per_s=1000))
    number = served.connect()
    served.write(number, request("GET /a"))
    served.wait_until(30 * MS - 1)
    assert served.said[number] == b""
    counts = []
    for at_ms in (30, 79, 80, 130, 1000):
        served.wait_until(at_ms * MS)
        counts.append(len(bytes(served.said[number]).partition(b"\r\n\r\n")[2]))
    assert counts == [0, 0, 50, 100, 100]


@pytest.mark.parametrize(("ends", "why"), [(None, Why.FIN), ("fin", Why.FIN), ("reset", Why.RESET)])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_it_breaks_off(ends: str | None, why: Why, framing: str) -> None:
    file = HttpFile(drawn_bytes=100, ends_after_bytes=60, ends=ends, framing=framing)  # type: ignore[arg-type]
    served = web(a=file)
    number = served.connect()
    served.write(number, request("GET /a"))
    body = bytes(served.said[number]).partition(b"\r\n\r\n")[2]
    assert body == (b"64\r\n" if framing == "chunked" else b"") + drawn_bytes(0, "/a", 0, 60)
    assert served.ended == {number: why}


def test_it_lies_about_the_length() -> None:
    served = web(
        short=HttpFile(text="abcdef", says_bytes=3), long=HttpFile(text="abc", says_bytes=9)
    )
    for path, said in (("short", b"3"), ("long", b"9")):
        number = served.connect()
        served.write(number, request(f"GET /{path}"))
        assert b"Content-Length: " + said in served.said[number]
        assert served.said[number].endswith(b"abcdef" if path == "short" else b"abc")
    assert served.ended == {}


def test_a_body_without_an_end_takes_no_more_than_there_is_room_for() -> None:
    served = web(a=HttpFile(text="abc", endless=True))
    served.server.connect(0, 1)
    served.server.receive(0, 1, request("GET /a"))
    for _ in range(100):
        ((_, data),) = served.server.take_output({1: 1000})
        assert isinstance(data, bytes)
        assert len(data) == 1000
    served.server.gone(0, 1)


def test_no_http() -> None:
    served = web(a=HttpFile(drawn_bytes=50, bare=True))
    number = served.connect()
    served.write(number, request("GET /a"))
    assert served.said[number] == drawn_bytes(0, "/a", 0, 50)
    assert served.ended == {number: Why.FIN}


def test_who_says_nothing_is_sent_away() -> None:
    served = Web(HttpSettings(idle_ms=1000))
    idle, half = served.connect(), served.connect()
    served.write(half, b"GET /")
    served.wait_until(S)
    assert served.said[idle] == b""
    assert served.ended == {idle: Why.FIN, half: Why.FIN}
    assert served.said[half].startswith(b"HTTP/1.1 408 ")


def test_requests_that_wait_are_counted_and_bounded() -> None:
    settings = HttpSettings(files={"/a": HttpFile(delay_ms=10)}, unread_bytes=1000)
    server = Web(settings).server
    slow: SlowReader = server
    server.connect(0, 1)
    server.receive(0, 1, request("GET /a"))
    server.receive(0, 1, bytes(900))
    assert slow.unread(1) == 900
    server.receive(0, 1, bytes(101))
    assert server.take_output({1: 1000}) == [(1, Why.RESET)]


def test_the_first_are_refused() -> None:
    served = Web(HttpSettings(files={"/a": HttpFile(text="x")}, refuse=503, refuse_first=2))
    assert [served.ask("GET /a").status for _ in range(4)] == [503, 503, 200, 200]


def test_it_remembers_the_last_requests() -> None:
    served = web()
    served.ask("GET /first", "Connection: close")
    for _ in range(200):
        served.ask("GET /b?c", "Connection: close")
    log = served.server.requests
    assert len(log) == 200
    assert {(each.method, each.target, each.status) for each in log} == {("GET", "/b?c", 404)}


def test_a_request_that_is_remembered() -> None:
    served = web(a=HttpFile(text="x"))
    served.now_ns = 7
    served.ask("POST /a", "X-Y: z", body=bytes(5000))
    served.write(served.connect(), b"nonsense\r\n\r\n")
    asked, nonsense = served.server.requests
    assert (asked.at_ns, asked.connection, asked.status) == (7, 0, 200)
    assert (asked.method, asked.target, asked.body_bytes) == ("POST", "/a", 5000)
    assert asked.body == bytes(4096)
    assert ("x-y", "z") in asked.headers
    assert (nonsense.method, nonsense.status, nonsense.connection) == ("", 400, 1)
