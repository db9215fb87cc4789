"""An HTTP/1.1 server in process."""

from collections.abc import Mapping, Sequence

from quecsim.peers.http_connection import HttpConnection
from quecsim.peers.http_settings import HttpSettings
from quecsim.peers.http_site import Site
from quecsim.peers.http_view import WebRequest
from quecsim.peers.service import Output

_MOST_TAKEN_BYTES = 1 << 16  # of one connection at once, however much room there is


class HttpServer:
    """A `quecsim.peers.service.SlowReader` that does as its settings say.

    `clock_s` is the time (seconds since 1970, UTC) when the model's time begins; None: its answers
    have no date.
    """

    kind = "http"

    def __init__(self, settings: HttpSettings | None = None, clock_s: int | None = None) -> None:
        self._settings = settings or HttpSettings()
        self._site = Site(self._settings, clock_s)
        self._connections: dict[int, HttpConnection] = {}
        self._now_ns = 0

    @property
    def stored(self) -> Mapping[str, bytes]:
        """What clients have stored, by path."""
        return self._site.stored

    @property
    def requests(self) -> Sequence[WebRequest]:
        """What it was asked and has answered: the last 200."""
        return self._site.requests

    def connect(self, now_ns: int, connection: int) -> None:
        """Somebody has opened `connection`."""
        assert connection not in self._connections, connection
        self._catch_up(now_ns)
        opened = HttpConnection(now_ns, connection, self._settings, self._site)
        if len(self._connections) >= self._settings.connections:
            opened.break_off()
        self._connections[connection] = opened

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """Bytes have come; after the server has ended the connection they change nothing."""
        self._catch_up(now_ns)
        heard = self._connections.get(connection)
        if heard is not None:
            heard.receive(now_ns, data)

    def gone(self, now_ns: int, connection: int) -> None:
        """The client has closed it or broken it off."""
        self._catch_up(now_ns)
        self._connections.pop(connection, None)

    def unread(self, connection: int) -> int:
        """How many bytes wait there until an answer is over."""
        heard = self._connections.get(connection)
        return 0 if heard is None else heard.unread_bytes

    def deadline_ns(self) -> int | None:
        """When an answer goes on, or somebody has been idle for too long."""
        times = (each.due_ns() for each in self._connections.values())
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def advance(self, now_ns: int) -> None:
        """What is due up to now happens, each at its own time."""
        self._let_happen(now_ns)
        self._now_ns = now_ns

    def take_output(self, room: Mapping[int, int]) -> list[Output]:
        """What goes to each connection, as in `Service`."""
        output: list[Output] = []
        for number, connection in list(self._connections.items()):
            most = min(room.get(number, 0), _MOST_TAKEN_BYTES)
            for data in connection.take(self._now_ns, most):
                output.append((number, data))
                if not isinstance(data, bytes):
                    del self._connections[number]
        return output

    def _catch_up(self, now_ns: int) -> None:
        """What is due before now happens, each at its own time."""
        self._let_happen(now_ns - 1)
        assert now_ns >= self._now_ns, (now_ns, self._now_ns)
        self._now_ns = now_ns

    def _let_happen(self, until_ns: int) -> None:
        while (due_ns := self.deadline_ns()) is not None and due_ns <= until_ns:
            for connection in self._connections.values():
                connection.happen(due_ns)
