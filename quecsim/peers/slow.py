"""A server that takes its time to take what it gets."""

from collections.abc import Mapping

from quecsim.border import SEND_BYTES, Why
from quecsim.peers.service import Output, Service
from quecsim.peers.simple import SimpleServer, SimpleSettings
from quecsim.units import S

_STEPS_PER_S = 20
_MOST_WAITING_BYTES = 2 * SEND_BYTES  # on a connection; whoever sends more is reset


class _Waiting:
    """What has come and is not taken yet; `taken` steps were made since `since_ns`."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.since_ns = 0
        self.steps = 0


class Slow:
    """A `quecsim.peers.service.SlowReader`: `service`, for which each connection's bytes come in at
    `bytes_per_s` only; 0: none ever do.
    """

    def __init__(self, service: Service, bytes_per_s: int) -> None:
        self.kind = service.kind
        self._service = service
        self._rate = bytes_per_s
        self._grain_bytes = max(1, bytes_per_s // _STEPS_PER_S)
        self._waiting: dict[int, _Waiting] = {}
        self._resets: set[int] = set()

    def connect(self, now_ns: int, connection: int) -> None:
        """Somebody has opened `connection`."""
        self._catch_up(now_ns - 1)
        self._waiting[connection] = _Waiting()
        self._service.connect(now_ns, connection)

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """Bytes have come, and wait."""
        self._catch_up(now_ns - 1)
        waiting = self._waiting.get(connection)
        if waiting is None or connection in self._resets:
            return
        if not waiting.data:
            waiting.since_ns, waiting.steps = now_ns, 0
        waiting.data += data
        if len(waiting.data) > _MOST_WAITING_BYTES:
            waiting.data.clear()
            self._resets.add(connection)
            self._service.gone(now_ns, connection)

    def gone(self, now_ns: int, connection: int) -> None:
        """The client has gone; what waited is taken by nobody."""
        self._catch_up(now_ns - 1)
        self._waiting.pop(connection, None)
        if connection in self._resets:
            self._resets.discard(connection)
        else:
            self._service.gone(now_ns, connection)

    def unread(self, connection: int) -> int:
        """How many bytes wait there."""
        waiting = self._waiting.get(connection)
        return 0 if waiting is None else len(waiting.data)

    def deadline_ns(self) -> int | None:
        """When bytes are taken, or the server has something to do."""
        dues = [due for each in self._waiting.values() if (due := self._due_ns(each)) is not None]
        own_ns = self._service.deadline_ns()
        return min(dues if own_ns is None else [*dues, own_ns], default=None)

    def advance(self, now_ns: int) -> None:
        """What is due up to now."""
        self._catch_up(now_ns)
        self._service.advance(now_ns)

    def take_output(self, room: Mapping[int, int]) -> list[Output]:
        """What the server says; behind its end nothing is taken."""
        output = self._service.take_output(room)
        for number, data in output:
            if isinstance(data, Why):
                del self._waiting[number]
        ends: list[Output] = [(number, Why.RESET) for number in sorted(self._resets)]
        for number in self._resets:
            del self._waiting[number]
        self._resets.clear()
        return [*output, *ends]

    def _due_ns(self, waiting: _Waiting) -> int | None:
        if not waiting.data or not self._rate:
            return None
        count = (waiting.steps + 1) * self._grain_bytes
        return waiting.since_ns - (-count * S // self._rate)

    def _catch_up(self, until_ns: int) -> None:
        """Bytes are taken, each at its own time; before what the server does by itself then."""
        while True:
            dues = {
                number: due_ns
                for number, each in self._waiting.items()
                if (due_ns := self._due_ns(each)) is not None and due_ns <= until_ns
            }
            if not dues:
                return
            at_ns = min(dues.values())
            for number, due_ns in dues.items():
                if due_ns == at_ns:
                    waiting = self._waiting[number]
                    data = bytes(waiting.data[: self._grain_bytes])
                    del waiting.data[: len(data)]
                    waiting.steps += 1
                    self._service.receive(at_ns, number, data)


def slowed(settings: SimpleSettings) -> SimpleServer | Slow:
    """A server over connections, as slow as its settings say."""
    server, rate = SimpleServer(settings), settings.takes_bytes_per_s
    return server if rate is None else Slow(server, rate)
