"""The network behind a device that is real: wishes become sockets, and what they say news.

Nothing is resolved and nothing connected unless it was given (`quecsim.live.network.routes`). It
waits for nobody: whoever has it waits for `descriptor`, and until `deadline_ns`, and then lets it
`look`.
"""

import selectors
import socket
from collections.abc import Callable

from quecsim.border import (
    MOST_LINKS,
    Credit,
    Failed,
    Listen,
    News,
    Open,
    Opened,
    Ping,
    Resolve,
    Send,
    Shut,
    Why,
    Wish,
)
from quecsim.live.network.addresses import why_never
from quecsim.live.network.layer import Layer, PlainLayer
from quecsim.live.network.link import Limits, Link, Stage
from quecsim.live.network.resolver import Answer, Resolver
from quecsim.live.network.routes import Permissions, Way, advice, place
from quecsim.live.network.tcp_link import TcpLink
from quecsim.live.network.udp_link import UdpLink
from quecsim.tls.trouble import TlsTrouble

_MOST_ADDRESSES = 8  # of one name
_MOST_TOLD = 200  # a device that tries one name after another does not fill the user's screen

# What the user may be able to mend: the sentence ends with the place.
_NOT_REACHED = frozenset((Why.DNS, Why.REFUSED, Why.UNREACHABLE, Why.TIMEOUT))


def _tell_nobody(text: str) -> None:
    """For those who do not ask."""


