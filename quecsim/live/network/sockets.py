"""The network behind a device that is real: wishes become sockets, and what they say news.

Nothing is resolved and nothing connected unless it was given (`quecsim.live.network.routes`), and
nobody can call the device but where it was given a door (`quecsim.live.network.doors`). It waits
for nobody: whoever has it waits for `descriptor`, and until `deadline_ns`, and then lets it `look`.
"""

import selectors
import socket
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from quecsim.border import (
    MOST_LINKS,
    Accept,
    Closed,
    Credit,
    Failed,
    Listen,
    News,
    Open,
    Ping,
    Refuse,
    Resolve,
    Secure,
    Send,
    Shut,
    TlsWish,
    Why,
    Wish,
)
from quecsim.live.network.addresses import why_never
from quecsim.live.network.doors import Doors
from quecsim.live.network.layer import Layer, PlainLayer
from quecsim.live.network.link import HasDescriptor, Limits, Link, NewSocket, Stage
from quecsim.live.network.names import Names
from quecsim.live.network.question import Question
from quecsim.live.network.resolver import Answer, Resolver
from quecsim.live.network.routes import Permissions, advice, host_advice, place
from quecsim.live.network.tcp_link import TcpLink
from quecsim.live.network.tcp_listener import TcpListener
from quecsim.live.network.telling import Telling, place_of
from quecsim.live.network.trouble import words
from quecsim.live.network.udp_link import UdpLink
from quecsim.live.network.udp_service import UdpService
from quecsim.peers.calls import own_port
from quecsim.tls.trouble import TlsTrouble

_MOST_ADDRESSES = 8  # of one name


def _tell_nobody(text: str) -> None:
    """For those who do not ask."""


