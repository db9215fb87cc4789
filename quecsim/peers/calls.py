"""Calls to the device: where it listens, who calls it, and with whom it exchanges datagrams."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from quecsim.border import (
    CREDIT_BYTES,
    MOST_CALLS,
    Accept,
    Closed,
    Failed,
    Incoming,
    Listen,
    Listening,
    News,
    Opened,
    Refuse,
    Send,
    TlsWish,
    Why,
)
from quecsim.peers.service import Caller, Dial, Service, SlowReader

_FIRST_PORT = 49_152  # of those that a system gives out by itself
_PORTS = 16_384
_MOST_TALKS = 256  # datagrams with so many at once; the oldest is forgotten

Handshake: TypeAlias = Callable[[TlsWish, str], Opened | Failed]
"""What comes of a handshake, of a wish for a host: `link` is of no account in it."""


@dataclass(slots=True)
class Connection:
    """`link` is the device's; `source` that of datagrams, on a link that listens."""

    link: int
    service: Service
    handshake: Handshake | None = None
    credit_bytes: int = CREDIT_BYTES
    is_deaf: bool = False  # the server waits for a handshake that never comes
    is_counted: bool = False
    sent_bytes: int = 0  # of the device
    taken_bytes: int = 0  # of which the device knows
    source: tuple[str, int] | None = None
    reader: SlowReader | None = field(init=False)

    def __post_init__(self) -> None:
        self.reader = self.service if isinstance(self.service, SlowReader) else None


@dataclass(slots=True)
class _Listener:
    """Where the device can be called. `calls` are those that it has not taken up yet, `talks` the
    connections that are none: with whom datagrams are exchanged.
    """

    port: int
    protocol: str
    calls: dict[int, tuple[Caller, Dial]] = field(default_factory=dict)
    talks: dict[tuple[str, int], int] = field(default_factory=dict)
    count: int = 0


class Calls:
    """The listeners of the device. `connections` and `services` are those of everybody.

    `service_of(where)` is who takes datagrams at an address and port; `handshake_of(service)` how
    one does TLS, if it does; `say` passes news on.
    """

    def __init__(
        self,
        connections: dict[int, Connection],
        services: Iterable[Service],
        service_of: Callable[[tuple[str, int]], Service | None],
        handshake_of: Callable[[Service], Handshake | None],
        say: Callable[[int, News], None],
    ) -> None:
        self._connections = connections
        self._services = services
        self._service_of = service_of
        self._handshake_of = handshake_of
        self._say = say
        self._listeners: dict[int, _Listener] = {}
        self._talks = 0

    def has(self, link: int) -> bool:
        """Whether that link listens."""
        return link in self._listeners

    def talks(self, link: int, where: tuple[str, int]) -> bool:
        """Whether datagrams were exchanged with somebody there."""
        listener = self._listeners.get(link)
        return listener is not None and where in listener.talks

    def listen(self, now_ns: int, wish: Listen) -> None:
        """The device can be called."""
        port = wish.port or own_port(wish.link)
        self._listeners[wish.link] = _Listener(port, wish.protocol)
        self._say(now_ns, Listening(wish.link, port))
        for service in self._services:
            if isinstance(service, Caller):
                service.listening(now_ns, port, wish.protocol)

    def accept(self, now_ns: int, wish: Accept) -> None:
        """It takes a call up."""
        listener = self._listeners.get(wish.listener)
        call = None if listener is None else listener.calls.pop(wish.caller, None)
        if call is None:
            self._say(now_ns, Closed(wish.link, Why.RESET, "the caller has gone"))
            return
        caller, dial = call
        handshake = self._handshake_of(caller)
        self._connections[wish.link] = Connection(
            wish.link, caller, handshake, is_counted=wish.is_counted
        )
        caller.answered(now_ns, dial.key, wish.link)

    def refuse(self, now_ns: int, wish: Refuse) -> None:
        """It does not."""
        listener = self._listeners.get(wish.link)
        call = None if listener is None else listener.calls.pop(wish.caller, None)
        if call is not None:
            call[0].answered(now_ns, call[1].key, None)

    def shut(self, now_ns: int, link: int) -> None:
        """It cannot be called there any more, if it could."""
        listener = self._listeners.pop(link, None)
        for caller, dial in () if listener is None else listener.calls.values():
            caller.answered(now_ns, dial.key, None)

    def dial(self, now_ns: int, caller: Caller, dial: Dial) -> None:
        """Somebody calls the device."""
        for link, listener in self._listeners.items():
            if (listener.port, listener.protocol) != (dial.port, dial.protocol):
                continue
            if dial.protocol == "udp":
                talk = self._talk(now_ns, link, listener, caller, dial.source)
                caller.answered(now_ns, dial.key, talk)
                return
            if len(listener.calls) >= MOST_CALLS:
                break
            listener.count += 1
            listener.calls[listener.count] = caller, dial
            self._say(now_ns, Incoming(link, listener.count, *dial.source))
            return
        caller.answered(now_ns, dial.key, None)

    def send(self, now_ns: int, wish: Send) -> None:
        """A datagram to whoever is there; nobody: it is gone, as datagrams go."""
        listener = self._listeners[wish.link]
        if wish.to is None:
            return
        talk = listener.talks.get(wish.to)
        if talk is None:
            service = self._service_of(wish.to)
            if service is None:
                return
            talk = self._talk(now_ns, wish.link, listener, service, wish.to)
            service.connect(now_ns, talk)
        self._connections[talk].service.receive(now_ns, talk, wish.data)

    def _talk(
        self,
        now_ns: int,
        link: int,
        listener: _Listener,
        service: Service,
        source: tuple[str, int],
    ) -> int:
        if len(listener.talks) >= _MOST_TALKS:
            oldest = listener.talks.pop(next(iter(listener.talks)))
            self._connections.pop(oldest).service.gone(now_ns, oldest)
        self._talks += 1
        number = listener.talks[source] = -self._talks
        self._connections[number] = Connection(link, service, source=source)
        return number


def own_port(link: int) -> int:
    """The device's own port of a link that has not chosen one."""
    return _FIRST_PORT + link % _PORTS
