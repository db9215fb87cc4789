"""What a device asks of its network, as packets: the addresses of a name, an echo."""

from collections.abc import Sequence

from quecsim.border import Ping
from quecsim.link import is_address
from quecsim.packets import dns
from quecsim.packets.book import Book
from quecsim.packets.flow import Emit
from quecsim.packets.inside import note
from quecsim.packets.ip import MOST_DATAGRAM_BYTES, Place, datagram, echo
from quecsim.packets.link import Link
from quecsim.packets.pcapng import Packet

_HEADER_BYTES = 8  # ICMP's, as UDP's
_TTL = 64


class Questions:
    """`emit` gets the packets. The addresses of a name are known after `round_trip_ns`."""

    def __init__(self, emit: Emit, book: Book, round_trip_ns: int) -> None:
        self._emit = emit
        self._book = book
        self._round_trip_ns = round_trip_ns

    def ask_first(self, link: Link, host: str, by_ns: int) -> int:
        """The address of a name is asked for as its link begins; returns when it is known."""
        if is_address(host):
            return link.at_ns
        known_ns = min(link.at_ns + self._round_trip_ns, by_ns)
        self.ask(link, host, known_ns, (self._book.address(host, link.number),))
        return known_ns

    def ask(
        self,
        link: Link,
        host: str,
        answered_ns: int | None,
        addresses: Sequence[str] = (),
        *,
        comment: str = "",
        ttl_s: int = 0,
    ) -> None:
        """The question as the link begins, and the answer (None: none); without addresses there is
        no such name.
        """
        if not dns.can_be_asked(host):
            text = f"{link.title}: no question can hold that name"
            self._emit(note(link.at_ns, f"{text}; {comment}" if comment else text))
            return
        server = Place(self._book.dns, dns.PORT)
        own = self._book.device(self._book.own_port(link.number), server.address)
        for version in dns.families(addresses):
            asked = dns.question(host, link.number, version)
            self._emit(Packet(link.at_ns, datagram(own, server, asked)))
            if answered_ns is not None:
                told = dns.answer(host, link.number, version, addresses, ttl_s)
                self._emit(Packet(answered_ns, datagram(server, own, told), comment=comment))

    def ping(self, link: Link, wish: Ping, address: str, by_ns: int, comment: str = "") -> None:
        """The request, at the latest at `by_ns`."""
        self._echo(self.ask_first(link, wish.host, by_ns), wish, address, comment=comment)

    def pong(self, at_ns: int, wish: Ping, address: str, hops: int) -> None:
        """The reply."""
        self._echo(at_ns, wish, address, hops)

    def _echo(
        self, at_ns: int, wish: Ping, address: str, hops: int | None = None, comment: str = ""
    ) -> None:
        count = min(max(wish.count, 0), MOST_DATAGRAM_BYTES)
        ends = [self._book.device(0, address).address, address]
        source, target = ends if hops is None else ends[::-1]
        ttl = _TTL if hops is None else hops
        is_reply = hops is not None
        made = echo(source, target, wish.link, count, is_reply=is_reply, ttl=ttl)
        self._emit(Packet(at_ns, made, comment=comment))
