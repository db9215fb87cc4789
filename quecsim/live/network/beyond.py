"""The whole network of a live run: the scenario's own servers, and behind them real sockets.

The servers answer within the model, as in virtual time. What the sockets say comes from outside,
when the loop looks; until a device wants something that no server gives, there are none. What the
user gives by name and port is meant, and goes before a server of the scenario.

    connections, questions    to the one who has the place
    a link that listens       to both: the scenario's callers call, and so does whoever is real
    its calls, by number      to the one whose call it is
    its datagrams             to the one who has the place, or has written from there
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from quecsim.border import (
    Accept,
    Failed,
    Incoming,
    Listen,
    Listening,
    News,
    Open,
    Peer,
    Ping,
    Pong,
    Refuse,
    Resolve,
    Resolved,
    Send,
    Shut,
    Wish,
)
from quecsim.live.network.names import Names

if TYPE_CHECKING:
    from quecsim.live.network.routes import Permissions
    from quecsim.live.network.sockets import SocketsPeer

_LAST = (Failed, Resolved, Pong)  # what is said of a link that the device does not shut


class _Calls:
    """The calls of one listener that wait: by the number that the device knows, whose it is."""

    def __init__(self) -> None:
        self._count = 0
        self._waiting: dict[int, tuple[bool, int]] = {}

    def number(self, caller: int, *, is_outside: bool) -> int:
        """A number for a call of the one or the other."""
        self._count += 1
        self._waiting[self._count] = (is_outside, caller)
        return self._count

    def take(self, number: int) -> tuple[bool, int]:
        """Whose it is, and what it is called there; what there is not, is nobody's call there."""
        return self._waiting.pop(number, (False, 0))


class Within(Peer, Protocol):
    """Servers in process (`quecsim.peers.served`)."""

    def has(self, host: str) -> bool:
        """Whether a server of that name or address is one of these."""

    def takes(self, link: int, to: tuple[str, int]) -> bool:
        """Whether a datagram of that link to there is for somebody here."""

    def addresses(self, host: str) -> tuple[str, ...]:
        """Those of a name or an address that is one of these."""


class Beyond:
    """A `quecsim.border.Peer` of the `served`, which also waits for sockets. See `SocketsPeer`.

    `permissions` are those of the sockets, which `new_sockets` makes for the names it is given.
    """

    def __init__(
        self,
        served: Within,
        permissions: "Permissions",
        new_sockets: "Callable[[Names], SocketsPeer]",
    ) -> None:
        self._served = served
        self._names = Names(permissions, served.addresses)
        self._new_sockets = new_sockets
        self._sockets: SocketsPeer | None = None
        self._outside: set[int] = set()  # links
        self._listening: dict[int, _Calls] = {}  # links of both

    # quecsim.border.Peer: what answers within the model

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived."""
        if isinstance(wish, Listen):
            self._listen(now_ns, wish)
        elif isinstance(wish, Accept | Refuse):
            self._answer(now_ns, wish)
        elif wish.link in self._listening:
            self._tell_listening(now_ns, wish)
        else:
            if isinstance(wish, Open | Resolve | Ping) and self._is_outside(wish):
                self._outside.add(wish.link)
            self._peer_of(wish.link).handle_wish(now_ns, wish)
            if isinstance(wish, Shut):
                self._outside.discard(wish.link)

    def deadline_ns(self) -> int | None:
        """When a server has something to say."""
        return self._served.deadline_ns()

    def take_news(self, now_ns: int) -> list[News]:
        """What the servers say."""
        news = self._served.take_news(now_ns)
        return self._renumbered(news, is_outside=False) if self._listening else news

    # the loop: what comes from outside

    @property
    def descriptor(self) -> int | None:
        """Readable when there is something to look at; None: there are no sockets."""
        return None if self._sockets is None else self._sockets.descriptor

    @property
    def doors(self) -> Mapping[int, str]:
        """Where the links that listen can be called, in reality."""
        return {} if self._sockets is None else self._sockets.doors

    def outside_ns(self) -> int | None:
        """When the sockets want to be looked at."""
        return None if self._sockets is None else self._sockets.deadline_ns()

    def look(self, now_ns: int) -> list[News]:
        """What has come from outside."""
        if self._sockets is None:
            return []
        self._sockets.look(now_ns)
        return self._renumbered(self._sockets.take_news(now_ns), is_outside=True)

    def close(self) -> None:
        """The end of all connections."""
        if self._sockets is not None:
            self._sockets.close()
            self._sockets = None

    # whose it is

    def _is_outside(self, wish: Open | Resolve | Ping) -> bool:
        if isinstance(wish, Open):
            is_given = self._names.way(wish.host, wish.port) is not None
        else:
            is_given = self._names.has(wish.host)
        return is_given or not self._served.has(wish.host)

    def _peer_of(self, link: int) -> "Within | SocketsPeer":
        return self._real() if link in self._outside else self._served

    def _real(self) -> "SocketsPeer":
        if self._sockets is None:
            self._sockets = self._new_sockets(self._names)
        return self._sockets

    def _listen(self, now_ns: int, wish: Listen) -> None:
        """The sockets first: where the system gives none, the device does not listen; and they say
        which port is free, where the device does not mind.
        """
        real = self._real()
        real.handle_wish(now_ns, wish)
        port = real.listens_at(wish.link)
        if port is None:
            self._outside.add(wish.link)  # its failure is there
            return
        self._listening[wish.link] = _Calls()
        self._served.handle_wish(now_ns, replace(wish, port=port))

    def _answer(self, now_ns: int, wish: Accept | Refuse) -> None:
        listener = wish.listener if isinstance(wish, Accept) else wish.link
        calls = self._listening.get(listener)
        is_outside, caller = (False, 0) if calls is None else calls.take(wish.caller)
        if isinstance(wish, Refuse):
            wish = Refuse(wish.link, caller)
        else:
            wish = Accept(wish.link, listener, caller, wish.is_counted)
            if is_outside:
                self._outside.add(wish.link)
        (self._real() if is_outside else self._served).handle_wish(now_ns, wish)

    def _tell_listening(self, now_ns: int, wish: Wish) -> None:
        if isinstance(wish, Send) and wish.to is not None:
            is_given = self._names.way(*wish.to) is not None
            is_served = not is_given and self._served.takes(wish.link, wish.to)
            (self._served if is_served else self._real()).handle_wish(now_ns, wish)
            return
        if isinstance(wish, Shut):
            del self._listening[wish.link]
        self._served.handle_wish(now_ns, wish)
        self._real().handle_wish(now_ns, wish)

    def _renumbered(self, news: list[News], *, is_outside: bool) -> list[News]:
        """A listener has one row of calls, and says once that it listens."""
        told: list[News] = []
        for each in news:
            calls = self._listening.get(each.link)
            if calls is None:
                told.append(each)
                if isinstance(each, _LAST):
                    self._outside.discard(each.link)
            elif isinstance(each, Incoming):
                number = calls.number(each.caller, is_outside=is_outside)
                told.append(Incoming(each.link, number, each.address, each.port))
            elif not (is_outside and isinstance(each, Listening)):
                told.append(each)
        return told
