"""An FTP client of the tests, raw: commands out, replies in, at a server in this process or at a
real one.
"""

import re
import selectors
import socket
import ssl
from collections import deque
from typing import Protocol

import pytest

from quecsim.border import Why
from quecsim.peers.ftp_server import FtpServer

# Only a server that hangs takes so long.
HANGS_S = 20
_MOST_UNREAD = 1 << 16
_LAST = re.compile(rb"(\d\d\d) ")


class Line(Protocol):
    """A connection's far end."""

    def write(self, data: bytes) -> None: ...

    def read(self) -> bytes:
        """Some bytes; b"": the server has closed. Fails the test where nothing comes."""

    def secure(self) -> None:
        """A handshake."""

    def close(self) -> None:
        """In good order."""

    def drop(self) -> None:
        """Without a word."""


class Place(Protocol):
    """Where a server is."""

    def open(self, port: int | None = None) -> Line:
        """Connect: to where it listens (with TLS, if that comes first), or to a port for data."""

    def listen(self) -> int:
        """Be called: at which port."""

    def deaf(self) -> int:
        """A port at which nobody can be called."""

    def called(self) -> Line:
        """The call."""

    def close(self) -> None: ...


class InProcess:
    """Our server, at a time that the test sets. It gets rid of as much as is read, and 64 KiB."""

    def __init__(self, server: FtpServer) -> None:
        self.server = server
        self.now_ns = 0
        self._waiting: dict[int, deque[bytes]] = {}
        self._calls: deque[int] = deque()
        self._count = 0

    def open(self, port: int | None = None) -> "InProcessLine":
        number = self._new()
        if port is None:
            self.server.connect(self.now_ns, number)
        elif port in self.server.ports:
            self.server.connect_at(self.now_ns, number, port)
        else:
            raise ConnectionRefusedError(port)
        return InProcessLine(self, number)

    def listen(self) -> int:
        return 40_000

    def deaf(self) -> int:
        return 40_001

    def called(self) -> "InProcessLine":
        self.collect()
        return InProcessLine(self, self._calls.popleft())

    def close(self) -> None:
        """Nothing is open."""

    def collect(self) -> None:
        for dial in self.server.take_dials(self.now_ns):
            number = self._new() if dial.port == 40_000 else None
            if number is not None:
                self._calls.append(number)
            self.server.answered(self.now_ns, dial.key, number)
        room = {
            number: max(0, _MOST_UNREAD - sum(map(len, waiting)))
            for number, waiting in self._waiting.items()
        }
        for number, data in self.server.take_output(room):
            assert b"" not in self._waiting[number], "nothing comes behind an end"
            self._waiting[number].append(b"" if isinstance(data, Why) else data)

    def wait_until(self, then_ns: int) -> None:
        """Let the model's time pass, as a rig does: from one deadline to the next."""
        while (due_ns := self.server.deadline_ns()) is not None and due_ns <= then_ns:
            assert due_ns >= self.now_ns
            self.now_ns = due_ns
            self.server.advance(due_ns)
            self.collect()
        self.now_ns = then_ns

    def next(self, number: int) -> bytes:
        """Whatever comes on a connection, when it comes."""
        waiting = self._waiting[number]
        self.collect()
        while not waiting:
            due_ns = self.server.deadline_ns()
            assert due_ns is not None, "the server says nothing"
            self.wait_until(due_ns)
        if waiting[0] == b"":
            return b""
        return waiting.popleft()

    def has_ended(self, number: int) -> bool:
        self.collect()
        return b"" in self._waiting[number]

    def _new(self) -> int:
        self._count += 1
        self._waiting[self._count] = deque()
        return self._count


class InProcessLine:
    def __init__(self, place: InProcess, number: int) -> None:
        self._place = place
        self._number = number

    def write(self, data: bytes) -> None:
        if not self._place.has_ended(self._number):
            self._place.server.receive(self._place.now_ns, self._number, data)

    def read(self) -> bytes:
        return self._place.next(self._number)

    def secure(self) -> None:
        assert not self._place.has_ended(self._number)
        assert self._place.server.awaits_tls(self._number)
        self._place.server.secured(self._place.now_ns, self._number)

    def close(self) -> None:
        if not self._place.has_ended(self._number):
            self._place.server.gone(self._place.now_ns, self._number)

    def drop(self) -> None:
        self.close()


class Sockets:
    """A server at a port of this machine; `tls` is how a client does it, `implicit`: at once."""

    def __init__(
        self, port: int, tls: ssl.SSLContext | None = None, *, implicit: bool = False
    ) -> None:
        self._port = port
        self._tls = tls
        self._implicit = implicit
        self._listener: socket.socket | None = None
        self._deaf: socket.socket | None = None
        self._opened: list[SocketLine] = []

    def open(self, port: int | None = None) -> "SocketLine":
        line = self._line(socket.create_connection(("127.0.0.1", port or self._port), HANGS_S))
        if port is None and self._implicit:
            line.secure()
        return line

    def listen(self) -> int:
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self._listener.settimeout(HANGS_S)
        port: int = self._listener.getsockname()[1]
        return port

    def deaf(self) -> int:
        if self._deaf is None:
            self._deaf = socket.socket()
            self._deaf.bind(("127.0.0.1", 0))  # and it does not listen
        port: int = self._deaf.getsockname()[1]
        return port

    def called(self) -> "SocketLine":
        assert self._listener
        return self._line(self._listener.accept()[0])

    def close(self) -> None:
        """All that were opened, without a word to anybody."""
        for opened in self._opened:
            opened.drop()
        for each in (self._listener, self._deaf):
            if each:
                each.close()

    def _line(self, opened: socket.socket) -> "SocketLine":
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._opened.append(SocketLine(opened, self._tls))
        return self._opened[-1]


