"""Real HTTP clients at our server, plain and over TLS: curl, lftp, and Python's."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quecsim.peers.drawn import drawn_bytes
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.tls.authority import authority_pem, server_tls
from tests.peers.program import Program
from tests.peers.served import Served

COUNT = 300_000
FILES = {
    "/": HttpFile(text="Here.\n"),
    "/a.txt": HttpFile(text="one\ntwo\n"),
    "/big.bin": HttpFile(drawn_bytes=COUNT),
    "/chunks.bin": HttpFile(drawn_bytes=COUNT, framing="chunked", chunk_bytes=777),
    "/close.bin": HttpFile(drawn_bytes=COUNT, framing="close"),
    "/slow.bin": HttpFile(drawn_bytes=2000, bytes_per_s=20_000, delay_ms=20),
    "/old": HttpFile(redirect="/a.txt"),
    "/short.bin": HttpFile(drawn_bytes=1000, ends_after_bytes=600),
    "/reset.bin": HttpFile(drawn_bytes=1000, ends_after_bytes=600, ends="reset"),
    "/long.bin": HttpFile(drawn_bytes=1000, says_bytes=2000, framing="length", ends="fin"),
    "/endless.bin": HttpFile(endless=True),
    "/bare": HttpFile(drawn_bytes=100, bare=True),
}


class WebServer:
    """Our server behind sockets."""

    def __init__(self, folder: Path, *, has_tls: bool, settings: HttpSettings) -> None:
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(authority_pem())
        self.server = HttpServer(settings, 1_780_315_200)
        self.sockets = Served(self.server, server_tls() if has_tls else None, implicit=has_tls)
        self.root = f"http{'s' if has_tls else ''}://localhost:{self.sockets.port}"

    def curl(self, *options: str) -> Program:
        return self.sockets.run("curl", "-sS", "--cacert", str(self.ca_file), *options)

    def lftp(self, script: str) -> Program:
        settings = (
            f"set ssl:ca-file {self.ca_file}",
            "set net:max-retries 1",
            "set cmd:fail-exit yes",
            f"open {self.root}",
        )
        return self.sockets.run("lftp", "--norc", "-c", "; ".join([*settings, script]))

    def python(self, script: str) -> Program:
        """`root` is the server's URL, `tls` how to check it."""
        lines = [
            "import http.client, httpx, ssl, urllib.request",
            f"root = {self.root!r}",
            f"tls = ssl.create_default_context(cafile={str(self.ca_file)!r})",
        ]
        return self.sockets.run(sys.executable, "-c", "\n".join([*lines, script]))


Serve = Callable[..., WebServer]


@pytest.fixture(params=[False, True], ids=["plain", "TLS"])
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Serve]:
    opened: list[WebServer] = []

    def start(settings: HttpSettings | None = None) -> WebServer:
        settings = settings or HttpSettings(files=FILES)
        opened.append(WebServer(tmp_path, has_tls=request.param, settings=settings))
        return opened[-1]

    yield start
    for server in opened:
        server.sockets.close()


@pytest.fixture
def server(serve: Serve) -> WebServer:
    return serve()


def said(program: Program) -> bytes:
    assert program.code == 0, program.said
    return program.said


@pytest.mark.parametrize("path", ["/big.bin", "/chunks.bin", "/close.bin"])
def test_curl_gets_a_file(server: WebServer, path: str) -> None:
    assert said(server.curl(server.root + path)) == drawn_bytes(0, path, 0, COUNT)


def test_curl_gets_a_slow_one(server: WebServer) -> None:
    assert said(server.curl(f"{server.root}/slow.bin")) == drawn_bytes(0, "/slow.bin", 0, 2000)


def test_curl_on_one_connection(server: WebServer) -> None:
    urls = [f"{server.root}/a.txt"] * 3 + [f"{server.root}/no"]
    options = ("-w", "%{http_code} %{num_connects}\n", "-o", "/dev/null")
    output = said(server.curl(*options, *urls[:1], *("-o", "/dev/null", urls[3])))
    assert output.splitlines() == [b"200 1", b"404 0"]


def test_curl_follows_and_asks_for_parts(server: WebServer) -> None:
    assert said(server.curl("-L", f"{server.root}/old")) == b"one\ntwo\n"
    part = said(server.curl("-r", "1000-1999", f"{server.root}/big.bin"))
    assert part == drawn_bytes(0, "/big.bin", 1000, 1000)
    assert b"HTTP/1.1 200 OK\r\n" in said(server.curl("-I", f"{server.root}/a.txt"))


