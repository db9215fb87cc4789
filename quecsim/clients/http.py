"""One HTTP request over a stream, step by step, and its response.

h11 knows the protocol. Nothing of a body is kept: it stays on the stream, and so with the server,
until it is read. Whatever a server does (lies about lengths, never ends, speaks something else),
each step ends with what it asked for, or with an `HttpTrouble`, or at its time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from quecsim.at.network import Trouble
from quecsim.border import TlsWish, Why
from quecsim.clients.stream import GIVEN_UP, TOO_LATE, Steps, Stream
from quecsim.clients.url import Url, is_address

if TYPE_CHECKING:
    from h11 import Connection, Response

Headers: TypeAlias = Sequence[tuple[str, str]]

MOST_HEAD_BYTES = 1 << 14
"""A response whose head is longer is not understood."""

_PIECE_BYTES = 1 << 11
_BEGIN = b"HTTP/"


class HttpFault(StrEnum):
    """What went wrong with a request: a closed set."""

    DNS = "dns"  # its name does not resolve
    NETWORK = "network"  # there is no way to it, or no bearer
    CONNECT = "connect"  # nobody answers there
    TLS = "tls"  # the handshake did not come off
    WRITE = "write"  # the connection ended while the request was being sent
    READ = "read"  # it broke while the response was being read
    CLOSED = "closed"  # it ended too early
    TIMEOUT = "timeout"  # nothing came in time
    ENCODE = "encode"  # the host's own headers make no request
    MALFORMED = "malformed"  # what came is no response, or not the one that its head promised
    GIVEN_UP = "given-up"  # the device itself broke it off


@dataclass(frozen=True, slots=True)
class HttpTrouble:
    """Why a request came to nothing; `trouble` is what the connection knows of it."""

    fault: HttpFault
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """How a response begins. `raw` is all of it as it came, up to and with its empty line.

    `length` is what Content-Length says, None where the response has none, or another framing.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    length: int | None
    raw: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        for known, value in self.headers:
            if known.lower() == name.lower():
                return value
        return None


