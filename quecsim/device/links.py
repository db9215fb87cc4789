"""The links of a device, and the clients that own them: the device's side of the border.

Wishes are put on record and wait for the rig to take them; news go to the client that owns the
link. What is heard of a link that the device has given up reaches nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from quecsim.at.bearer import Down
from quecsim.at.network import Client, Trouble
from quecsim.border import MOST_LINKS, Closed, Credit, Data, Failed, News, Open, Opened, Send, Shut
from quecsim.border.news import Why
from quecsim.border.wish import Pem, TlsWish, Wish
from quecsim.device.shared import Shared, Timer
from quecsim.device.urcs import UrcDesk
from quecsim.trace import event as ev

_CREDIT_STEP_BYTES = 1 << 12  # fewer are not worth a wish of their own


@dataclass(slots=True)
class Link:
    """A connection of `client`, asked for at `asked_ns`; `opened` is what came of that, so far."""

    client: Client
    host: str
    port: int
    protocol: str
    context: int
    asked_ns: int
    opened: Opened | None = None
    sent_bytes: int = 0
    received_bytes: int = 0
    spare_bytes: int = 0  # taken, and the peer does not know yet


class LinkDesk:
    """Implements `quecsim.at.network.Network`. `wishes` are those that nobody has taken yet."""

    def __init__(self, shared: Shared, urcs: UrcDesk) -> None:
        self.wishes: list[Wish] = []
        self._shared = shared
        self._urcs = urcs
        self._links: dict[int, Link] = {}
        self._clients: list[Client] = []  # in the order in which they had their first link
        self._count = 0

    @property
    def links(self) -> Mapping[int, Link]:
        """Those that there are, by number: the live table, for looking only."""
        return self._links

    # what clients do

    @property
    def now_ns(self) -> int:
        """The time of what is happening."""
        return self._shared.now_ns

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
    ) -> int:
        """Ask for a connection; returns its number."""
        assert self.has_room, "a client asks for room first"
        self._count += 1
        link = self._count
        self.attend(client)
        self._links[link] = Link(client, host, port, protocol, context, self.now_ns)
        asked = ev.LinkAsked(self.now_ns, link, client.name, host, port, protocol)
        self._shared.record.add(asked if tls is None else _with_tls(asked, tls))
        self.wishes.append(Open(link, host, port, protocol, tls, client.name))
        return link

    @property
    def has_clients(self) -> bool:
        """Somebody may want to be woken."""
        return bool(self._clients)

    def attend(self, client: Client) -> None:
        """Wake `client` when it wants to be."""
        if client not in self._clients:
            self._clients.append(client)

    def send(self, link: int, data: bytes) -> None:
        """Send `data`."""
        owned = self._links.get(link)
        if owned is not None and data:
            owned.sent_bytes += len(data)
            digest = sha256(data).hexdigest()
            self._shared.record.add(ev.LinkSent(self.now_ns, link, len(data), digest))
            self.wishes.append(Send(link, data))

    def credit(self, link: int, count: int) -> None:
        """So many of the received bytes are out of the way."""
        owned = self._links.get(link)
        if owned is None:
            return
        owned.spare_bytes += count
        if owned.spare_bytes >= _CREDIT_STEP_BYTES:
            self._shared.record.add(ev.LinkCredit(self.now_ns, link, owned.spare_bytes))
            self.wishes.append(Credit(link, owned.spare_bytes))
            owned.spare_bytes = 0

    def shut(self, link: int, *, is_abort: bool = False) -> None:
        """End the connection."""
        if self._links.pop(link, None) is not None:
            self._shared.record.add(ev.LinkShut(self.now_ns, link, is_abort))
            self.wishes.append(Shut(link, is_abort))

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        """An unsolicited result code."""
        if sent is None:
            self._urcs.schedule(self.now_ns, text)
        else:
            self._urcs.post(text, sent)

    def asked(
        self,
        client: Client,
        command: str,
        where: tuple[str, int] = ("", 0),
        *,
        is_accepted: bool = True,
    ) -> None:
        """Put on record that the host asks for a command."""
        self._shared.record.add(
            ev.ClientAsked(self.now_ns, client.name, command, is_accepted, *where)
        )

    def tell(
        self, client: Client, command: str, code: int, link: int = 0, trouble: Trouble | None = None
    ) -> None:
        """Put the result of a command on record."""
        given = trouble or Trouble(Why.FIN)
        why = "" if trouble is None else str(given.why)
        result = ev.ClientResult(
            self.now_ns, client.name, command, code, link, why, given.detail, given.file
        )
        self._shared.record.add(result)

    def carried(self, client: Client, link: int, way: str, count: int, *, is_dropped: bool) -> None:
        """Put a message on record."""
        message = ev.ClientMessage(self.now_ns, client.name, link, way, count, is_dropped)
        self._shared.record.add(message)

    # what happens to the device

    def hear(self, news: News) -> None:
        """News have arrived."""
        owned = self._links.get(news.link)
        if owned is not None:
            _HEAR[type(news)](self, owned, news)
            self.arm()

    def on_time(self) -> None:
        """Whatever is due with the clients."""
        for client in list(self._clients):
            due_ns = client.deadline_ns()
            if due_ns is not None and due_ns <= self.now_ns:
                client.on_time()
        self.arm()

    def arm(self) -> None:
        """Set the timer for the next client."""
        dues = [due for client in self._clients if (due := client.deadline_ns()) is not None]
        if dues:
            self._shared.timers[Timer.CLIENTS] = max(min(dues), self.now_ns)
        else:
            self._shared.stop_timer(Timer.CLIENTS)

    def context_down(self, numbers: tuple[int, ...], why: Down) -> None:
        """These packet contexts are gone, and every link over them; its client is told."""
        for link, owned in list(self._links.items()):
            if owned.context in numbers:
                self.shut(link, is_abort=True)
                self._end(link, owned, Trouble(Why.UNREACHABLE, f"no packet context: {why}"))
        self.arm()

    def reset(self) -> None:
        """The device goes down, with its clients; nobody is told."""
        for link in list(self._links):
            self.shut(link, is_abort=True)
        self._clients.clear()
        self.arm()

    # inside

    def _opened(self, owned: Link, news: Opened) -> None:
        owned.opened = news
        self._shared.record.add(
            ev.LinkOpened(
                self.now_ns,
                news.link,
                owned.client.name,
                owned.host,
                owned.port,
                news.peer,
                news.version,
                news.suite,
            )
        )
        owned.client.opened(news.link, news)

    def _failed(self, owned: Link, news: Failed) -> None:
        del self._links[news.link]
        self._end(news.link, owned, Trouble(news.why, news.detail, news.file))

    def _received(self, owned: Link, news: Data) -> None:
        owned.received_bytes += len(news.data)
        self._shared.record.add(ev.LinkReceived(self.now_ns, news.link, len(news.data)))
        owned.client.received(news.link, news.data)

    def _closed(self, owned: Link, news: Closed) -> None:
        self.shut(news.link)
        self._end(news.link, owned, Trouble(news.why, news.detail))

    def _end(self, link: int, owned: Link, trouble: Trouble) -> None:
        """The link is no more: it failed, or was closed from outside."""
        now_ns, name = self.now_ns, owned.client.name
        why, detail = trouble.why, trouble.detail
        if owned.opened is not None:
            self._shared.record.add(ev.LinkClosed(now_ns, link, name, why, detail))
            owned.client.closed(link, trouble)
            return
        where = (owned.host, owned.port)
        self._shared.record.add(
            ev.LinkFailed(now_ns, link, name, *where, why, detail, trouble.file)
        )
        owned.client.failed(link, trouble)


def _with_tls(asked: ev.LinkAsked, tls: TlsWish) -> ev.LinkAsked:
    files = (("ca", tls.ca), ("certificate", tls.certificate), ("key", tls.key))
    return replace(
        asked,
        level=tls.level,
        files=tuple(_file(what, pem) for what, pem in files if pem.name),
        calendar_s=tls.calendar_s,
    )


def _file(what: str, pem: Pem) -> tuple[str, str, int, str]:
    if pem.data is None:
        return what, pem.name, -1, ""
    return what, pem.name, len(pem.data), sha256(pem.data).hexdigest()


_HEAR: dict[type, Callable[[LinkDesk, Link, Any], None]] = {
    Opened: LinkDesk._opened,
    Failed: LinkDesk._failed,
    Data: LinkDesk._received,
    Closed: LinkDesk._closed,
}
