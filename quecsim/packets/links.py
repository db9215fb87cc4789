"""The links of a device as packets: from its wishes and its news, in the order of their times.

How a connection began is told when it is known: a name that was asked for, SYN, and what came of
it. A wish or news that fit to nothing are passed over, as the device passes them over.
"""

from collections.abc import Callable
from typing import Any

from quecsim.border import (
    Accept,
    Begin,
    Closed,
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
    Secured,
    Send,
    Shut,
    Why,
    Wish,
)
from quecsim.link import is_address
from quecsim.packets.book import Book
from quecsim.packets.flow import Emit, Flow, Way
from quecsim.packets.inside import note, plain_port
from quecsim.packets.ip import MOST_DATAGRAM_BYTES, Place, datagram
from quecsim.packets.link import Link
from quecsim.packets.pcapng import Interface, Packet
from quecsim.packets.questions import Questions

_NOTHING_WENT_OUT = frozenset((Why.DNS, Why.NOT_ALLOWED, Why.UNREACHABLE, Why.TLS_CA, Why.TLS_OWN))
_SERVER_ENDS = frozenset((Why.FIN, Why.TLS_ALERT))
_MOST_MISSED_BYTES = 1 << 16  # of one event: more than a device has on its way
_NEVER_NS = 1 << 62
_NOBODY = "nobody has answered"
_WORDS = {Way.UP: "from the device", Way.DOWN: "to the device"}