class SocketsPeer:
    """A `quecsim.border.Peer` of real sockets. Not thread-safe.

    `tell` gets a sentence for people when something was not allowed, was reached, could not be
    reached, or can be called: once for each place. `keylog` gets the lines of an SSLKEYLOGFILE.
    Without `doors` nobody can call the device. `socket_for` gives what makes those of a
    link, `note` hears what became of each. Times are the model's, in nanoseconds.
    """

    def __init__(
        self,
        permissions: Permissions,
        *,
        names: Names | None = None,
        doors: Doors | None = None,
        tell: Callable[[str], None] = _tell_nobody,
        keylog: Callable[[bytes], None] | None = None,
        limits: Limits | None = None,
        socket_for: Callable[[Wish], NewSocket] = lambda _wish: socket.socket,
        note: Callable[[str], None] | None = None,
    ) -> None:
        self._permissions = permissions
        self._names = Names(permissions) if names is None else names
        self._doors = Doors((), permissions) if doors is None else doors
        self._telling = Telling(tell, note)
        self._keylog = keylog
        self._socket_for = socket_for
        self._limits = limits or Limits()
        self._selector = selectors.DefaultSelector()
        self._resolver: Resolver | None = None  # made for the first name
        self._links: dict[int, Link] = {}  # in the order in which they were asked for
        self._watched: dict[int, tuple[HasDescriptor, int]] = {}
        self._sending: dict[int, Link] = {}  # to be flushed
        self._news: list[News] = []
        self._said_ns = 0  # when the first of them was said, or something was sent
        self._now_ns = 0

    @property
    def descriptor(self) -> int:
        """Readable when `look` has something to do."""
        return self._selector.fileno()

    @property
    def doors(self) -> Mapping[int, str]:
        """Where the links that listen can be called, in reality."""
        return {
            number: place(link.reached, link.port)
            for number, link in self._links.items()
            if isinstance(link.wish, Listen) and link.reached
        }

    def listens_at(self, number: int) -> int | None:
        """At which port of the device that link listens; None: it does not."""
        link = self._links.get(number)
        return link.wish.port if link is not None and isinstance(link.wish, Listen) else None

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived. One for a link that is over reaches nobody."""
        self._now_ns = now_ns
        begin = _BEGIN.get(type(wish))
        if begin is not None:
            assert wish.link not in self._links, "the number of a link is used once"
            begin(self, wish)
            return
        if isinstance(wish, Shut):
            self._news = [news for news in self._news if news.link != wish.link]
        link = self._links.get(wish.link)
        if link is None or link.stage is Stage.LEAVING:
            return
        if isinstance(wish, Send) and wish.to is None:
            self._send(link, wish.data)
        else:
            self._go_on(link, wish)
            self._follow(link)

    def deadline_ns(self) -> int | None:
        """When it has something to say, or to do, by itself."""
        due = [it.deadline_ns for it in self._links.values() if it.deadline_ns is not None]
        if self._news or self._sending:
            due.append(self._said_ns)
        return min(due, default=None)

    def look(self, now_ns: int) -> None:
        """Let everything happen that can happen without waiting."""
        self._now_ns = now_ns
        self._flush()
        self._move()
        for link in list(self._links.values()):
            link.expire(now_ns)
            self._follow(link)

    def take_news(self, now_ns: int) -> list[News]:
        """What is to be said up to now, in order, each once."""
        if self._sending or any(
            it.deadline_ns is not None and it.deadline_ns <= now_ns for it in self._links.values()
        ):
            self.look(now_ns)  # what came in time is not too late because of us
        news, self._news = self._news, []
        return news

    def close(self) -> None:
        """The end of everything, at once. What the system does not take now stays unwritten."""
        self._flush()
        for link in list(self._links.values()):
            link.close()
            self._follow(link)
        if self._resolver is not None:
            self._selector.unregister(self._resolver.descriptor)
            self._resolver.close()
            self._resolver = None
        self._selector.close()

    # what links begin with

    def _open(self, wish: Open) -> None:
        if self._is_full(wish.link):
            return
        way = self._names.way(wish.host, wish.port)
        if way is None:
            self._refuse(wish)
            return
        try:
            layer = PlainLayer() if wish.tls is None else self._tls(wish.tls, wish.host)
        except TlsTrouble as trouble:  # a device finds that out by itself
            self._say(Failed(wish.link, trouble.why, trouble.detail, trouble.file))
            return
        link = self._add(self._make(wish, layer))
        if way.name:
            self._resolve(link, way.name)
        else:
            link.connect(self._now_ns, way.addresses, way.port)
        self._follow(link)

    def _listen(self, wish: Listen) -> None:
        if self._is_full(wish.link):
            return
        try:
            at = self._doors.open(wish.port, wish.protocol, self._socket_for(wish))
        except OSError as error:
            why = words(error.errno or 0)
            self._telling.cannot_listen(wish.port, why)
            self._say(Failed(wish.link, Why.UNREACHABLE, f"nothing can listen there: {why}"))
            return
        if not wish.port:  # whichever is free: outside and for the device it is the same one
            port: int = own_port(wish.link) if at is None else at.getsockname()[1]
            wish = replace(wish, port=port)
        kind = UdpService if wish.protocol == "udp" else TcpListener
        link = self._add(kind(wish, self._limits, self._say, at))
        if link.reached:
            self._telling.listens(wish.port, wish.protocol, (link.reached, link.port))
        self._follow(link)

    def _accept(self, wish: Accept) -> None:
        listener = self._links.get(wish.listener)
        call = listener.take(wish.caller) if isinstance(listener, TcpListener) else None
        if call is None or listener is None:
            self._say(Closed(wish.link, Why.RESET, "the caller has gone"))
            return
        self._follow(listener)
        link = TcpLink(wish, PlainLayer(), self._limits, self._say)
        self._add(link)
        link.take_up(self._now_ns, call)
        self._follow(link)

    def _ask(self, wish: Resolve | Ping) -> None:
        if self._is_full(wish.link):
            return
        if not self._names.has(wish.host):
            self._refuse(wish)
            return
        link = Question(wish, self._limits, self._say)
        self._add(link)
        addresses = self._names.addresses(wish.host)
        if addresses:
            link.answer(addresses)
        else:
            self._resolve(link, wish.host)
        self._follow(link)

    def _tls(self, tls: TlsWish, host: str) -> Layer:
        from quecsim.tls.client import new_client

        return new_client(tls, host, keylog=self._keylog)

    def _make(self, wish: Open, layer: Layer) -> Link:
        if wish.protocol == "udp":
            assert wish.tls is None, "there is no TLS over datagrams"
            return UdpLink(wish, self._limits, self._say)
        return TcpLink(wish, layer, self._limits, self._say)

    def _add(self, link: Link) -> Link:
        """As many more as a device has links may say farewell: the oldest goes."""
        over = [each for each in self._links.values() if each.is_over]
        for each in over[: max(0, len(over) - MOST_LINKS + 1)]:
            each.abort()
            self._follow(each)
        self._links[link.number] = link
        link.new_socket = self._socket_for(link.wish)
        return link

    def _is_full(self, number: int) -> bool:
        if sum(not link.is_over for link in self._links.values()) < MOST_LINKS:
            return False
        detail = f"{MOST_LINKS} links are open, and there are no more"
        self._say(Failed(number, Why.UNREACHABLE, detail))
        return True

    def _refuse(self, wish: Open | Resolve | Ping) -> None:
        where = place_of(wish)
        what = advice(*where) if where[1] else host_advice(where[0])
        self._say(Failed(wish.link, Why.NOT_ALLOWED, what))
        self._telling.refused(where, what)

    # names

    def _resolve(self, link: Link, name: str) -> None:
        if self._resolver is None:
            self._resolver = Resolver()
            self._selector.register(self._resolver.descriptor, selectors.EVENT_READ)
        link.resolve(self._now_ns)
        if not self._resolver.ask(link.number, name):
            link.fail(Why.DNS, "too many names are being looked up")

    def _resolved(self, answer: Answer) -> None:
        link = self._links.get(answer.key)
        if link is None:  # it has waited long enough
            return
        assert link.stage is Stage.RESOLVING
        host, port = place_of(link.wish)
        addresses = self._permissions.admitted(answer.addresses)[:_MOST_ADDRESSES]
        if addresses:
            self._names.learn(host, addresses)
            link.connect(self._now_ns, addresses, port)
        elif answer.addresses:
            never = answer.addresses[0]
            what = f"it is {never}, which is never reached ({why_never(never)})"
            link.fail(Why.NOT_ALLOWED, what)
            self._telling.never(link.wish, what)
        else:
            link.fail(Why.DNS, answer.trouble or "the name has no address")
        self._follow(link)

    # how they go on

    def _go_on(self, link: Link, wish: Wish) -> None:
        if isinstance(wish, Send):
            if wish.to is not None and isinstance(link, UdpService):
                self._write(link, wish.to, wish.data)
        elif isinstance(wish, Credit):
            link.credit(wish.count)
        elif isinstance(wish, Shut):
            link.shut(self._now_ns, is_abort=wish.is_abort)
        elif isinstance(wish, Secure):
            self._secure(link, wish)
        elif isinstance(wish, Refuse) and isinstance(link, TcpListener):
            link.refuse(wish.caller)

    def _send(self, link: Link, data: bytes) -> None:
        if not self._news and not self._sending:
            self._said_ns = self._now_ns
        self._sending[link.number] = link
        link.send(self._now_ns, data)

    def _flush(self) -> None:
        if self._sending:
            sending, self._sending = self._sending, {}
            for link in sending.values():
                link.flush(self._now_ns)
                self._follow(link)

    def _secure(self, link: Link, wish: Secure) -> None:
        try:
            layer = self._tls(wish.tls, wish.host)
        except TlsTrouble as trouble:
            link.give_up(self._now_ns, trouble.why, trouble.detail, trouble.file)
        else:
            link.secure(self._now_ns, layer, wish.tls.negotiate_ns)

    def _write(self, link: UdpService, to: tuple[str, int], data: bytes) -> None:
        """A datagram to somebody who has written before, or may be reached; else it is lost."""
        if link.knows(to):
            link.reply(to, data)
            return
        way = self._names.way(*to)
        if way is None:
            self._telling.refused(to, advice(*to))
        elif way.addresses:
            seen = self._names.addresses(to[0])[:1] or (to[0],)
            link.write((way.addresses[0], way.port), (seen[0], to[1]), data)
        else:
            text = f"a datagram to {place(*to)} is lost: the device has not resolved the name"
            self._telling.once(text, to, "lost")

    # moving

    def _move(self) -> None:
        if not self._links and self._resolver is None:
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
        wanted = (link.source, link.events) if link.source is not None and link.events else None
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

    def _say(self, news: News) -> None:
        if not self._news and not self._sending:
            self._said_ns = self._now_ns
        self._news.append(news)
        self._telling.heard(self._links.get(news.link), news)


_BEGIN: dict[type, Callable[[SocketsPeer, Any], None]] = {
    Open: SocketsPeer._open,
    Listen: SocketsPeer._listen,
    Accept: SocketsPeer._accept,
    Resolve: SocketsPeer._ask,
    Ping: SocketsPeer._ask,
}
