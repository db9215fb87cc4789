"""A peer of real sockets and servers on loopback, both turned by the test in one thread.

Nothing sleeps: the bench waits for whoever is ready, and a wait that takes too long is a failure.
"""

import contextlib
import select
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Any

from quecsim.border import (
    Accept,
    Credit,
    Data,
    Failed,
    Incoming,
    Listen,
    Listening,
    News,
    Open,
    Opened,
    Ping,
    Pong,
    Refuse,
    Resolve,
    Resolved,
    Secure,
    Send,
    Sent,
    Shut,
    TlsWish,
    Wish,
)
from quecsim.live.network.doors import Doors, parse_door
from quecsim.live.network.link import Limits
from quecsim.live.network.routes import Permissions, parse_allowed, parse_route
from quecsim.live.network.sockets import SocketsPeer

HANG_S = 20.0
NAME, PORT = "broker.example", 1883


class Connection:
    """The server's end of one connection."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self.end = end
        self.got = bytearray()
        self.unsent = bytearray()
        self.reads = True
        self.has_ended = False  # the device's side has
        self.error: OSError | None = None

    @property
    def is_over(self) -> bool:
        return self.has_ended or self.error is not None

    def pump(self) -> None:
        try:
            with contextlib.suppress(BlockingIOError):
                while self.unsent:
                    del self.unsent[: self.end.send(self.unsent)]
            with contextlib.suppress(BlockingIOError):
                while self.reads and not self.is_over:
                    data = self.end.recv(1 << 16)
                    self.has_ended = not data
                    self.got += data
        except OSError as error:
            self.error = error

    def reset(self) -> None:
        self.end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self.end.close()
        self.reads = False
        self.unsent.clear()
        self.has_ended = True

    @property
    def readers(self) -> list[socket.socket]:
        return [self.end] if self.reads and not self.is_over else []

    @property
    def writers(self) -> list[socket.socket]:
        return [self.end] if self.unsent else []


class Server:
    """Listens on loopback and accepts whoever comes."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.socket(family)
        self.listener.bind((host, 0))
        self.listener.listen(64)
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]
        self.connections: list[Connection] = []

    def pump(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                self.connections.append(Connection(self.listener.accept()[0]))
        for connection in self.connections:
            connection.pump()

    def close(self) -> None:
        self.listener.close()
        for connection in self.connections:
            connection.close()


class Bench:
    """`peer`, what it has said (`news`, `told`), and the servers that are turned along."""

    def __init__(
        self,
        routes: Iterable[str] = (),
        allowed: Iterable[str] = (),
        *,
        listen: Iterable[str] = (),
        is_open: bool = True,
        limits: Limits | None = None,
        **more: Any,
    ) -> None:
        """`more` is for the peer."""
        permissions = Permissions(map(parse_route, routes), map(parse_allowed, allowed))
        self.now_ns = 0
        self.news: list[News] = []
        self.told: list[str] = []
        self.servers: list[Server] = []
        self.callers: list[Connection] = []
        doors = Doors(map(parse_door, listen), permissions, is_open=is_open)
        self.peer = SocketsPeer(
            permissions, doors=doors, tell=self.told.append, limits=limits, **more
        )

    def close(self) -> None:
        self.peer.close()
        for caller in self.callers:
            caller.close()
        for server in self.servers:
            server.close()

    # the device

    def open(
        self,
        link: int = 1,
        host: str = NAME,
        port: int = PORT,
        *,
        protocol: str = "tcp",
        tls: TlsWish | None = None,
        is_counted: bool = False,
    ) -> None:
        self.wish(Open(link, host, port, protocol, tls, is_counted=is_counted))

    def send(self, data: bytes, link: int = 1, to: tuple[str, int] | None = None) -> None:
        self.wish(Send(link, data, to))

    def credit(self, count: int, link: int = 1) -> None:
        self.wish(Credit(link, count))

    def shut(self, link: int = 1, *, is_abort: bool = False) -> None:
        self.wish(Shut(link, is_abort))

    def secure(self, tls: TlsWish, link: int = 1) -> None:
        self.wish(Secure(link, tls, NAME))

    def listen(self, link: int = 1, port: int = 8080, protocol: str = "tcp") -> tuple[str, int]:
        """Returns where the device can be called."""
        self.wish(Listen(link, port, protocol))
        self.look()
        assert self.last(link) == Listening(link, port)
        host, _, at = self.peer.doors.get(link, ":0").rpartition(":")
        return host, int(at)

    def accept(
        self, link: int, caller: int, listener: int = 1, *, is_counted: bool = False
    ) -> None:
        self.wish(Accept(link, listener, caller, is_counted))

    def refuse(self, caller: int, listener: int = 1) -> None:
        self.wish(Refuse(listener, caller))

    def resolve(self, host: str, link: int = 1) -> None:
        self.wish(Resolve(link, host))

    def ping(self, host: str, link: int = 1) -> None:
        self.wish(Ping(link, host, 32))

    def wish(self, wish: Wish) -> None:
        self.peer.handle_wish(self.now_ns, wish)

    def of(self, link: int = 1) -> list[News]:
        """What was said of it, but for its bytes."""
        return [it for it in self.news if it.link == link and not isinstance(it, Data)]

    def last(self, link: int = 1) -> News:
        return self.of(link)[-1]

    def data(self, link: int = 1) -> bytes:
        return b"".join(it.data for it in self.news if isinstance(it, Data) and it.link == link)

    def taken(self, link: int = 1) -> int:
        """How many bytes the device knows to be taken."""
        return sum(it.count for it in self.news if isinstance(it, Sent) and it.link == link)

    def calls(self, link: int = 1) -> list[Incoming]:
        return [it for it in self.of(link) if isinstance(it, Incoming)]

    # those who call

    def call(self, at: tuple[str, int]) -> Connection:
        """Somebody calls the device, without waiting for anybody."""
        end = socket.socket()
        end.setblocking(False)
        end.connect_ex(at)
        self.callers.append(Connection(end))
        return self.callers[-1]

    # both

    def look(self) -> None:
        """One turn of both ends."""
        for server in self.servers:
            server.pump()
        for caller in self.callers:
            caller.pump()
        self.peer.look(self.now_ns)
        self.news += self.peer.take_news(self.now_ns)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Turn until it is so."""
        while True:
            self.look()
            if is_so():
                return
            due_ns = self.peer.deadline_ns()
            if due_ns is not None and due_ns <= self.now_ns:
                continue
            readers: list[int | socket.socket] = [self.peer.descriptor]
            ends = list(self.callers)
            for server in self.servers:
                if server.listener.fileno() >= 0:
                    readers.append(server.listener)
                ends += server.connections
            writers = [writer for end in ends for writer in end.writers]
            readers += [reader for end in ends for reader in end.readers]
            ready = select.select(readers, writers, [], HANG_S)
            assert any(ready), "nothing happens any more"

    def until_decided(self, link: int = 1) -> News:
        """Until it is open, or is not, or is answered."""
        last = Opened | Failed | Resolved | Pong
        self.until(lambda: any(isinstance(it, last) for it in self.of(link)))
        return self.last(link)

    def until_quiet(self) -> None:
        """As long as anything can happen without the device."""
        for _ in range(1000):
            self.look()
            if not select.select([self.peer.descriptor], [], [], 0)[0]:
                return
        raise AssertionError("it is woken again and again")


class Served(Bench):
    """With one server, to which NAME leads."""

    def __init__(self, *, host: str = "127.0.0.1", limits: Limits | None = None) -> None:
        self.server = Server(host)
        there = f"[{host}]" if ":" in host else host
        super().__init__([f"{NAME}:{PORT}={there}:{self.server.port}"], limits=limits)
        self.servers.append(self.server)

    def connect(self, link: int = 1, *, is_counted: bool = False) -> Connection:
        """Open the link; returns the server's end."""
        before = len(self.server.connections)
        self.open(link, is_counted=is_counted)
        self.until(lambda: len(self.server.connections) > before and bool(self.of(link)))
        assert isinstance(self.last(link), Opened)
        return self.server.connections[-1]