class LinkPackets:
    """Tell it `wish`es and `news`, and at the end to `finish`; `emit` gets the packets.

    A way there and back takes `round_trip_ns`: so long an answer takes of which nothing is known
    but that it came. Times are those of the packets.
    """

    def __init__(self, emit: Emit, book: Book, round_trip_ns: int = 0) -> None:
        self._emit = emit
        self._book = book
        self._round_trip_ns = round_trip_ns
        self._questions = Questions(emit, book, round_trip_ns)
        self._links: dict[int, Link] = {}
        # By the listening link, and the call's number.
        self._calls: dict[tuple[int, int], Flow] = {}

    def wish(self, at_ns: int, wish: Wish) -> None:
        """The device wishes."""
        act = _WISHES.get(type(wish))
        if act is not None:
            act(self, at_ns, wish)

    def news(self, at_ns: int, news: News) -> None:
        """The network tells."""
        link = self._links.get(news.link)
        act = _NEWS.get(type(news))
        if link is not None and act is not None:
            act(self, at_ns, link, news)

    def note(self, at_ns: int, text: str) -> None:
        """What happened besides, in words."""
        self._emit(note(at_ns, text))

    def miss(self, at_ns: int, number: int, way: Way, count: int) -> None:
        """`count` bytes have crossed, and what they were is not known."""
        link = self._links.get(number)
        if link is None or count <= 0:
            return
        text = f"{count} bytes {_WORDS[way]}, which the record does not hold"
        if link.flow is not None and link.is_open:
            link.flow.miss(at_ns, way, min(count, _MOST_MISSED_BYTES), text)
        else:
            self.note(at_ns, f"{link.title}: {text}")

    def finish(self) -> None:
        """The end: what nobody has answered has gone out all the same."""
        for number in list(self._links):
            self._forget(number)

    # what links begin with

    def _begin(self, at_ns: int, wish: Begin) -> None:
        self._links[wish.link] = Link(wish, at_ns)

    def _accept(self, at_ns: int, wish: Accept) -> None:
        link = self._links[wish.link] = Link(wish, at_ns)
        link.flow = self._calls.pop((wish.listener, wish.caller), None)
        if link.flow is not None:
            link.is_open = True
            link.flow.take_up(at_ns, Way.UP)

    def _refuse(self, at_ns: int, wish: Refuse) -> None:
        flow = self._calls.pop((wish.link, wish.caller), None)
        if flow is not None:
            flow.reset(at_ns, Way.UP, "the device does not take the call up")

    # what comes of them

    def _opened(self, at_ns: int, link: Link, news: Opened) -> None:
        wish = link.wish
        if not isinstance(wish, Open) or link.is_open:
            return
        link.is_open = True
        self._book.hear(wish.host, news)
        if wish.protocol != "tcp":
            self._questions.ask_first(link, wish.host, at_ns)
            return
        comment = "" if wish.tls is None else _handshake_text(news, wish.port)
        flow, called_ns = self._call(link, wish, at_ns, comment)
        flow.take_up(min(called_ns + self._round_trip_ns, at_ns), Way.DOWN)

    def _call(self, link: Link, wish: Open, by_ns: int, comment: str = "") -> tuple[Flow, int]:
        """The name is asked for, and SYN goes out, and when."""
        peer = Place(self._book.address(wish.host, wish.link), _port(wish.port))
        device = self._book.device(self._book.own_port(wish.link), peer.address)
        at_ns = self._questions.ask_first(link, wish.host, by_ns)
        where = Interface.NETWORK
        if wish.tls is not None:
            peer, where = self._inside(link, peer), Interface.INSIDE
        flow = link.flow = Flow(device, peer, wish.link, self._emit, where)
        flow.call(at_ns, Way.UP, comment)
        return flow, at_ns

    def _failed(self, at_ns: int, link: Link, news: Failed) -> None:
        if link.is_open:
            return
        wish, told = link.wish, _reason("failed", news)
        del self._links[link.number]
        if isinstance(wish, Open | Ping | Resolve) and _is_no_name(wish.host, news.why):
            self._questions.ask(link, wish.host, at_ns, comment=told)
        elif not isinstance(wish, Open) or news.why in _NOTHING_WENT_OUT or wish.protocol != "tcp":
            self.note(at_ns, f"{link.title}: {told}")
        elif news.why is Why.TIMEOUT:
            self._call(link, wish, at_ns, told)
        else:
            self._fail_on_the_way(at_ns, link, wish, news.why, told)

    def _fail_on_the_way(self, at_ns: int, link: Link, wish: Open, why: Why, told: str) -> None:
        """Somebody was reached."""
        flow, called_ns = self._call(link, wish, at_ns)
        if why is Why.REFUSED:
            flow.reset(at_ns, Way.DOWN, told)
            return
        flow.take_up(min(called_ns + self._round_trip_ns, at_ns), Way.DOWN)
        if why is Why.RESET:
            flow.reset(at_ns, Way.DOWN, told)
            return
        first = Way.DOWN if why in _SERVER_ENDS else Way.UP
        flow.end(at_ns, first, told)
        flow.end(at_ns, first.back)

    def _listening(self, at_ns: int, link: Link, news: Listening) -> None:
        if isinstance(link.wish, Listen):
            link.port, link.is_open = _port(news.port), True
            self.note(at_ns, f"{link.title}: the device can be called at its port {news.port}")

    def _incoming(self, at_ns: int, link: Link, news: Incoming) -> None:
        if isinstance(link.wish, Listen) and is_address(news.address):
            peer = Place(news.address, _port(news.port))
            number = news.link << 6 | news.caller
            flow = Flow(self._book.device(link.port, peer.address), peer, number, self._emit)
            self._calls[news.link, news.caller] = flow
            flow.call(at_ns, Way.DOWN)

    def _resolved(self, at_ns: int, link: Link, news: Resolved) -> None:
        if isinstance(link.wish, Resolve):
            del self._links[link.number]
            addresses = [*filter(is_address, news.addresses)]
            self._questions.ask(link, link.wish.host, at_ns, addresses, ttl_s=news.ttl_s)

    def _ponged(self, at_ns: int, link: Link, news: Pong) -> None:
        if isinstance(link.wish, Ping) and is_address(news.address):
            del self._links[link.number]
            self._questions.ping(link, link.wish, news.address, at_ns)
            self._questions.pong(at_ns, link.wish, news.address, news.hops)

    # bytes

    def _send(self, at_ns: int, wish: Send) -> None:
        link = self._links.get(wish.link)
        if link is not None:
            self._carry(at_ns, link, Way.UP, wish.data, wish.to)

    def _data(self, at_ns: int, link: Link, news: Data) -> None:
        self._carry(at_ns, link, Way.DOWN, news.data, news.source)

    def _carry(
        self, at_ns: int, link: Link, way: Way, data: bytes, other: tuple[str, int] | None
    ) -> None:
        if not link.is_open:
            return
        if link.flow is not None:
            link.flow.send(at_ns, way, data)
        else:
            self._carry_datagram(at_ns, link, way, data, other)

    def _carry_datagram(
        self, at_ns: int, link: Link, way: Way, data: bytes, other: tuple[str, int] | None
    ) -> None:
        wish = link.wish
        if isinstance(wish, Open):
            other = other or (wish.host, wish.port)
        if other is None:
            return
        peer = Place(self._book.address(other[0], wish.link), _port(other[1]))
        port = link.port if isinstance(wish, Listen) else self._book.own_port(wish.link)
        device = self._book.device(port, peer.address)
        source, target = (device, peer) if way is Way.UP else (peer, device)
        comment = "a datagram that is too long for one packet" * (len(data) > MOST_DATAGRAM_BYTES)
        for start in range(0, max(1, len(data)), MOST_DATAGRAM_BYTES):
            piece = data[start : start + MOST_DATAGRAM_BYTES]
            self._emit(Packet(at_ns, datagram(source, target, piece), comment=comment))

    # TLS

    def _secured(self, at_ns: int, link: Link, news: Secured) -> None:
        """In the middle of a connection: the rest of it is one of its own, inside."""
        before = link.flow
        if before is None or not link.is_open or before.interface is Interface.INSIDE:
            return
        peer = self._inside(link, before.peer)
        link.flow = Flow(before.device, peer, ~before.number, self._emit, Interface.INSIDE)
        link.flow.call(at_ns, Way.UP, _handshake_text(news, before.peer.port))
        link.flow.take_up(at_ns, Way.DOWN)

    def _inside(self, link: Link, peer: Place) -> Place:
        """Where the other side is once TLS is taken off."""
        return Place(peer.address, plain_port(getattr(link.wish, "owner", ""), peer.port))

    # ends

    def _closed(self, at_ns: int, link: Link, news: Closed) -> None:
        told = _reason("closed", news)
        if link.flow is None or not link.is_open or news.why not in (Why.FIN, Why.RESET):
            self.note(at_ns, f"{link.title}: {told}")
        elif news.why is Why.FIN:
            link.flow.end(at_ns, Way.DOWN, told)
        else:
            link.flow.reset(at_ns, Way.DOWN, told)

    def _shut(self, at_ns: int, wish: Shut) -> None:
        link = self._links.get(wish.link)
        if link is None:
            return
        if link.flow is not None and link.is_open:
            act = link.flow.reset if wish.is_abort else link.flow.end
            act(at_ns, Way.UP)
        if not wish.is_told:
            self._forget(wish.link)

    def _ended(self, at_ns: int, link: Link, _news: Ended) -> None:
        if link.flow is not None and link.is_open:
            link.flow.end(at_ns, Way.DOWN)
        del self._links[link.number]

    def _forget(self, number: int) -> None:
        """Nothing more comes of it: what was asked for, and not answered, has gone out."""
        link = self._links.pop(number)
        wish = link.wish
        if link.is_open:
            return
        if isinstance(wish, Open) and wish.protocol == "tcp":
            self._call(link, wish, _NEVER_NS, _NOBODY)
        elif isinstance(wish, Ping):
            self._questions.ping(link, wish, self._book.address(wish.host), _NEVER_NS, _NOBODY)
        elif isinstance(wish, Resolve):
            self._questions.ask(link, wish.host, None)


