"""Somebody who calls the device, where that listens: by connections, or with datagrams."""

from collections import deque
from collections.abc import Mapping

from quecsim.peers.caller_settings import CallerSettings
from quecsim.peers.service import Dial, Output
from quecsim.peers.simple import SimpleServer
from quecsim.peers.slow import Slow, slowed
from quecsim.units import ms

_FIRST_PORT = 50_000  # of those that calls come from
_PORTS = 10_000
_MOST_DIALS = 256  # that nobody has taken yet


class Visitor:
    """A `quecsim.peers.service.Caller` that does as its settings say."""

    def __init__(self, settings: CallerSettings) -> None:
        self._settings = settings
        self.kind = "caller"
        is_datagrams = settings.protocol == "udp"
        self._talk = SimpleServer(settings, is_datagrams=True) if is_datagrams else slowed(settings)
        self._calls: dict[int, tuple[int, int]] = {}  # by port: (when the first, how many are made)
        self._dials: deque[Dial] = deque()
        self._count = 0

    # quecsim.peers.service.Caller

    def listening(self, now_ns: int, port: int, protocol: str) -> None:
        """The device can be called there from now on."""
        settings = self._settings
        if protocol == settings.protocol and settings.port in (0, port):
            self._calls[port] = now_ns + ms(settings.after_ms), 0
            self._call(now_ns)

    def take_dials(self, now_ns: int) -> list[Dial]:
        """The calls it makes, each once."""
        self._call(now_ns)
        dials = list(self._dials)
        self._dials.clear()
        return dials

    def answered(self, now_ns: int, key: int, connection: int | None) -> None:
        """A call was taken up, and what it says begins; or it was not."""
        assert key <= self._count, key
        if connection is not None:
            self._talk.connect(now_ns, connection)

    # quecsim.peers.service.Service

    def connect(self, now_ns: int, connection: int) -> None:
        """A datagram that the device sends of its own accord opens a talk, too."""
        self._talk.connect(now_ns, connection)

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """Bytes from the device."""
        self._talk.receive(now_ns, connection, data)

    def gone(self, now_ns: int, connection: int) -> None:
        """The device has closed it."""
        self._talk.gone(now_ns, connection)

    def unread(self, connection: int) -> int:
        """How many bytes wait there until it takes them (`quecsim.peers.service.SlowReader`)."""
        return self._talk.unread(connection) if isinstance(self._talk, Slow) else 0

    def deadline_ns(self) -> int | None:
        """When the next call, or what somebody says in one, is due."""
        dues = [self._due_ns(*calls) for calls in self._calls.values()]
        talk_ns = self._talk.deadline_ns()
        return min(dues if talk_ns is None else [*dues, talk_ns], default=None)

    def advance(self, now_ns: int) -> None:
        """What is due up to now happens."""
        self._talk.advance(now_ns)
        self._call(now_ns)

    def take_output(self, room: Mapping[int, int]) -> list[Output]:
        """What is said to each connection."""
        return self._talk.take_output(room)

    def _due_ns(self, first_ns: int, made: int) -> int:
        return first_ns + made * ms(self._settings.every_ms or 0)

    def _call(self, now_ns: int) -> None:
        """The calls that are due by now; where nobody takes them, some are never made."""
        settings = self._settings
        for port, (first_ns, made) in list(self._calls.items()):
            while made < settings.times and self._due_ns(first_ns, made) <= now_ns:
                made += 1
                self._count += 1
                source = settings.address, _FIRST_PORT + self._count % _PORTS
                if len(self._dials) < _MOST_DIALS:
                    self._dials.append(Dial(self._count, port, source, settings.protocol))
            if made < settings.times:
                self._calls[port] = first_ns, made
            else:
                del self._calls[port]