def test_curl_uploads(server: WebServer) -> None:
    data = drawn_bytes(1, "x", 0, 900_000)
    (server.folder / "up.bin").write_bytes(data)
    up = str(server.folder / "up.bin")
    said(server.curl("-T", up, f"{server.root}/kept.bin"))
    assert server.server.stored["/kept.bin"] == data
    assert said(server.curl(f"{server.root}/kept.bin")) == data
    assert said(server.curl("--data-binary", f"@{up}", f"{server.root}/echo")) == data
    chunked = ("-H", "Transfer-Encoding: chunked")
    assert said(server.curl(*chunked, "--data-binary", f"@{up}", f"{server.root}/echo")) == data
    form = said(server.curl("-F", f"file=@{up};type=a/b", f"{server.root}/echo"))
    assert data in form
    assert form.startswith(b"--")


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("/short.bin", {18}),
        ("/reset.bin", {18, 56}),
        ("/long.bin", {18}),
        ("/bare", {1}),
    ],
)
def test_curl_sees_what_is_wrong(server: WebServer, path: str, codes: set[int]) -> None:
    assert server.curl("-o", "/dev/null", server.root + path).code in codes


def test_curl_goes_away_from_what_never_ends(server: WebServer) -> None:
    options = ("-sS", "--cacert", str(server.ca_file), f"{server.root}/endless.bin")
    program = server.sockets.start("curl", *options)
    server.sockets.until(lambda: len(program.said) > 3_000_000)
    assert program.said == drawn_bytes(0, "/endless.bin", 0, len(program.said))
    program.child.kill()
    server.sockets.until(lambda: program.code is not None)
    assert said(server.curl(f"{server.root}/a.txt")) == b"one\ntwo\n"


def test_curl_shows_who_it_is(serve: Serve) -> None:
    server = serve(HttpSettings(files=FILES, users={"meter": "secret"}))
    url = f"{server.root}/a.txt"
    assert said(server.curl("-u", "meter:secret", url)) == b"one\ntwo\n"
    assert said(server.curl("-u", "meter:wrong", "-w", "%{http_code}", url)) == b"401"
    up = ("-T", "-", "-H", "Expect: 100-continue", "-w", "%{http_code}")
    assert said(server.curl(*up, f"{server.root}/x")).endswith(b"401")


def test_lftp(server: WebServer) -> None:
    assert said(server.lftp("cat /a.txt")) == b"one\ntwo\n"
    copy = server.folder / "copy.bin"
    said(server.lftp(f"get /big.bin -o {copy}"))
    assert copy.read_bytes() == drawn_bytes(0, "/big.bin", 0, COUNT)
    copy.write_bytes(copy.read_bytes()[:1000])
    said(server.lftp(f"get -c /big.bin -o {copy}"))
    assert copy.read_bytes() == drawn_bytes(0, "/big.bin", 0, COUNT)
    said(server.lftp(f"put {copy} -o /kept.bin"))
    assert server.server.stored["/kept.bin"] == copy.read_bytes()


URLLIB = """
def ask(method, path, body=None):
    asked = urllib.request.Request(root + path, body, method=method)
    with urllib.request.urlopen(asked, context=tls if "https" in root else None) as answer:
        return answer.status, answer.read()
assert ask("GET", "/old") == (200, b"one\\ntwo\\n")
assert ask("POST", "/echo", b"abc") == (200, b"abc")
assert ask("PUT", "/x", b"abc") == (201, b"")
assert ask("GET", "/x") == (200, b"abc")
assert len(ask("GET", "/chunks.bin")[1]) == 300000
"""
HTTPX = """
with httpx.Client(base_url=root, verify=tls) as client:
    assert client.get("/a.txt").text == "one\\ntwo\\n"
    assert client.get("/old").next_request.url.path == "/a.txt"
    assert client.get("/no").status_code == 404
    assert client.put("/x", content=b"abc").status_code == 201
    assert client.get("/x", headers={"Range": "bytes=1-1"}).content == b"b"
    assert client.post("/echo", json={"a": 1}).json() == {"a": 1}
    assert client.head("/big.bin").headers["Content-Length"] == "300000"
    for path in ("/short.bin", "/long.bin", "/bare", "/reset.bin"):
        try:
            client.get(path)
        except httpx.HTTPError:
            continue
        raise AssertionError(path)
"""


@pytest.mark.parametrize("script", [URLLIB, HTTPX], ids=["urllib", "httpx"])
def test_python(server: WebServer, script: str) -> None:
    said(server.python(script))