_WISHES: dict[type, Callable[[LinkPackets, int, Any], None]] = {
    Open: LinkPackets._begin,
    Listen: LinkPackets._begin,
    Resolve: LinkPackets._begin,
    Ping: LinkPackets._begin,
    Accept: LinkPackets._accept,
    Refuse: LinkPackets._refuse,
    Send: LinkPackets._send,
    Shut: LinkPackets._shut,
}
_NEWS: dict[type, Callable[[LinkPackets, int, Link, Any], None]] = {
    Opened: LinkPackets._opened,
    Secured: LinkPackets._secured,
    Failed: LinkPackets._failed,
    Listening: LinkPackets._listening,
    Incoming: LinkPackets._incoming,
    Resolved: LinkPackets._resolved,
    Pong: LinkPackets._ponged,
    Data: LinkPackets._data,
    Closed: LinkPackets._closed,
    Ended: LinkPackets._ended,
}


def _port(port: int) -> int:
    return port if 0 <= port <= 0xFFFF else 0


def _is_no_name(host: str, why: Why) -> bool:
    return why is Why.DNS and not is_address(host)


def _reason(what: str, news: Failed | Closed) -> str:
    file = f" ({news.file})" if news.file else ""
    return f"{what}: {news.why}{file}" + (f": {news.detail}" if news.detail else "")


def _handshake_text(how: Opened | Secured, port: int) -> str:
    return (
        f"in reality this is TLS at port {port}, here without it: {how.version}, {how.suite}, a "
        f"handshake of {how.sent_bytes} bytes up and {how.received_bytes} down"
    )
