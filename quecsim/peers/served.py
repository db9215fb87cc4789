"""The network of a run that has no sockets: servers in process, by name and port.

A pure `quecsim.border.Peer`. What comes of TLS is found by a real handshake in memory, between what
the device wishes and what the server has.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quecsim.border import (
    Accept,
    Closed,
    Credit,
    Data,
    Failed,
    Listen,
    News,
    Open,
    Opened,
    Ping,
    Pong,
    Refuse,
    Resolve,
    Resolved,
    Secure,
    Secured,
    Send,
    Sent,
    Shut,
    Why,
    Wish,
)
from quecsim.peers.calls import Calls, Connection, Handshake, own_port
from quecsim.peers.handshakes import shaken, shaken_in_the_middle
from quecsim.peers.service import Caller, ManyPorts, Securable, Service

_TTL_S = 300  # of a name


@dataclass(frozen=True, slots=True)
class Name:
    """The addresses of a name, the first the one that is reached, and how long they hold."""

    addresses: tuple[str, ...]
    ttl_s: int = _TTL_S


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that the device can reach. `handshake` is None where it speaks no TLS.

    `protocol` is tcp, udp or any; where it is any, and `datagrams` is set, that takes those, and
    `service` the connections. `begins_plain`: TLS comes in the middle, if at all.
    """

    service: Service
    address: str
    handshake: Handshake | None = None
    protocol: str = "tcp"
    begins_plain: bool = False
    datagrams: Service | None = None

    def service_of(self, protocol: str) -> Service:
        """Who is there for it."""
        return self.datagrams if protocol == "udp" and self.datagrams else self.service


