"""A device at a real web server, by routes, live on a pseudo terminal: Python's own, plain and over
TLS. The run again from its record is the same.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import serial

import quecsim
from quecsim.tls.authority import authority_pem, server_tls
from tests.commands.web import read
from tests.e2e.network.world import look_back

pytestmark = pytest.mark.pty

FILE = bytes(at * at % 251 for at in range(100_000))
_HANGS_S = 60


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(FILE)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"]))[::-1])

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def web_server(folder: Path | None = None) -> Iterator[int]:
    """Its port; with TLS where there is a `folder` for its certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if folder is not None:
        (folder / "server.pem").write_bytes(server_tls().certificate)
        (folder / "server.key").write_bytes(server_tls().key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Typist:
    """A host that knows both families' ways to name a URL."""

    def __init__(self, port: serial.Serial, *, is_lte: bool) -> None:
        self.port = port
        self.is_lte = is_lte
        self.ask("ATE0" if is_lte else "AT+QECHO=0")

    def ask(self, line: str, until: str = "\r\nOK\r\n") -> bytes:
        self.port.write(line.encode() + b"\r")
        return self.hear(until)

    def hear(self, until: str) -> bytes:
        said: bytes = self.port.read_until(until.encode())
        assert said.endswith(until.encode()), said[-300:]
        return said

    def name(self, url: str) -> None:
        if self.is_lte:
            self.ask(f"AT+QHTTPURL={len(url)}", "CONNECT\r\n")
            self.port.write(url.encode())
            self.hear("\r\nOK\r\n")
        else:
            self.ask(f'AT+QHTTPCFG="url","{url}"')

    def store(self, name: str, data: bytes) -> None:
        if self.is_lte:
            self.ask(f'AT+QFUPL="{name}",{len(data)}', "CONNECT\r\n")
            self.port.write(data)
            self.hear("\r\nOK\r\n")
            return
        self.ask(f'AT+QFOPEN="{name}",1')
        self.ask(f"AT+QFWRITE=1,{len(data)}", "CONNECT\r\n")
        self.port.write(data)
        self.hear("\r\nOK\r\n")
        self.ask("AT+QFCLOSE=1")


@pytest.mark.parametrize("device", ["ec200u", "fcm242d"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_device_at_a_real_server(device: str, scheme: str, tmp_path: Path) -> None:
    with web_server(tmp_path if scheme == "https" else None) as port:
        routes = [f"broker.example:8000=127.0.0.1:{port}"]
        with (
            quecsim.open(device, speed="unlimited", flash="instant", routes=routes) as opened,
            serial.Serial(opened.port, 115_200, timeout=_HANGS_S) as line,
        ):
            host = Typist(line, is_lte=device == "ec200u")
            if scheme == "https":
                host.store("ca.pem", authority_pem())
                host.ask('AT+QSSLCFG="cacert",1,"ca.pem"')
                host.ask('AT+QSSLCFG="seclevel",1,1')
                host.ask('AT+QSSLCFG="ignorelocaltime",1,1')
            host.name(f"{scheme}://broker.example:8000/file")
            assert b"\r\nOK\r\n" in host.ask("AT+QHTTPGET=60", "+QHTTPGET: 0,200,100000\r\n")
            answer = host.ask("AT+QHTTPREAD=60", "+QHTTPREAD: 0\r\n")
            assert answer == read(FILE)
            host.ask("AT+QHTTPPOST=70000,60,60", "CONNECT\r\n")
            line.write(FILE[:70_000])
            host.hear("+QHTTPPOST: 0,200,70000\r\n")
            answer = host.ask("AT+QHTTPREAD=60", "+QHTTPREAD: 0\r\n")
            assert answer == read(FILE[:70_000][::-1])
        look_back(opened.events())
