"""Clients of h11's before an HTTP server in this process or a real one: they ask, and read the
answers.
"""

import selectors
import socket
import ssl
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import h11
import pytest

from quecsim.border import Why
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpSettings
from tests.peers.talk import HANGS_S

_ROOM = 1 << 16


@dataclass(frozen=True)
class Seen:
    """An answer, as a client has it. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line(Protocol):
    """A connection's far end."""

    def write(self, data: bytes) -> None: ...

    def read(self) -> bytes:
        """Some bytes; b"": the server has closed. Fails the test where nothing comes."""


class Place(Protocol):
    """Where a server is."""

    def open(self) -> Line: ...

    def close(self) -> None: ...


class Web:
    """`server` with any number of clients; it is `now_ns`."""

    def __init__(self, settings: HttpSettings | None = None, clock_s: int | None = None) -> None:
        self.server = HttpServer(settings, clock_s)
        self.now_ns = 0
        self.said: dict[int, bytearray] = {}
        self.ended: dict[int, Why] = {}

    def connect(self) -> int:
        number = len(self.said)
        self.said[number] = bytearray()
        self.server.connect(self.now_ns, number)
        return number

    def write(self, number: int, data: bytes) -> None:
        self.server.receive(self.now_ns, number, data)
        self.collect()

    def wait_until(self, then_ns: int) -> None:
        """Let time pass, from one deadline to the next."""
        while (due_ns := self.server.deadline_ns()) is not None and due_ns <= then_ns:
            assert due_ns >= self.now_ns
            self.now_ns = due_ns
            self.server.advance(due_ns)
            self.collect()
        self.now_ns = then_ns

    def collect(self) -> None:
        while output := self.server.take_output(dict.fromkeys(self.said, _ROOM)):
            for number, data in output:
                if isinstance(data, Why):
                    self.ended[number] = data
                else:
                    self.said[number] += data

    def ask(self, *lines: str, body: bytes = b"") -> Seen:
        """A whole exchange on a connection of its own."""
        number = self.connect()
        self.write(number, request(*lines, body=body))
        (seen,) = answers(bytes(self.said[number]), lines[0].split()[0])
        return seen

    def open(self) -> "WebLine":
        return WebLine(self, self.connect())

    def close(self) -> None:
        """Nothing is open."""


class WebLine:
    def __init__(self, web: Web, number: int) -> None:
        self._web = web
        self._number = number

    def write(self, data: bytes) -> None:
        self._web.write(self._number, data)

    def read(self) -> bytes:
        said = self._web.said[self._number]
        if not said and self._number not in self._web.ended:
            pytest.fail("the server says nothing")
        data = bytes(said)
        said.clear()
        return data


class Sockets:
    """A server at a port of this machine, with TLS where there is a `context`."""

    def __init__(self, port: int, context: ssl.SSLContext | None = None) -> None:
        self._port = port
        self._context = context
        self.has_tls = context is not None
        self._opened: list[socket.socket] = []

    def open(self) -> "SocketLine":
        opened = socket.create_connection(("127.0.0.1", self._port), HANGS_S)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is not None:
            opened = self._context.wrap_socket(opened, server_hostname="localhost")
        self._opened.append(opened)
        return SocketLine(opened)

    def close(self) -> None:
        """All that were opened."""
        for opened in self._opened:
            opened.close()


class SocketLine:
    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened

    def write(self, data: bytes) -> None:
        self._socket.sendall(data)

    def read(self) -> bytes:
        is_waiting = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            if not is_waiting and not selector.select(HANGS_S):
                pytest.fail("the server says nothing")
        try:
            return self._socket.recv(65_536)
        except (ConnectionResetError, ssl.SSLEOFError):
            return b""


class Talk:
    """One connection: asks, and reads the answers one by one."""

    def __init__(self, place: Place) -> None:
        self._line = place.open()
        self._came = b""
        self._methods: deque[str] = deque()

    def say(self, *lines: str, body: bytes = b"") -> None:
        """A request, whose answer is `next`, behind those of earlier ones."""
        self._methods.append(lines[0].split()[0])
        self._line.write(request(*lines, body=body))

    def write(self, data: bytes, method: str = "GET") -> None:
        """Bytes that are a request, or should not be one."""
        if method:
            self._methods.append(method)
        self._line.write(data)

    def expects(self, method: str) -> None:
        """The answer to such a request comes, behind the others."""
        self._methods.append(method)

    def ask(self, *lines: str, body: bytes = b"") -> Seen:
        self.say(*lines, body=body)
        return self.next()

    def read_line(self) -> bytes:
        """A line with an empty one behind it, which is all that comes."""
        while not self._came.endswith(b"\r\n\r\n"):
            self._came += self._line.read()
        line, self._came = self._came.removesuffix(b"\r\n\r\n"), b""
        return line

    def next(self) -> Seen:
        client, body, head = _client(self._methods.popleft()), b"", None
        client.receive_data(self._came) if self._came else None
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                client.receive_data(self._line.read())
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.Response):
                head = event
        self._came = client.trailing_data[0]
        return _seen(head, body)

    def is_closed(self) -> bool:
        """Whether the server closes now, without another word."""
        return not self._came and self._line.read() == b""


def request(*lines: str, body: bytes = b"") -> bytes:
    """The lines, a host, and the body with its length."""
    length = [f"Content-Length: {len(body)}"] if body else []
    first, *others = lines
    whole = [f"{first} HTTP/1.1", "Host: web.example", *others, *length]
    return "".join(f"{line}\r\n" for line in [*whole, ""]).encode() + body


def answers(data: bytes, *methods: str) -> list[Seen]:
    """What `data` answers to requests of these methods, as h11 reads it; nothing else is in it."""
    seen = []
    for method in methods:
        first, data = first_answer(data, method)
        seen.append(first)
    assert not data, data
    return seen


def first_answer(data: bytes, method: str) -> tuple[Seen, bytes]:
    """That to a request of this method, and what is behind it."""
    client, body, head = _client(method), b"", None
    client.receive_data(data)
    while not isinstance(event := client.next_event(), h11.EndOfMessage):
        if event is h11.NEED_DATA:
            client.receive_data(b"")
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.Response):
            head = event
    return _seen(head, body), client.trailing_data[0]


def _client(method: str) -> h11.Connection:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("Host", "web.example")]))
    client.send(h11.EndOfMessage())
    return client


def _seen(head: h11.Response | None, body: bytes) -> Seen:
    assert head is not None
    headers = {name.decode(): value.decode() for name, value in head.headers}
    return Seen(head.status_code, headers, body)
