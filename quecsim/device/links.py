"""The links of a device, and the clients that own them: the device's side of the border.

Wishes are put on record and wait for the rig to take them; news go to the client that owns the
link. What is heard of a link that the device has given up reaches nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from quecsim.at.bearer import Down
from quecsim.at.network import Asked, Called, Client, TlsBegun, Trouble
from quecsim.at.station import Gone
from quecsim.border import (
    MOST_LINKS,
    SEND_BYTES,
    Accept,
    Begin,
    Closed,
    Credit,
    Data,
    Ended,
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
    Secured,
    Send,
    Sent,
    Shut,
)
from quecsim.border.news import Why
from quecsim.border.wish import TlsWish, Wish
from quecsim.device.client_timer import ClientTimer
from quecsim.device.client_voice import ClientVoice
from quecsim.device.link_record import asked_event, tls_event
from quecsim.device.shared import Shared
from quecsim.device.urcs import UrcDesk
from quecsim.trace import event as ev

_CREDIT_STEP_BYTES = 1 << 12  # fewer are not worth a wish of their own


@dataclass(slots=True)
class Link:
    """What was asked for at `asked_ns`, by `owner`, over a packet context; `opened` is what came of
    that, so far. `client` is None for a question, which `asked` hears the answer of.
    """

    client: Client | None
    owner: str
    host: str
    port: int
    protocol: str
    context: int
    asked_ns: int
    opened: Opened | None = None
    asked: Asked | None = None
    called: Called | None = None
    taken: Callable[[int], None] | None = None
    begun: TlsBegun | None = None
    sent_bytes: int = 0
    taken_bytes: int = 0
    received_bytes: int = 0
    credited_bytes: int = 0
    spare_bytes: int = 0  # taken, and the peer does not know yet


class LinkDesk(ClientVoice):
    """Implements `quecsim.at.network.Network`. `wishes` are those that nobody has taken yet.

    `wake` has the job that waits for news of a name look again (`quecsim.device.work`), `hang_up`
    ends the data mode that stands on a connection.
    """

    def __init__(self, shared: Shared, urcs: UrcDesk) -> None:
        self.wishes: list[Wish] = []
        self.wake: Callable[[str], None] = _nobody
        self.hang_up: Callable[[str], None] = _nobody
        super().__init__(shared, urcs)
        self._links: dict[int, Link] = {}
        self._leaving: dict[int, tuple[int, Callable[[], None]]] = {}  # (context, who hears of it)
        self.clients = ClientTimer(shared, self._has_link)
        self._count = 0
        self.sent_bytes = 0  # of all links, also of those that are no more
        self.received_bytes = 0  # which arrived, also for nobody

    @property
    def links(self) -> Mapping[int, Link]:
        """Those that there are, by number: the live table, for looking only."""
        return self._links

    # what clients do

    @property
    def has_room(self) -> bool:
        """One more link can be opened."""
        return len(self._links) < MOST_LINKS

    def open(
        self,
        client: Client,
        host: str,
        port: int,
        protocol: str = "tcp",
        tls: TlsWish | None = None,
        context: int = 0,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        """Ask for a connection; returns its number."""
        owned = Link(client, client.name, host, port, protocol, context, self.now_ns, taken=taken)
        number = self._next()
        is_counted = (
            taken is not None and protocol == "tcp"
        )  # datagrams may be lost, and nobody says
        wish = Open(number, host, port, protocol, tls, client.name, is_counted)
        return self._begin(owned, wish, tls)

    def listen(
        self, client: Client, port: int, protocol: str, called: Called, context: int = 0
    ) -> int:
        """Ask to be called; returns the link's number."""
        words = "tcp listener" if protocol == "tcp" else "udp service"
        owned = Link(client, client.name, "", port, words, context, self.now_ns, called=called)
        return self._begin(owned, Listen(self._next(), port, protocol, client.name))

    def accept(
        self,
        client: Client,
        listener: int,
        caller: int,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        """Take a call up; the link is open."""
        there = self._links.get(listener)  # it may have gone, and the caller with it
        port, context = (0, 0) if there is None else (there.port, there.context)
        owned = Link(client, client.name, "", port, "incoming", context, self.now_ns, taken=taken)
        number = self._begin(owned, Accept(self._next(), listener, caller, taken is not None))
        owned.opened = Opened(number)
        where = (client.name, "", port)
        self._shared.record.add(ev.LinkOpened(self.now_ns, number, *where))
        return number

    def refuse(self, listener: int, caller: int) -> None:
        """Do not take a call up."""
        if listener in self._links:
            self._shared.record.add(ev.LinkRefused(self.now_ns, listener, caller))
            self.wishes.append(Refuse(listener, caller))

    def resolve(self, owner: str, host: str, asked: Asked, context: int = 0) -> int:
        """Ask for addresses."""
        owned = Link(None, owner, host, 0, "dns", context, self.now_ns, asked=asked)
        return self._begin(owned, Resolve(self._next(), host, owner))

    def ping(self, owner: str, host: str, count: int, asked: Asked, context: int = 0) -> int:
        """Send an echo request."""
        owned = Link(None, owner, host, 0, "ping", context, self.now_ns, asked=asked)
        return self._begin(owned, Ping(self._next(), host, count, owner))

    def secure(self, link: int, tls: TlsWish, host: str, begun: TlsBegun) -> None:
        """Begin TLS on an open link."""
        owned = self._links.get(link)
        if owned is not None:
            owned.begun = begun
            self._shared.record.add(tls_event(self.now_ns, link, host, tls))
            self.wishes.append(Secure(link, tls, host))

    def send(self, link: int, data: bytes, to: tuple[str, int] | None = None) -> None:
        """Send `data`."""
        owned = self._links.get(link)
        if owned is not None and data:
            owned.sent_bytes += len(data)
            self.sent_bytes += len(data)
            digest = sha256(data).hexdigest()
            self._shared.record.add(ev.LinkSent(self.now_ns, link, len(data), digest))
            self.wishes.append(Send(link, data, to))

    def room(self, link: int) -> int:
        """How many bytes may be sent now on a counted link; of datagrams, always the most."""
        owned = self._links.get(link)
        if owned is None:
            return 0
        if owned.protocol.startswith("udp"):
            return SEND_BYTES
        return max(0, SEND_BYTES - (owned.sent_bytes - owned.taken_bytes))

    def credit(self, link: int, count: int) -> None:
        """So many of the received bytes are out of the way."""
        owned = self._links.get(link)
        if owned is None:
            return
        owned.credited_bytes += count
        assert owned.credited_bytes <= owned.received_bytes, "made up for what never came"
        owned.spare_bytes += count
        if owned.spare_bytes >= _CREDIT_STEP_BYTES:
            self._shared.record.add(ev.LinkCredit(self.now_ns, link, owned.spare_bytes))
            self.wishes.append(Credit(link, owned.spare_bytes))
            owned.spare_bytes = 0

    def shut(self, link: int, *, is_abort: bool = False) -> None:
        """End the connection."""
        self._leaving.pop(link, None)
        if self._links.pop(link, None) is not None:
            self._shared.record.add(ev.LinkShut(self.now_ns, link, is_abort))
            self.wishes.append(Shut(link, is_abort))

    def leave(self, link: int, ended: Callable[[], None]) -> None:
        """End the connection, and hear when the other side knows."""
        owned = self._links.pop(link, None)
        if owned is not None:
            self._leaving[link] = owned.context, ended
            self._shared.record.add(ev.LinkShut(self.now_ns, link, False))
            self.wishes.append(Shut(link, is_told=True))

    # what happens to the device

    def hear(self, news: News) -> None:
        """News have arrived; who tells them also has the timer of the clients set."""
        owned = self._links.get(news.link)
        if isinstance(news, Data):
            self.received_bytes += len(news.data)
        if isinstance(news, Ended) and news.link in self._leaving:
            self._leaving.pop(news.link)[1]()
        elif owned is not None:
            _HEAR[type(news)](self, owned, news)

    def context_down(self, numbers: tuple[int, ...], why: Down | Gone) -> None:
        """These packet contexts, or (0) Wi-Fi, are gone, and every link over them; clients hear."""
        missing = "Wi-Fi" if isinstance(why, Gone) else "packet context"
        for link, owned in list(self._links.items()):
            if owned.context in numbers:
                self.shut(link, is_abort=True)
                self._end(link, owned, Trouble(Why.UNREACHABLE, f"no {missing}: {why}"))
        for link, (context, ended) in list(self._leaving.items()):
            if context in numbers:
                del self._leaving[link]
                ended()
        self.clients.arm()

    def reset(self) -> None:
        """The device goes down, with its clients; nobody is told."""
        for link in list(self._links):
            self.shut(link, is_abort=True)
        self._leaving.clear()
        self.clients.reset()

    # inside

    def _has_link(self, client: Client) -> bool:
        return any(owned.client is client for owned in self._links.values())

    def _next(self) -> int:
        assert self.has_room, "a client asks for room first"
        self._count += 1
        return self._count

    def _begin(self, owned: Link, wish: Begin, tls: TlsWish | None = None) -> int:
        """A link begins with a wish."""
        if owned.client is not None:
            self.clients.attend(owned.client)
        self._links[wish.link] = owned
        where = (wish.link, owned.owner, owned.host, owned.port, owned.protocol)
        self._shared.record.add(asked_event(self.now_ns, where, tls))
        self.wishes.append(wish)
        return wish.link

    def _opened(self, owned: Link, news: Opened) -> None:
        owned.opened = news
        where = (news.link, owned.owner, owned.host, owned.port)
        how = (news.peer, news.version, news.suite)
        self._shared.record.add(ev.LinkOpened(self.now_ns, *where, *how))
        assert owned.client is not None
        owned.client.opened(news.link, news)

    def _listening(self, owned: Link, news: Listening) -> None:
        owned.opened, owned.port = Opened(news.link, "", news.port), news.port
        where = (news.link, owned.owner, owned.host, owned.port)
        self._shared.record.add(ev.LinkOpened(self.now_ns, *where))
        assert owned.client is not None
        owned.client.opened(news.link, owned.opened)

    def _incoming(self, owned: Link, news: Incoming) -> None:
        where = (news.link, news.caller, news.address, news.port)
        self._shared.record.add(ev.LinkIncoming(self.now_ns, *where))
        assert owned.called is not None
        owned.called(news)

    def _secured(self, owned: Link, news: Secured) -> None:
        how = (news.link, news.version, news.suite)
        self._shared.record.add(ev.LinkSecured(self.now_ns, *how))
        if owned.begun is not None:
            owned.begun(news)

    def _answered(self, owned: Link, news: Resolved | Pong) -> None:
        del self._links[news.link]
        addresses = news.addresses if isinstance(news, Resolved) else (news.address,)
        self._shared.record.add(ev.LinkAnswered(self.now_ns, news.link, owned.owner, addresses))
        assert owned.asked is not None
        owned.asked(news)

    def _taken(self, owned: Link, news: Sent) -> None:
        owned.taken_bytes += news.count
        self._shared.record.add(ev.LinkTaken(self.now_ns, news.link, news.count))
        if owned.taken is not None:
            owned.taken(news.count)

    def _failed(self, owned: Link, news: Failed) -> None:
        del self._links[news.link]
        self._end(news.link, owned, Trouble(news.why, news.detail, news.file))

    def _received(self, owned: Link, news: Data) -> None:
        owned.received_bytes += len(news.data)
        self._shared.record.add(ev.LinkReceived(self.now_ns, news.link, len(news.data)))
        if owned.called is not None:
            owned.called(news)
        elif owned.client is not None:
            owned.client.received(news.link, news.data)

    def _closed(self, owned: Link, news: Closed) -> None:
        self.shut(news.link)
        self._end(news.link, owned, Trouble(news.why, news.detail, news.file))

    def _end(self, link: int, owned: Link, trouble: Trouble) -> None:
        """The link is no more: it failed, or was closed from outside."""
        now_ns, why, detail = self.now_ns, trouble.why, trouble.detail
        if owned.opened is not None:
            self._shared.record.add(
                ev.LinkClosed(now_ns, link, owned.owner, why, detail, trouble.file)
            )
            assert owned.client is not None
            owned.client.closed(link, trouble)
            return
        where = (owned.owner, owned.host, owned.port)
        self._shared.record.add(ev.LinkFailed(now_ns, link, *where, why, detail, trouble.file))
        if owned.client is not None:
            owned.client.failed(link, trouble)
        elif owned.asked is not None:
            owned.asked(trouble)


def _nobody(_name: str) -> None:
    """There are no jobs yet."""


_HEAR: dict[type, Callable[[LinkDesk, Link, Any], None]] = {
    Opened: LinkDesk._opened,
    Secured: LinkDesk._secured,
    Failed: LinkDesk._failed,
    Listening: LinkDesk._listening,
    Incoming: LinkDesk._incoming,
    Resolved: LinkDesk._answered,
    Pong: LinkDesk._answered,
    Data: LinkDesk._received,
    Sent: LinkDesk._taken,
    Closed: LinkDesk._closed,
}
