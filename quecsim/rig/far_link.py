"""A link as its far end knows it: what may be said of it, and when.

Whatever else a peer says reaches nobody: the device's clients hear what belongs to a link of its
kind, in an order that can be, and no more of anything than the device has asked for.
"""

from collections.abc import Mapping
from enum import Enum, auto

from quecsim.border import (
    CREDIT_BYTES,
    MOST_CALLS,
    Accept,
    Begin,
    Closed,
    Credit,
    Data,
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
    Wish,
)
from quecsim.link import is_address

_MOST_ADDRESSES = 64  # of a name: more than any answer of DNS has
_MOST_PORT = 65_535


class Stage(Enum):
    """Of a link, as its far end knows it."""

    ASKED = auto()  # the wish is on its way
    THERE = auto()  # and has got there
    OPEN = auto()
    OVER = auto()  # nothing more comes of it


# (stage, what the peer says): the stage then. That a link fails before the peer has heard of it is
# said by somebody on the way.
_NEXT: dict[tuple[Stage, type[News]], Stage] = {
    (Stage.ASKED, Failed): Stage.OVER,
    (Stage.THERE, Opened): Stage.OPEN,
    (Stage.THERE, Listening): Stage.OPEN,
    (Stage.THERE, Resolved): Stage.OVER,
    (Stage.THERE, Pong): Stage.OVER,
    (Stage.THERE, Failed): Stage.OVER,
    (Stage.OPEN, Secured): Stage.OPEN,
    (Stage.OPEN, Incoming): Stage.OPEN,
    (Stage.OPEN, Data): Stage.OPEN,
    (Stage.OPEN, Sent): Stage.OPEN,
    (Stage.OPEN, Closed): Stage.OVER,
}

# What is said of a link that begins with such a wish, beside its end.
_SAID: dict[type[Begin], frozenset[type[News]]] = {
    Open: frozenset((Opened, Secured, Data, Sent, Failed, Closed)),
    Accept: frozenset((Secured, Data, Sent, Failed, Closed)),
    Listen: frozenset((Listening, Incoming, Data, Failed, Closed)),
    Resolve: frozenset((Resolved, Failed)),
    Ping: frozenset((Pong, Failed)),
}


class FarLink:
    """One link. `credit_bytes`: what the peer may still send."""

    __slots__ = (
        "_calls", "_handshakes", "_protocol", "_said", "_untaken_bytes", "credit_bytes",
        "is_counted", "place", "stage",
    )  # fmt: skip

    def __init__(self, wish: Begin) -> None:
        self.place = _place(wish)
        self.stage = Stage.ASKED
        self.credit_bytes = CREDIT_BYTES
        self.is_counted = isinstance(wish, Open | Accept) and wish.is_counted
        self._said = _SAID[type(wish)]
        self._protocol = wish.protocol if isinstance(wish, Listen) else ""
        self._calls = self._handshakes = 0  # that were announced, or begun, and not answered
        self._untaken_bytes = 0  # that got there, and of which nobody has heard

    def next_stage(self, news: News) -> Stage | None:
        """What it is when that is said of it; None: that cannot be said now."""
        return _NEXT.get((self.stage, type(news)))

    def admits(self, news: News) -> bool:
        """A peer may say that now, and it has a form in which the device can hear it."""
        kind = type(news)
        if (self.stage, kind) not in _NEXT or kind not in self._said:
            return False
        if isinstance(news, Data):
            return not self._protocol or (self._protocol == "udp" and _is_place(news.source))
        if isinstance(news, Sent):
            return self.is_counted and 0 < news.count <= self._untaken_bytes
        if isinstance(news, Secured):
            return self._handshakes > 0
        if isinstance(news, Incoming):
            is_free = self._protocol == "tcp" and self._calls < MOST_CALLS
            return is_free and _is_place((news.address, news.port))
        if isinstance(news, Listening):
            return 0 < news.port <= _MOST_PORT
        return not isinstance(news, Resolved | Pong) or _has_addresses(news)

    def say(self, news: News) -> None:
        """The peer has said it."""
        if isinstance(news, Data):
            self.credit_bytes -= len(news.data)
        elif isinstance(news, Sent):
            self._untaken_bytes -= news.count
        elif isinstance(news, Secured):
            self._handshakes -= 1
        elif isinstance(news, Incoming):
            self._calls += 1

    def reach(self, wish: Wish, others: "Mapping[int, FarLink]") -> None:
        """A wish of the device for it has got there."""
        if self.stage is Stage.ASKED:
            self.stage = Stage.OPEN if isinstance(wish, Accept) else Stage.THERE
        if isinstance(wish, Credit):
            self.credit_bytes += wish.count
        elif isinstance(wish, Send):
            self._untaken_bytes += len(wish.data)
        elif isinstance(wish, Secure):
            self._handshakes += 1
        elif isinstance(wish, Refuse):
            self._answer()
        elif isinstance(wish, Accept) and (listener := others.get(wish.listener)) is not None:
            listener._answer()

    def _answer(self) -> None:
        """One of its calls, if there is one, was taken up or refused."""
        self._calls = max(0, self._calls - 1)


def _place(wish: Begin) -> str:
    if isinstance(wish, Open):
        return f"{wish.host}:{wish.port}"
    if isinstance(wish, Resolve | Ping):
        return wish.host
    return f"own port {wish.port}" if isinstance(wish, Listen) else f"call {wish.caller}"


def _is_place(place: tuple[str, int] | None) -> bool:
    return place is not None and is_address(place[0]) and 0 < place[1] <= _MOST_PORT


def _has_addresses(news: Resolved | Pong) -> bool:
    addresses = news.addresses if isinstance(news, Resolved) else (news.address,)
    return 0 < len(addresses) <= _MOST_ADDRESSES and all(map(is_address, addresses))
