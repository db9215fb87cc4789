"""What a client sees of our HTTP server, it sees of nginx: each test runs against ours, and against
nginx, without TLS and with it.
"""

import ssl
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from quecsim.peers.http_settings import HttpFile, HttpSettings
from tests.peers.nginx import MOST_BODY_BYTES, PASSWORD, USER, Nginx
from tests.peers.web import Place, Sockets, Talk, Web

BIG = bytes(range(256)) * 1000
FILES = {
    "/a.txt": b"one\ntwo\n",
    "/big.bin": BIG,
    "/empty.txt": b"",
    "/fixed/a.txt": b"fixed",
    "/with blank/f\u00f6n.txt": b"blank",
    "/private/a.txt": b"secret",
}
TEN = b"0123456789"


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    running = Nginx(Path(tmp_path_factory.mktemp("nginx")))
    for name, data in {**FILES, "/ten.bin": TEN}.items():
        path = running.root / name[1:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    yield running
    running.stop()


def ours(*, users: bool = False) -> Web:
    """The same, as far as one server can be told; what nobody but `USER` has is another one."""
    files = {name: HttpFile(base64=data) for name, data in {**FILES, "/ten.bin": TEN}.items()}
    files["/fixed/a.txt"] = HttpFile(text="fixed", takes="refuse")
    files["/old"] = HttpFile(redirect="/new")
    files["/far"] = HttpFile(redirect="http://elsewhere.example/c", status=301)
    files["/later"] = HttpFile(redirect="/new", status=307)
    return Web(
        HttpSettings(
            files=files,
            users={USER: PASSWORD} if users else {},
            post="refuse",
            body_bytes=MOST_BODY_BYTES,
        )
    )


@pytest.fixture(params=["ours", "nginx", "nginx with TLS"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "ours":
        yield ours(users="private" in request.node.name)
        return
    running: Nginx = request.getfixturevalue("nginx")
    if request.param == "nginx":
        sockets = Sockets(running.port)
    else:
        context = ssl.create_default_context(cafile=str(running.ca_file))
        sockets = Sockets(running.tls_port, context)
    yield sockets
    sockets.close()


@pytest.fixture
def talk(place: Place) -> Talk:
    return Talk(place)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A path that no other test uses."""
    return "/" + "".join(letter for letter in request.node.name if letter.isalnum())


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/a.txt", "text/plain"), ("/big.bin", "application/octet-stream")],
)
def test_a_file(talk: Talk, path: str, kind: str) -> None:
    seen = talk.ask(f"GET {path}")
    assert (seen.status, seen.body) == (200, FILES[path])
    assert seen.headers["content-length"] == str(len(FILES[path]))
    assert seen.headers["content-type"] == kind
    assert seen.headers["accept-ranges"] == "bytes"
    assert "transfer-encoding" not in seen.headers


def test_an_empty_file(talk: Talk) -> None:
    seen = talk.ask("GET /empty.txt")
    assert (seen.status, seen.body, seen.headers["content-length"]) == (200, b"", "0")


def test_a_query_does_not_matter(talk: Talk) -> None:
    assert talk.ask("GET /a.txt?x=1&y=%20").body == FILES["/a.txt"]


def test_a_name_with_blanks_and_letters(talk: Talk) -> None:
    assert talk.ask("GET /with%20blank/f%C3%B6n.txt").body == b"blank"


def test_what_is_not_there(talk: Talk) -> None:
    assert talk.ask("GET /no").status == 404
    assert talk.ask("HEAD /no").body == b""


def test_head(talk: Talk) -> None:
    get, head = talk.ask("GET /big.bin"), talk.ask("HEAD /big.bin")
    assert (head.status, head.body) == (200, b"")
    for word in ("content-length", "content-type", "accept-ranges"):
        assert head.headers[word] == get.headers[word]


@pytest.mark.parametrize(
    ("wanted", "status", "first", "stop"),
    [
        ("bytes=2-4", 206, 2, 5),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=7-", 206, 7, 10),
        ("bytes=-2", 206, 8, 10),
        ("bytes=-20", 206, 0, 10),
        ("bytes=0-99", 206, 0, 10),
        ("bytes=10-", 416, 0, 0),
        ("bytes=99-100", 416, 0, 0),
        ("lines=1-2", 200, 0, 10),
    ],
)
def test_a_part(talk: Talk, wanted: str, status: int, first: int, stop: int) -> None:
    seen = talk.ask("GET /ten.bin", f"Range: {wanted}")
    assert seen.status == status
    if status == 416:
        assert seen.headers["content-range"] == "bytes */10"
        return
    assert seen.body == TEN[first:stop]
    assert seen.headers["content-length"] == str(stop - first)
    if status == 206:
        assert seen.headers["content-range"] == f"bytes {first}-{stop - 1}/10"


def test_a_part_of_something_else_is_all_of_it(talk: Talk) -> None:
    assert talk.ask("GET /ten.bin", "Range: bytes=1-2", 'If-Range: "other"').status == 200
    assert talk.ask("GET /ten.bin", "Range: bytes=1-2").status == 206


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/old", 302, "/new"),
        ("/far", 301, "http://elsewhere.example/c"),
        ("/later", 307, "/new"),
    ],
)
def test_a_redirect(talk: Talk, path: str, status: int, location: str) -> None:
    seen = talk.ask(f"GET {path}")
    assert (seen.status, seen.headers["location"]) == (status, location)


@pytest.mark.parametrize(
    ("name_and_password", "status"),
    [
        ("", 401),
        (f"{USER}:{PASSWORD}", 200),
        (f"{USER}:wrong", 401),
        (f"{USER}:", 401),
        ("other:secret", 401),
    ],
)
def test_private(talk: Talk, name_and_password: str, status: int) -> None:
    token = b64encode(name_and_password.encode()).decode()
    lines = [f"Authorization: Basic {token}"] if name_and_password else []
    seen = talk.ask("GET /private/a.txt", *lines)
    assert seen.status == status
    assert ("www-authenticate" in seen.headers) == (status == 401)
    if status == 401:
        assert seen.headers["www-authenticate"] == 'Basic realm="quecsim"'


def test_put_and_get_and_delete(talk: Talk, name: str) -> None:
    assert talk.ask(f"PUT {name}", body=b"first").status == 201
    assert talk.ask(f"GET {name}").body == b"first"
    assert talk.ask(f"PUT {name}", body=BIG[:50_000]).status == 204
    assert talk.ask(f"GET {name}").body == BIG[:50_000]
    assert talk.ask(f"GET {name}", "Range: bytes=10-19").body == BIG[10:20]
    assert talk.ask(f"DELETE {name}").status == 204
    assert talk.ask(f"GET {name}").status == 404
    assert talk.ask(f"DELETE {name}").status == 404


def test_put_in_chunks(talk: Talk, name: str) -> None:
    head = f"PUT {name} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    talk.write(head.encode() + b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n", "PUT")
    assert talk.next().status == 201
    assert talk.ask(f"GET {name}").body == b"abcdefg"


def test_put_that_asks_first(talk: Talk, name: str) -> None:
    head = f"PUT {name} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    talk.write(head.encode(), "PUT")
    assert talk.read_line() == b"HTTP/1.1 100 Continue"
    talk.write(b"abc", "")
    assert talk.next().status == 201
    assert talk.ask(f"GET {name}").body == b"abc"


def test_put_where_nobody_may(talk: Talk) -> None:
    assert talk.ask("PUT /fixed/a.txt", body=b"x").status == 405
    assert talk.ask("POST /fixed/a.txt", body=b"x").status == 405
    assert talk.ask("GET /fixed/a.txt").body == b"fixed"


def test_a_body_that_is_too_large(talk: Talk, name: str) -> None:
    head = f"PUT {name} HTTP/1.1\r\nHost: a\r\nContent-Length: {MOST_BODY_BYTES + 1}\r\n\r\n"
    talk.write(head.encode(), "PUT")
    seen = talk.next()
    assert (seen.status, seen.headers["connection"]) == (413, "close")


def test_several_on_one_connection(talk: Talk) -> None:
    for _ in range(3):
        assert talk.ask("GET /a.txt").body == FILES["/a.txt"]
        assert talk.ask("GET /no").status == 404
        assert talk.ask("HEAD /big.bin").body == b""


def test_several_at_once(talk: Talk) -> None:
    paths = ["/a.txt", "/big.bin", "/empty.txt", "/big.bin", "/a.txt"]
    talk.write(b"".join(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for path in paths), "")
    for path in paths:
        talk.expects("GET")
        assert talk.next().body == FILES[path]


def test_the_last_one(talk: Talk) -> None:
    seen = talk.ask("GET /a.txt", "Connection: close")
    assert (seen.body, seen.headers["connection"]) == (FILES["/a.txt"], "close")
    assert talk.is_closed()


def test_the_older_protocol(talk: Talk) -> None:
    talk.write(b"GET /a.txt HTTP/1.0\r\n\r\n")
    seen = talk.next()
    assert (seen.body, seen.headers["connection"]) == (FILES["/a.txt"], "close")
    assert talk.is_closed()


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x00\xa5\x01",
        b"GET /a.txt HTTP/1.1\r\n\r\n",
        b"GET /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET /a.txt HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /a.txt\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"NO\x01 / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/x\r\nHost: a\r\n\r\n",
        b"PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"AT+QHTTPGET\r\n\r\n",
    ],
)
def test_what_is_no_request(place: Place, data: bytes) -> None:
    if isinstance(place, Sockets) and place.has_tls and data[0] == 0x16:
        pytest.skip("that is a record of TLS in a record of TLS")
    talk = Talk(place)
    talk.write(data)
    seen = talk.next()
    assert (seen.status, seen.headers["connection"]) == (400, "close")
    assert talk.is_closed()


def test_byte_by_byte(talk: Talk, name: str) -> None:
    whole = f"PUT {name} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".encode()
    talk.expects("PUT")
    for byte in whole:
        talk.write(bytes((byte,)), "")
    assert talk.next().status == 201