class Served:
    """Reaches `offers`, by lower-case name (or address) and port, and nothing else.

    `names` have addresses, whether or not there are servers. `callers` call the device.
    `refused(host, port)` hears of what the device wanted and nobody gives it.
    """

    def __init__(
        self,
        offers: Mapping[tuple[str, int], Offer],
        refused: Callable[[str, int], None] | None = None,
        *,
        names: Mapping[str, Name] | None = None,
        callers: tuple[Service, ...] = (),
    ) -> None:
        self._offers = dict(offers)
        self._names = {name: Name((offer.address,)) for (name, _), offer in offers.items()}
        self._names.update(names or {})
        services = {
            id(service): service
            for offer in offers.values()
            for service in (offer.service, offer.datagrams)
            if service is not None
        }
        services.update((id(caller), caller) for caller in callers)
        self._services = list(services.values())
        self._callers = {
            id(service): service for service in self._services if isinstance(service, Caller)
        }
        self._refused = refused
        self._connections: dict[int, Connection] = {}
        self._calls = Calls(
            self._connections, self._services, self._service_of, self._handshake_of, self._say
        )
        self._news: list[News] = []
        self._news_ns: int | None = None

    @property
    def offers(self) -> Mapping[tuple[str, int], Offer]:
        """What there is, by lower-case name and port."""
        return self._offers

    def has(self, host: str) -> bool:
        """Whether a server of that name or address is one of these, on whatever port."""
        return bool(self.addresses(host))

    def takes(self, link: int, to: tuple[str, int]) -> bool:
        """Whether a datagram of that link to there is for somebody here."""
        return self._calls.talks(link, self._seen(to)) or self._find(*to, "udp") is not None

    # quecsim.border.Peer

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived."""
        touched = self._services_at(wish.link)
        _HANDLE[type(wish)](self, now_ns, wish)
        self._collect(now_ns, touched + self._services_at(wish.link))

    def deadline_ns(self) -> int | None:
        """When a server has something to say by itself."""
        dues = [due for service in self._services if (due := service.deadline_ns()) is not None]
        if self._news_ns is not None:
            dues.append(self._news_ns)
        return min(dues, default=None)

    def take_news(self, now_ns: int) -> list[News]:
        """What they say up to now."""
        for service in self._services:
            service.advance(now_ns)
        self._collect(now_ns, self._services)
        news, self._news, self._news_ns = self._news, [], None
        return news

    # questions

    def addresses(self, host: str) -> tuple[str, ...]:
        """Those of a name or an address that is one of these; empty: it is not."""
        name = plain_host(host)
        if name in self._names:
            return self._names[name].addresses
        return (name,) if any(name in known.addresses for known in self._names.values()) else ()

    def _is_at(self, host: str, name: str, offer: Offer) -> bool:
        """Whether `host` means that server: by its name, or by an address of it."""
        wanted = plain_host(host)
        return wanted in (name, offer.address) or wanted in self._names[name].addresses

    def _resolve(self, now_ns: int, wish: Resolve) -> None:
        addresses = self.addresses(wish.host)
        if addresses:
            known = self._names.get(plain_host(wish.host), Name(()))
            self._say(now_ns, Resolved(wish.link, addresses, known.ttl_s))
        else:
            self._say(now_ns, self._nobody(wish.link, wish.host))

    def _ping(self, now_ns: int, wish: Ping) -> None:
        addresses = self.addresses(wish.host)
        if addresses:
            self._say(now_ns, Pong(wish.link, addresses[0]))
        else:
            self._say(now_ns, self._nobody(wish.link, wish.host))

    def _nobody(self, link: int, host: str, port: int = 0) -> Failed:
        if self.addresses(host):
            ports = ", ".join(
                str(port)
                for (name, port), offer in self._offers.items()
                if self._is_at(host, name, offer)
            )
            return Failed(link, Why.REFUSED, f"that host has servers at port {ports or '(none)'}")
        if self._refused is not None:
            self._refused(host, port)
        where = f"{host}:{port}" if port else host
        return Failed(link, Why.NOT_ALLOWED, f"nothing gives the device {where}")

    # connections to servers

    def _open(self, now_ns: int, wish: Open) -> None:
        offer = self._find(wish.host, wish.port, wish.protocol)
        if offer is None:
            self._say(now_ns, self._nobody(wish.link, wish.host, wish.port))
            return
        if _has_port(offer.service, wish.port):
            self._open_at(now_ns, offer, wish)
            return
        service = offer.service_of(wish.protocol)
        news: Opened | Failed = Opened(wish.link, offer.address)
        if wish.tls is not None:
            handshake = None if offer.begins_plain else offer.handshake
            news = shaken(handshake, wish.tls, wish.host)
        if isinstance(news, Failed):
            self._say(now_ns, Failed(wish.link, news.why, news.detail, news.file))
            return
        speaks_tls = offer.handshake is not None and wish.protocol == "tcp"
        is_deaf = wish.tls is None and speaks_tls and not offer.begins_plain
        self._connections[wish.link] = Connection(
            wish.link,
            service,
            offer.handshake,
            is_deaf=is_deaf,
            is_counted=wish.is_counted,
        )
        self._say(now_ns, _opened(wish, offer, news))
        if not is_deaf:
            service.connect(now_ns, wish.link)

    def _open_at(self, now_ns: int, offer: Offer, wish: Open) -> None:
        """One of the ports that a server has besides: whether there is TLS, it says itself."""
        service = offer.service
        assert isinstance(service, ManyPorts)
        connection = Connection(wish.link, service, offer.handshake, is_counted=wish.is_counted)
        self._connections[wish.link] = connection
        service.connect_at(now_ns, wish.link, wish.port)
        news: Opened | Failed = Opened(wish.link)
        if wish.tls is not None:
            news = shaken_in_the_middle(connection, wish.tls, wish.host)
        if isinstance(news, Failed):
            del self._connections[wish.link]
            service.gone(now_ns, wish.link)
            self._say(now_ns, Failed(wish.link, news.why, news.detail, news.file))
            return
        self._say(now_ns, _opened(wish, offer, news))
        if wish.tls is not None:
            assert isinstance(service, Securable)
            service.secured(now_ns, wish.link)

    def _find(self, host: str, port: int, protocol: str) -> Offer | None:
        """The server there, or one of that host which is there for a time besides."""
        here = {
            known_port: offer
            for (name, known_port), offer in self._offers.items()
            if self._is_at(host, name, offer)
        }
        offer = here.get(port)
        if offer is None and protocol == "tcp":
            return next((each for each in here.values() if _has_port(each.service, port)), None)
        if offer is None:
            return None
        return offer if offer.protocol in (protocol, "any") else None

    def _seen(self, to: tuple[str, int]) -> tuple[str, int]:
        """Where datagrams go, and come from: a name is an address then."""
        host, port = to
        return next(iter(self.addresses(host)), host), port

    def _service_of(self, where: tuple[str, int]) -> Service | None:
        """Who takes datagrams there."""
        offer = self._find(*where, "udp")
        return None if offer is None else offer.service_of("udp")

    def _handshake_of(self, service: Service) -> Handshake | None:
        """How it does TLS, on connections that it makes itself."""
        offers = self._offers.values()
        return next((each.handshake for each in offers if each.service is service), None)

    def _secure(self, now_ns: int, wish: Secure) -> None:
        connection = self._connections.get(wish.link)
        if connection is None:
            return
        service = connection.service
        outcome = shaken_in_the_middle(connection, wish.tls, wish.host)
        if isinstance(outcome, Opened):
            how = (outcome.version, outcome.suite, outcome.sent_bytes, outcome.received_bytes)
            self._say(now_ns, Secured(wish.link, *how))
            assert isinstance(service, Securable)
            service.secured(now_ns, wish.link)
            return
        del self._connections[wish.link]
        service.gone(now_ns, wish.link)
        self._say(now_ns, Closed(wish.link, outcome.why, outcome.detail, outcome.file))

    def _send(self, now_ns: int, wish: Send) -> None:
        if self._calls.has(wish.link):
            to = None if wish.to is None else self._seen(wish.to)
            self._calls.send(now_ns, Send(wish.link, wish.data, to))
            return
        connection = self._connections.get(wish.link)
        if connection is None:
            return
        connection.sent_bytes += len(wish.data)
        if not connection.is_deaf:
            connection.service.receive(now_ns, wish.link, wish.data)
            return
        del self._connections[wish.link]
        detail = "the server speaks TLS, and the device did not"
        self._say(now_ns, Closed(wish.link, Why.FIN, detail))

    def _credit(self, _now_ns: int, wish: Credit) -> None:
        for connection in self._connections.values():
            if connection.link == wish.link:
                connection.credit_bytes += wish.count

    def _shut(self, now_ns: int, wish: Shut) -> None:
        self._calls.shut(now_ns, wish.link)
        for number, connection in list(self._connections.items()):
            if connection.link == wish.link:
                del self._connections[number]
                if not connection.is_deaf:
                    connection.service.gone(now_ns, number)

    # what they say

    def _services_at(self, link: int) -> list[Service]:
        """Those that have to do with a link of the device."""
        return [each.service for each in self._connections.values() if each.link == link]

    def _collect(self, now_ns: int, touched: Sequence[Service]) -> None:
        """What the servers say goes to those who are there, as far as they take it; those that call
        by themselves, and those who have heard something.
        """
        for service in self._services:
            caller = self._callers.get(id(service))
            if caller is not None:
                for dial in caller.take_dials(now_ns):
                    self._calls.dial(now_ns, caller, dial)
            elif service not in touched:
                continue
            theirs = {
                number: connection
                for number, connection in self._connections.items()
                if connection.service is service and not connection.is_deaf
            }
            for number, connection in theirs.items():
                self._tell_taken(now_ns, number, connection)
            room = {number: connection.credit_bytes for number, connection in theirs.items()}
            for number, data in service.take_output(room):
                self._pass_on(now_ns, number, data)

    def _tell_taken(self, now_ns: int, number: int, connection: Connection) -> None:
        if not connection.is_counted:
            return
        unread = 0 if connection.reader is None else connection.reader.unread(number)
        count = connection.sent_bytes - unread - connection.taken_bytes
        if count > 0:
            connection.taken_bytes += count
            self._say(now_ns, Sent(connection.link, count))

    def _pass_on(self, now_ns: int, number: int, data: bytes | Why) -> None:
        connection = self._connections[number]
        if isinstance(data, Why):
            del self._connections[number]
            if connection.source is None:
                self._say(now_ns, Closed(connection.link, data))
        else:
            connection.credit_bytes -= len(data)
            self._say(now_ns, Data(connection.link, data, connection.source))

    def _say(self, now_ns: int, news: News) -> None:
        self._news.append(news)
        if self._news_ns is None:
            self._news_ns = now_ns


def plain_host(host: str) -> str:
    """A name as names are compared: `Broker.example.` is `broker.example`."""
    return host.lower().removesuffix(".")


def _has_port(service: Service, port: int) -> bool:
    return isinstance(service, ManyPorts) and port in service.ports


def _opened(wish: Open, offer: Offer, how: Opened) -> Opened:
    tls = (how.version, how.suite, how.sent_bytes, how.received_bytes)
    return Opened(wish.link, offer.address, own_port(wish.link), *tls)


_HANDLE: dict[type[Any], Callable[[Served, int, Any], None]] = {
    Open: Served._open,
    Listen: lambda served, now_ns, wish: served._calls.listen(now_ns, wish),
    Accept: lambda served, now_ns, wish: served._calls.accept(now_ns, wish),
    Refuse: lambda served, now_ns, wish: served._calls.refuse(now_ns, wish),
    Resolve: Served._resolve,
    Ping: Served._ping,
    Send: Served._send,
    Secure: Served._secure,
    Credit: Served._credit,
    Shut: Served._shut,
}