class SocketLine:
    def __init__(self, opened: socket.socket, tls: ssl.SSLContext | None) -> None:
        self._socket = opened
        self._tls = tls

    def write(self, data: bytes) -> None:
        self._socket.sendall(data)

    def read(self) -> bytes:
        pending = self._socket.pending() if isinstance(self._socket, ssl.SSLSocket) else 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            if not pending and not selector.select(HANGS_S):
                pytest.fail("the server says nothing")
        try:
            return self._socket.recv(65_536)
        except (ConnectionResetError, ssl.SSLEOFError):
            return b""

    def secure(self) -> None:
        assert self._tls
        self._socket = self._tls.wrap_socket(self._socket, server_hostname="localhost")

    def drop(self) -> None:
        self._socket.close()

    def close(self) -> None:
        """In good order: over TLS the server is told that nothing more comes."""
        if isinstance(self._socket, ssl.SSLSocket):
            try:
                self._socket.settimeout(HANGS_S)
                self._socket = self._socket.unwrap()
            except (OSError, ValueError):
                pass  # the server has closed without a word
        self._socket.close()


class Talk:
    """One client at `place`, connected and greeted."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line = place.open()
        self.is_private = False  # PROT P
        self._said = bytearray()
        self.greeting = self.reply()

    def reply(self) -> str:
        """The next reply, whole: its lines without the last CRLF. Empty: the server has closed."""
        first = self._next_line()
        if not first:
            return ""
        lines = [first]
        if first[3:4] == b"-":
            while not lines[-1].startswith(first[:3] + b" "):
                lines.append(self._next_line())
                assert lines[-1], lines
        assert _LAST.match(lines[-1]), lines
        return "\n".join(line.decode("utf-8", "surrogateescape") for line in lines)

    def code(self) -> int:
        """The code of the next reply; 0: the server has closed."""
        reply = self.reply()
        return int(reply[:3]) if reply else 0

    def say(self, command: str) -> str:
        """Its reply."""
        self.write(command)
        return self.reply()

    def asks(self, command: str) -> int:
        """The code of its reply."""
        return int(self.say(command)[:3])

    def write(self, command: str) -> None:
        self.line.write(f"{command}\r\n".encode("utf-8", "surrogateescape"))

    def log_in(self, user: str = "anonymous", password: str = "x@y") -> "Talk":
        assert self.asks(f"USER {user}") == 331
        assert self.asks(f"PASS {password}") == 230
        assert self.asks("TYPE I") == 200
        return self

    def secure(self) -> None:
        """AUTH TLS."""
        assert self.asks("AUTH TLS") == 234
        self.line.secure()

    def protect(self) -> None:
        """TLS for data, too."""
        assert self.asks("PBSZ 0") == 200
        assert self.asks("PROT P") == 200
        self.is_private = True

    # transfers

    def passive(self) -> int:
        """PASV: the port."""
        reply = self.say("PASV")
        assert reply.startswith("227 "), reply
        numbers = re.findall(r"\d+", reply[4:])
        return int(numbers[4]) * 256 + int(numbers[5])

    def extended(self) -> int:
        """EPSV: the port."""
        reply = self.say("EPSV")
        assert reply.startswith("229 "), reply
        return int(re.findall(r"\d+", reply[4:])[0])

    def fetch(self, command: str, how: str = "PASV") -> tuple[bytes, int]:
        """What a transfer to here brings, and the code of its last reply (also where it is refused
        at once).
        """
        line, code = self._begin(command, how)
        if line is None:
            return b"", code
        data = bytearray()
        while piece := line.read():
            data += piece
        line.close()
        return bytes(data), self.code()

    def put(self, command: str, data: bytes, how: str = "PASV") -> int:
        """Send something; the code of the last reply."""
        line, code = self._begin(command, how)
        if line is None:
            return code
        line.write(data)
        line.close()
        return self.code()

    def lines(self, command: str) -> list[str]:
        """A list, line by line."""
        data, code = self.fetch(command)
        assert code == 226, code
        return data.decode("utf-8", "surrogateescape").splitlines()

    def begin(self, command: str, how: str = "PASV") -> Line:
        """The data connection of a transfer, which has begun."""
        line, code = self._begin(command, how)
        assert line is not None, code
        return line

    def _begin(self, command: str, how: str) -> tuple[Line | None, int]:
        """The data connection, once 150 has come; None with the code of another reply."""
        line = None
        if how in ("PASV", "EPSV"):
            line = self.place.open(self.passive() if how == "PASV" else self.extended())
        else:
            port = self.place.listen()
            place = (
                f"127,0,0,1,{port >> 8},{port & 255}" if how == "PORT" else f"|1|127.0.0.1|{port}|"
            )
            assert self.asks(f"{how} {place}") == 200
        self.write(command)
        code = self.code()
        if code >= 200:
            if line:
                line.close()
            return None, code
        assert code in (125, 150), code
        line = line or self.place.called()
        if self.is_private:
            line.secure()
        return line, code

    def _next_line(self) -> bytes:
        while b"\n" not in self._said:
            data = self.line.read()
            if not data:
                assert not self._said
                return b""
            self._said += data
        line, _, self._said = self._said.partition(b"\n")
        return bytes(line.removesuffix(b"\r"))