class SocketsPeer:
    """A `quecsim.border.Peer` of real sockets. Not thread-safe.

    `tell` gets a sentence for people when something was not allowed, was reached or could not be
    reached: once for each host and port. `keylog` gets the lines of an SSLKEYLOGFILE. Times are the
    model's, in nanoseconds.
    """

    def __init__(
        self,
        permissions: Permissions,
        *,
        tell: Callable[[str], None] = _tell_nobody,
        keylog: Callable[[bytes], None] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._permissions = permissions
        self._tell = tell
        self._keylog = keylog
        self._limits = limits or Limits()
        self._selector = selectors.DefaultSelector()
        self._resolver: Resolver | None = None  # made for the first name
        self._links: dict[int, Link] = {}  # in the order in which they were opened
        self._watched: dict[int, tuple[socket.socket, int]] = {}
        self._news: list[News] = []
        self._said_ns = 0  # when the first of them was said
        self._now_ns = 0
        self._told: set[tuple[str, int, str]] = set()

    @property
    def descriptor(self) -> int:
        """Readable when `look` has something to do."""
        return self._selector.fileno()

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived. One for a link that is over reaches nobody."""
        self._now_ns = now_ns
        if isinstance(wish, Open):
            self._open(wish)
            return
        if isinstance(wish, Listen | Resolve | Ping):
            self._say(Failed(wish.link, Why.NOT_ALLOWED, "no real network for that"))
            return
        link = self._links.get(wish.link)
        if isinstance(wish, Shut):
            self._news = [news for news in self._news if news.link != wish.link]
        if link is None or link.stage is Stage.LEAVING:
            return
        if isinstance(wish, Send):
            link.send(now_ns, wish.data)
        elif isinstance(wish, Credit):
            link.credit(wish.count)
        elif isinstance(wish, Shut):
            link.shut(now_ns, is_abort=wish.is_abort)
        self._follow(link)

    def deadline_ns(self) -> int | None:
        """When it has something to say, or to do, by itself."""
        due = [it.deadline_ns for it in self._links.values() if it.deadline_ns is not None]
        if self._news:
            due.append(self._said_ns)
        return min(due, default=None)

    def look(self, now_ns: int) -> None:
        """Let everything happen that can happen without waiting."""
        self._now_ns = now_ns
        self._move()
        for link in list(self._links.values()):
            link.expire(now_ns)
            self._follow(link)

    def take_news(self, now_ns: int) -> list[News]:
        """What is to be said up to now, in order, each once."""
        if any(
            it.deadline_ns is not None and it.deadline_ns <= now_ns for it in self._links.values()
        ):
            self.look(now_ns)  # what came in time is not too late because of us
        news, self._news = self._news, []
        return news

    def close(self) -> None:
        """The end of everything, at once. What was not written yet stays unwritten."""
        for link in list(self._links.values()):
            link.close()
            self._follow(link)
        if self._resolver is not None:
            self._selector.unregister(self._resolver.descriptor)
            self._resolver.close()
            self._resolver = None
        self._selector.close()

    # opening

    def _open(self, wish: Open) -> None:
        assert wish.link not in self._links, "the number of a link is used once"
        if sum(not link.is_over for link in self._links.values()) >= MOST_LINKS:
            detail = f"{MOST_LINKS} links are open, and there are no more"
            self._say(Failed(wish.link, Why.UNREACHABLE, detail))
            return
        way = self._permissions.way(wish.host, wish.port)
        if way is None:
            self._refuse(wish)
            return
        try:
            layer = self._layer(wish)
        except TlsTrouble as trouble:  # a device finds that out by itself
            self._say(Failed(wish.link, trouble.why, trouble.detail, trouble.file))
            return
        self._make_room()
        link = self._links[wish.link] = self._make(wish, layer)
        if way.name:
            self._resolve(link, way)
        else:
            link.connect(self._now_ns, way.addresses, way.port)
        self._follow(link)

    def _layer(self, wish: Open) -> Layer:
        if wish.tls is None:
            return PlainLayer()
        from quecsim.tls.client import new_client

        return new_client(wish.tls, wish.host, keylog=self._keylog)

    def _make(self, wish: Open, layer: Layer) -> Link:
        if wish.protocol == "udp":
            assert wish.tls is None, "there is no TLS over datagrams"
            return UdpLink(wish, self._limits, self._say)
        return TcpLink(wish, layer, self._limits, self._say)

    def _make_room(self) -> None:
        """As many more as a device has links may say farewell: the oldest goes."""
        over = [link for link in self._links.values() if link.is_over]
        for link in over[: max(0, len(over) - MOST_LINKS + 1)]:
            link.abort()
            self._follow(link)

    def _refuse(self, wish: Open) -> None:
        what = advice(wish.host, wish.port)
        self._say(Failed(wish.link, Why.NOT_ALLOWED, what))
        there = place(wish.host, wish.port)
        self._tell_once(wish, f"the device wanted {there}, which nothing gives it: {what}")

    def _resolve(self, link: Link, way: Way) -> None:
        if self._resolver is None:
            self._resolver = Resolver()
            self._selector.register(self._resolver.descriptor, selectors.EVENT_READ)
        link.resolve(self._now_ns)
        if not self._resolver.ask(link.number, way.name):
            link.fail(Why.DNS, "too many names are being looked up")

    def _resolved(self, answer: Answer) -> None:
        link = self._links.get(answer.key)
        if link is None:  # it has waited long enough
            return
        assert link.stage is Stage.RESOLVING
        addresses = self._permissions.admitted(answer.addresses)[:_MOST_ADDRESSES]
        if addresses:
            link.connect(self._now_ns, addresses, link.wish.port)
        elif answer.addresses:
            never = answer.addresses[0]
            what = f"it is {never}, which is never reached ({why_never(never)})"
            link.fail(Why.NOT_ALLOWED, what)
            self._tell_once(link.wish, f"the device wanted {_place(link.wish)}, but {what}")
        else:
            link.fail(Why.DNS, answer.trouble or "the name has no address")
        self._follow(link)

    # moving

    def _move(self) -> None:
        if not self._links:
            return
        for key, events in self._selector.select(0):
            link = key.data
            if link is not None:
                link.move(self._now_ns, events)
                self._follow(link)
            elif self._resolver is not None:
                for answer in self._resolver.take():
                    self._resolved(answer)

    def _follow(self, link: Link) -> None:
        """Wait for what the link waits for now; forget it when it is gone."""
        wanted = (link.socket, link.events) if link.socket is not None and link.events else None
        before = self._watched.get(link.number)
        if wanted != before:
            if before is not None:
                self._selector.unregister(before[0])
                del self._watched[link.number]
            if wanted is not None:
                self._selector.register(*wanted, link)
                self._watched[link.number] = wanted
        if link.stage is Stage.GONE:
            self._links.pop(link.number, None)

    # telling

    def _say(self, news: News) -> None:
        if not self._news:
            self._said_ns = self._now_ns
        self._news.append(news)
        link = self._links.get(news.link)
        if link is None:
            return
        wish, there = link.wish, _place(link.wish)
        if link.reached and (at := place(link.reached, link.port)) != there:
            there += f" at {at}"
        if isinstance(news, Opened):
            self._tell_once(wish, f"the device has reached {there}", Opened.__name__)
        elif isinstance(news, Failed) and news.why in _NOT_REACHED:
            text = f"the device has not reached {there}: {news.detail}"
            self._tell_once(wish, text, news.why)

    def _tell_once(self, wish: Open, text: str, kind: str = "") -> None:
        key = (wish.host, wish.port, kind)
        if key not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(key)
            self._tell(text)


def _place(wish: Open) -> str:
    return place(wish.host, wish.port)
