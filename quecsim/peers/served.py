"""The network of a run that has no sockets: servers in process, by name and port.

A pure `quecsim.border.Peer`. What comes of TLS is found by a real handshake in memory, between what
the device wishes and what the server has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quecsim.border import (
    CREDIT_BYTES,
    Closed,
    Credit,
    Data,
    Failed,
    News,
    Open,
    Opened,
    Send,
    TlsWish,
    Why,
    Wish,
)
from quecsim.peers.service import Service

_FIRST_PORT = 49_152  # of those that a system gives out by itself
_PORTS = 16_384

Handshake = Callable[[TlsWish, str], Opened | Failed]
"""What comes of a handshake, of a wish for a host: `link` is of no account in it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that the device can reach. `handshake` is None where it speaks no TLS."""

    service: Service
    address: str
    handshake: Handshake | None = None


@dataclass(slots=True)
class _Connection:
    offer: Offer
    credit_bytes: int = CREDIT_BYTES
    is_deaf: bool = False  # the server waits for a handshake that never comes


class Served:
    """Reaches `offers`, by lower-case name (or address) and port, and nothing else.

    `refused(host, port)` hears of what the device wanted and nobody gives it.
    """

    def __init__(
        self,
        offers: Mapping[tuple[str, int], Offer],
        refused: Callable[[str, int], None] | None = None,
    ) -> None:
        self._offers = dict(offers)
        self._names = {name for name, _ in offers}
        services = {id(offer.service): offer.service for offer in offers.values()}
        self._services = list(services.values())
        self._refused = refused
        self._connections: dict[int, _Connection] = {}
        self._news: list[News] = []
        self._news_ns: int | None = None

    @property
    def offers(self) -> Mapping[tuple[str, int], Offer]:
        """What there is, by lower-case name and port."""
        return self._offers

    def has(self, host: str) -> bool:
        """Whether a server of that name is one of these, on whatever port."""
        return plain_host(host) in self._names

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived."""
        if isinstance(wish, Open):
            self._open(now_ns, wish)
        elif (connection := self._connections.get(wish.link)) is not None:
            if isinstance(wish, Send):
                self._receive(now_ns, wish, connection)
            elif isinstance(wish, Credit):
                connection.credit_bytes += wish.count
            else:
                del self._connections[wish.link]
                if not connection.is_deaf:
                    connection.offer.service.gone(now_ns, wish.link)
        self._collect(now_ns)

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
        self._collect(now_ns)
        news, self._news, self._news_ns = self._news, [], None
        return news

    def _open(self, now_ns: int, wish: Open) -> None:
        name = plain_host(wish.host)
        offer = self._offers.get((name, wish.port))
        if offer is None:
            self._say(now_ns, self._nobody(wish, is_known=name in self._names))
            return
        news: Opened | Failed = Opened(wish.link, offer.address)
        if wish.tls is not None:
            news = _no_tls() if offer.handshake is None else offer.handshake(wish.tls, wish.host)
        if isinstance(news, Failed):
            self._say(now_ns, Failed(wish.link, news.why, news.detail, news.file))
            return
        connection = _Connection(offer, is_deaf=wish.tls is None and offer.handshake is not None)
        self._connections[wish.link] = connection
        port = _FIRST_PORT + wish.link % _PORTS
        self._say(
            now_ns,
            Opened(
                wish.link,
                offer.address,
                port,
                news.version,
                news.suite,
                news.sent_bytes,
                news.received_bytes,
            ),
        )
        if not connection.is_deaf:
            offer.service.connect(now_ns, wish.link)

    def _nobody(self, wish: Open, *, is_known: bool) -> Failed:
        if is_known:
            ports = ", ".join(
                str(port) for host, port in self._offers if host == plain_host(wish.host)
            )
            return Failed(wish.link, Why.REFUSED, f"that host has servers at port {ports}")
        if self._refused is not None:
            self._refused(wish.host, wish.port)
        return Failed(
            wish.link, Why.NOT_ALLOWED, f"nothing gives the device {wish.host}:{wish.port}"
        )

    def _receive(self, now_ns: int, wish: Send, connection: _Connection) -> None:
        if not connection.is_deaf:
            connection.offer.service.receive(now_ns, wish.link, wish.data)
            return
        del self._connections[wish.link]
        detail = "the server speaks TLS, and the device did not"
        self._say(now_ns, Closed(wish.link, Why.FIN, detail))

    def _collect(self, now_ns: int) -> None:
        """What the servers say goes to those who are there, as far as they take it."""
        for service in self._services:
            room = {
                link: connection.credit_bytes
                for link, connection in self._connections.items()
                if connection.offer.service is service and not connection.is_deaf
            }
            for link, data in service.take_output(room):
                if isinstance(data, Why):
                    self._connections.pop(link, None)
                    self._say(now_ns, Closed(link, data))
                else:
                    self._connections[link].credit_bytes -= len(data)
                    self._say(now_ns, Data(link, data))

    def _say(self, now_ns: int, news: News) -> None:
        self._news.append(news)
        if self._news_ns is None:
            self._news_ns = now_ns


def plain_host(host: str) -> str:
    """A name as names are compared: `Broker.example.` is `broker.example`."""
    return host.lower().removesuffix(".")


def _no_tls() -> Failed:
    return Failed(0, Why.TLS_VERSION, "the server does not speak TLS")
