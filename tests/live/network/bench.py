"""A peer of real sockets and servers on loopback, both turned by the test in one thread.

Nothing sleeps: the bench waits for whoever is ready, and a wait that takes too long is a failure.
"""

import contextlib
import select
import socket
import struct
from collections.abc import Callable, Iterable

from quecsim.border import Credit, Data, Failed, News, Open, Opened, Send, Shut, TlsWish
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
        with contextlib.suppress(BlockingIOError):
            try:
                while self.unsent:
                    del self.unsent[: self.end.send(self.unsent)]
                while self.reads and not self.is_over:
                    data = self.end.recv(1 << 16)
                    self.has_ended = not data
                    self.got += data
            except BlockingIOError:
                raise
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
        limits: Limits | None = None,
    ) -> None:
        permissions = Permissions(map(parse_route, routes), map(parse_allowed, allowed))
        self.now_ns = 0
        self.news: list[News] = []
        self.told: list[str] = []
        self.servers: list[Server] = []
        self.peer = SocketsPeer(permissions, tell=self.told.append, limits=limits)

    def close(self) -> None:
        self.peer.close()
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
    ) -> None:
        self.peer.handle_wish(self.now_ns, Open(link, host, port, protocol, tls))

    def send(self, data: bytes, link: int = 1) -> None:
        self.peer.handle_wish(self.now_ns, Send(link, data))

    def credit(self, count: int, link: int = 1) -> None:
        self.peer.handle_wish(self.now_ns, Credit(link, count))

    def shut(self, link: int = 1, *, is_abort: bool = False) -> None:
        self.peer.handle_wish(self.now_ns, Shut(link, is_abort))

    def of(self, link: int = 1) -> list[News]:
        """What was said of it, but for its bytes."""
        return [it for it in self.news if it.link == link and not isinstance(it, Data)]

    def last(self, link: int = 1) -> News:
        return self.of(link)[-1]

    def data(self, link: int = 1) -> bytes:
        return b"".join(it.data for it in self.news if isinstance(it, Data) and it.link == link)

    # both

    def look(self) -> None:
        """One turn of both ends."""
        for server in self.servers:
            server.pump()
        self.peer.look(self.now_ns)
        self.news += self.peer.take_news(self.now_ns)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Turn until it is so."""
        while True:
            self.look()
            if is_so():
                return
            readers: list[int | socket.socket] = [self.peer.descriptor]
            writers: list[socket.socket] = []
            for server in self.servers:
                if server.listener.fileno() >= 0:
                    readers.append(server.listener)
                for connection in server.connections:
                    readers += connection.readers
                    writers += connection.writers
            ready = select.select(readers, writers, [], HANG_S)
            assert any(ready), "nothing happens any more"

    def until_decided(self, link: int = 1) -> News:
        """Until it is open, or is not."""
        self.until(lambda: any(isinstance(it, Opened | Failed) for it in self.of(link)))
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

    def connect(self, link: int = 1) -> Connection:
        """Open the link; returns the server's end."""
        before = len(self.server.connections)
        self.open(link)
        self.until(lambda: len(self.server.connections) > before and bool(self.of(link)))
        assert isinstance(self.last(link), Opened)
        return self.server.connections[-1]
