"""Servers in process whose links a capture sees: there are no sockets, and what TLS carries is
known and not its packets (`quecsim.packets`).
"""

from quecsim.border import News, Open, Ping, Resolve, Wish
from quecsim.live.network.capture import Capture
from quecsim.packets.book import Book
from quecsim.packets.links import LinkPackets
from quecsim.peers.served import Served


class TappedServed:
    """In place of `served`; the device's addresses are in `book`. Call `finish` at the end."""

    def __init__(self, served: Served, capture: Capture, book: Book) -> None:
        self._served = served
        self._capture = capture
        self._book = book
        self._packets = LinkPackets(capture.emit, self._book)

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived."""
        if isinstance(wish, Open | Resolve | Ping):
            for address in self._served.addresses(wish.host)[:1]:
                self._book.learn(wish.host, address)
        self._packets.wish(self._capture.now_ns, wish)
        self._served.handle_wish(now_ns, wish)

    def deadline_ns(self) -> int | None:
        """When a server has something to say by itself."""
        return self._served.deadline_ns()

    def take_news(self, now_ns: int) -> list[News]:
        """What they say up to now."""
        told = self._served.take_news(now_ns)
        for news in told:
            self._packets.news(self._capture.now_ns, news)
        return told

    def has(self, host: str) -> bool:
        """Whether a server of that name or address is one of these."""
        return self._served.has(host)

    def takes(self, link: int, to: tuple[str, int]) -> bool:
        """Whether a datagram of that link to there is for somebody here."""
        return self._served.takes(link, to)

    def addresses(self, host: str) -> tuple[str, ...]:
        """Those of a name or an address that is one of these."""
        return self._served.addresses(host)

    def finish(self) -> None:
        """What nobody has answered."""
        self._packets.finish()