class HttpExchange:
    """A request and its response over `stream`, which it opens and leaves to its owner to close.

    Times are absolute (`until_ns`): behind it a step ends with TIMEOUT; None is never.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.head: ResponseHead | None = None
        self.is_complete = False  # the whole response has been read
        self._protocol: Connection | None = None
        self._fed = bytearray()  # of a head that is not complete
        self._body = b""  # what the protocol has made of less than was fed to it

    def request(
        self,
        method: str,
        url: Url,
        *,
        headers: Headers = (),
        body: bytes = b"",
        tls: TlsWish | None = None,
        context: int = 0,
        until_ns: int | None = None,
    ) -> Steps[ResponseHead | HttpTrouble]:
        """All of a request whose body is known, up to the head of its response."""
        trouble = yield from self.connect(url, tls=tls, context=context, until_ns=until_ns)
        if trouble is None:
            sized = [*headers, ("Content-Length", str(len(body)))] if body else headers
            trouble = yield from self.send_head(method, url.path, sized, until_ns=until_ns)
        if trouble is None and body:
            trouble = yield from self.send(body, until_ns=until_ns)
        if trouble is not None:
            return trouble
        return (yield from self.response(until_ns=until_ns))

    def connect(
        self,
        url: Url,
        *,
        tls: TlsWish | None = None,
        context: int = 0,
        until_ns: int | None = None,
    ) -> Steps[HttpTrouble | None]:
        """Open the connection: with TLS where `tls` is given."""
        self.head, self.is_complete, self._body = None, False, b""
        trouble = yield from self.stream.open(
            url.host, url.port, tls=tls, context=context, timeout_ns=self._left(until_ns)
        )
        return None if trouble is None else HttpTrouble(_open_fault(trouble, url.host), trouble)

    def send_head(
        self, method: str, target: str, headers: Headers, *, until_ns: int | None = None
    ) -> Steps[HttpTrouble | None]:
        """Send a request's head. HTTP/1.1 wants a Host among `headers`, and a length for a body."""
        from h11 import LocalProtocolError, Request

        self._begin()
        assert self._protocol is not None
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        try:
            head = self._protocol.send(Request(method=method, target=target, headers=encoded))
        except LocalProtocolError as error:
            return HttpTrouble(HttpFault.ENCODE, Trouble(Why.RESET, str(error)))
        assert head is not None
        return (yield from self.send(head, until_ns=until_ns))

    def send_own(self, data: bytes, *, until_ns: int | None = None) -> Steps[HttpTrouble | None]:
        """Send the first bytes of a request whose head the host has written itself, as they are."""
        from h11 import Request

        self._begin()
        assert self._protocol is not None
        # What the response is to be read like depends on this alone of the request.
        method = "HEAD" if data.startswith(b"HEAD ") else "POST"
        self._protocol.send(Request(method=method, target="/", headers=[("Host", "")]))
        return (yield from self.send(data, until_ns=until_ns))

    def send(self, data: bytes, *, until_ns: int | None = None) -> Steps[HttpTrouble | None]:
        """Send more of the request: of its body."""
        trouble = yield from self.stream.write(data, timeout_ns=self._left(until_ns))
        if trouble is None:
            return None
        if trouble is TOO_LATE:
            return HttpTrouble(HttpFault.TIMEOUT, trouble)
        if self.stream.waiting:
            return None  # the server has its answer ready: it does not want the rest
        return self._broken(HttpFault.WRITE)

    def response(self, *, until_ns: int | None = None) -> Steps[ResponseHead | HttpTrouble]:
        """The head of the response, once it has come; those before the final one are passed by."""
        from h11 import NEED_DATA, InformationalResponse, RemoteProtocolError, Response

        assert self._protocol is not None
        while True:
            try:
                event = self._protocol.next_event()
            except RemoteProtocolError as error:
                return self._garbage(str(error))
            if isinstance(event, Response):
                self.head = self._understood(event)
                return self.head
            if isinstance(event, InformationalResponse):
                self._forget_head()
                continue
            if event is not NEED_DATA:
                return self._garbage("the server wants to speak another protocol")
            trouble = yield from self._feed(self._left(until_ns), _PIECE_BYTES)
            if trouble is not None:
                return trouble

    def read_body(self, most: int, *, timeout_ns: int | None = None) -> Steps[bytes | HttpTrouble]:
        """Some bytes of the body, at most `most`, as soon as there are any; b"" behind its end.

        TIMEOUT where nothing comes for `timeout_ns`; reading may go on after that. CLOSED where it
        ends before it should, MALFORMED where it goes on as it must not.
        """
        from h11 import NEED_DATA, Data, EndOfMessage, RemoteProtocolError

        assert self._protocol is not None
        while not self._body and not self.is_complete:
            try:
                event = self._protocol.next_event()
            except RemoteProtocolError as error:
                if self.stream.trouble is not None and not self.stream.waiting:
                    return self._broken(HttpFault.CLOSED)
                return self._garbage(str(error))
            if isinstance(event, EndOfMessage):
                self.is_complete = True
            elif isinstance(event, Data):
                self._body = bytes(event.data)
            elif event is NEED_DATA:
                trouble = yield from self._feed(timeout_ns, most)
                if trouble is not None:
                    return trouble
            else:
                return self._garbage("the server speaks another protocol")
        piece, self._body = self._body[:most], self._body[most:]
        return piece

    # inside

    def _begin(self) -> None:
        from h11 import CLIENT, Connection

        self._protocol = Connection(CLIENT, max_incomplete_event_size=MOST_HEAD_BYTES)
        self._forget_head()

    def _feed(self, timeout_ns: int | None, most: int) -> Steps[HttpTrouble | None]:
        """Give the protocol what comes next, or the end; None where that was possible."""
        assert self._protocol is not None
        data = yield from self.stream.read(most, timeout_ns=timeout_ns)
        if data is None:
            return HttpTrouble(HttpFault.TIMEOUT, TOO_LATE)
        is_end = not data
        if is_end and (self.stream.trouble is None or self.stream.trouble.why is not Why.FIN):
            return self._broken(HttpFault.READ)
        if is_end and self.head is None:
            is_http = _BEGIN.startswith(bytes(self._fed[: len(_BEGIN)]))
            return self._broken(HttpFault.CLOSED if is_http else HttpFault.MALFORMED)
        if self.head is None:
            self._fed += data
        self._protocol.receive_data(data)
        return None

    def _forget_head(self) -> None:
        assert self._protocol is not None
        unread = self._protocol.trailing_data[0]
        self._fed = bytearray(unread)

    def _understood(self, response: "Response") -> ResponseHead:
        assert self._protocol is not None
        unread = self._protocol.trailing_data[0]
        raw = bytes(self._fed[: len(self._fed) - len(unread)])
        self._fed.clear()
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in response.headers.raw_items()
        )
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        is_chunked = any(name.lower() == "transfer-encoding" for name, _ in headers)
        length = int(lengths[0]) if lengths and not is_chunked else None
        reason = response.reason.decode("latin-1")
        return ResponseHead(response.status_code, reason, headers, length, raw)

    def _garbage(self, detail: str) -> HttpTrouble:
        return HttpTrouble(HttpFault.MALFORMED, Trouble(Why.RESET, detail))

    def _broken(self, fault: HttpFault) -> HttpTrouble:
        """The connection is over: `fault`, where that was not the device's own doing."""
        trouble = self.stream.trouble
        assert trouble is not None
        if trouble == GIVEN_UP:
            return HttpTrouble(HttpFault.GIVEN_UP, trouble)
        is_gone = trouble.why is Why.UNREACHABLE
        return HttpTrouble(HttpFault.NETWORK if is_gone else fault, trouble)

    def _left(self, until_ns: int | None) -> int | None:
        return None if until_ns is None else max(0, until_ns - self.stream.now_ns)


def _open_fault(trouble: Trouble, host: str) -> HttpFault:
    """What it means that a connection did not come about."""
    if trouble == GIVEN_UP:
        return HttpFault.GIVEN_UP
    if trouble is TOO_LATE:
        return HttpFault.TIMEOUT
    if trouble.why is Why.NOT_ALLOWED:
        return HttpFault.CONNECT if is_address(host) else HttpFault.DNS
    return _OPEN_FAULTS.get(trouble.why, HttpFault.TLS)


_OPEN_FAULTS = {
    Why.DNS: HttpFault.DNS,
    Why.UNREACHABLE: HttpFault.NETWORK,
    Why.REFUSED: HttpFault.CONNECT,
    Why.TIMEOUT: HttpFault.CONNECT,
    Why.RESET: HttpFault.CONNECT,
    Why.FIN: HttpFault.CONNECT,
}
