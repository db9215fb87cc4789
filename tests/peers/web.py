"""A client of h11's before an HTTP server in process: asks, and reads the answers."""

from dataclasses import dataclass

import h11

from quecsim.border import Why
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpSettings

_ROOM = 1 << 16


@dataclass(frozen=True)
class Seen:
    """An answer, as a client has it. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Web:
    """`server` with one client after the other; it is `now_ns`."""

    def __init__(self, settings: HttpSettings | None = None, clock_s: int | None = None) -> None:
        self.server = HttpServer(settings, clock_s)
        self.now_ns = 0
        self.said: dict[int, bytearray] = {}
        self.ended: dict[int, Why] = {}

    def open(self) -> int:
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
        number = self.open()
        self.write(number, request(*lines, body=body))
        (seen,) = answers(bytes(self.said[number]), lines[0].split()[0])
        return seen


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
        client = h11.Connection(h11.CLIENT)
        client.send(h11.Request(method=method, target="/", headers=[("Host", "web.example")]))
        client.send(h11.EndOfMessage())
        client.receive_data(data)
        body, head = b"", None
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                client.receive_data(b"")
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.Response):
                head = event
        assert head is not None
        headers = {name.decode(): value.decode() for name, value in head.headers}
        seen.append(Seen(head.status_code, headers, body))
        data = client.trailing_data[0]
    assert not data, data
    return seen
