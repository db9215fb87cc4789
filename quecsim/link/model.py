"""The link model: wishes of the device on their way up, news on their way down.

Both ways: at = when the bytes have had their turn + latency. Only the sizes of plaintext count, and
fixed costs: what real TLS sends varies from run to run, and would leak into the nanoseconds. Loss
under TCP is delay.

    up      Open, Send, Shut, Credit, ...      leave at their time, and are the peer's then
    down    Opened, Failed, Data, Closed, ...  leave at their time, and are the device's then

A datagram or a ping that gets lost is gone. Word of what has been taken (`Sent`, `Credit`) is never
lost, as little as what makes and ends connections, and rides along with what else there is.
"""

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from quecsim.border.news import Closed, Data, Failed, News, Opened, Pong, Secured, Sent, Why
from quecsim.border.wish import Begin, Credit, Listen, Open, Ping, Secure, Send, Shut, Wish
from quecsim.link.carried import Carried
from quecsim.link.pace import Pace, Pipe
from quecsim.rng import Stream

T = TypeVar("T")

_HEADER_BYTES = 40  # of IP and TCP
_RECORD_BYTES = 29  # what TLS 1.2 adds to a record
_RECORD_MOST_BYTES = 1 << 14
_MILLION = 1_000_000
_BEFORE_THE_NETWORK = (Why.TLS_CA, Why.TLS_OWN, Why.NOT_ALLOWED)
_IN_THE_HANDSHAKE = (Why.TLS_VERIFY, Why.TLS_TIME, Why.TLS_ALERT, Why.TLS_VERSION)


@dataclass(slots=True, eq=False)
class Arrival(Generic[T]):
    """`what` is there at `at_ns`: not before `floor_ns`, and `extra_ns` later than it could."""

    at_ns: int
    what: T
    floor_ns: int = 0
    extra_ns: int = 0


@dataclass(slots=True)
class _Way:
    """What the model knows of one connection."""

    name_is_resolved: bool
    is_tls: bool
    protocol: str
    ping_bytes: int = 0
    last_down_ns: int = 0
    last_up_ns: int = 0


class LinkModel:
    """All connections of one device over one bearer. `news_ns` and `wish_ns`: see `next_*`."""

    def __init__(self, pace: Pace, seed: int) -> None:
        assert pace.latency_ns > 0, "news must not arrive at the moment they leave"
        self.pace = pace
        self.up, self.down = Carried(), Carried()
        """The bytes of both directions; who hands them over books them as `given`."""
        self._up, self._down = Pipe(pace.up_bytes_per_s), Pipe(pace.down_bytes_per_s)
        self._loss = Stream(seed, "link loss")
        self._ways: dict[int, _Way] = {}
        self._wishes: deque[Arrival[Wish]] = deque()
        self._news: deque[Arrival[News]] = deque()
        self._latest: Arrival[News] | None = None  # what was heard last, at:
        self._heard_ns = -1

    @property
    def is_busy(self) -> bool:
        """Something is on its way."""
        return bool(self._wishes or self._news)

    # up

    def ask(self, now_ns: int, wish: Wish) -> None:
        """The device wishes; the peer hears of it later."""
        if isinstance(wish, Begin):
            self._ways[wish.link] = _new_way(wish)
        way = self._ways.get(wish.link)
        count = len(wish.data) if isinstance(wish, Send) else 0
        if way is None:
            self.up.lose("nobody", count)
            return
        at_ns = self._up.put(now_ns, _up_bytes(wish, is_tls=way.is_tls)) + self.pace.latency_ns
        if isinstance(wish, Send | Ping) and self._is_lost():
            if way.protocol != "tcp":
                self.up.lose("link", count)
                return
            at_ns += self.pace.retransmit_ns
        if isinstance(wish, Open | Ping) and way.name_is_resolved:
            at_ns += 2 * self.pace.latency_ns
        if isinstance(wish, Secure):
            way.is_tls = True
        at_ns = max(at_ns, way.last_up_ns)
        way.last_up_ns = at_ns
        self.up.on_way += count
        self._insert(self._wishes, Arrival(at_ns, wish))

    def next_ns(self) -> int | None:
        """When the next of both arrives."""
        if not self._news:
            return self._wishes[0].at_ns if self._wishes else None
        news_ns = self._news[0].at_ns
        return min(news_ns, self._wishes[0].at_ns) if self._wishes else news_ns

    def next_wish_ns(self) -> int | None:
        """When the next wish reaches the peer."""
        return self._wishes[0].at_ns if self._wishes else None

    def take_wish(self) -> Wish:
        """The wish that is due."""
        wish = self._wishes.popleft().what
        if isinstance(wish, Send):
            self.up.on_way -= len(wish.data)
        elif isinstance(wish, Shut) and not wish.is_told:
            self._ways.pop(wish.link, None)
        return wish

    # down

    def hear(self, now_ns: int, news: News) -> bool:
        """The peer has news; the device hears of it later. False: nobody is there to hear it."""
        way = self._ways.get(news.link)
        if way is None:
            self.down.lose("nobody", _bytes_of(news))
            return False
        if isinstance(news, Data):
            self._hear_data(now_ns, way, news)
        elif isinstance(news, Pong) and self._is_lost():
            return False
        else:
            self._queue(now_ns, way, news, self._down_ns(now_ns, way, news))
        return True

    def next_news_ns(self) -> int | None:
        """When the next news reach the device."""
        return self._news[0].at_ns if self._news else None

    def take_news(self) -> News:
        """The news that are due."""
        arrival = self._news.popleft()
        if arrival is self._latest:
            self._latest = None
        news = arrival.what
        if isinstance(news, Data):
            self.down.on_way -= len(news.data)
        return news

    def drop(self, link: int) -> None:
        """The connection never came about."""
        self._ways.pop(link, None)

    def forget(self, link: int) -> None:
        """The device has given the connection up: what is on its way down reaches nobody."""
        gone = sum(_bytes_of(each.what) for each in self._news if each.what.link == link)
        self.down.on_way -= gone
        self.down.lose("nobody", gone)
        self._news = deque(each for each in self._news if each.what.link != link)
        if self._latest is not None and self._latest.what.link == link:
            self._latest = None

    def recall(self, link: int) -> None:
        """The connection is not to be: what is on its way up reaches nobody."""
        gone = sum(_bytes_of(each.what) for each in self._wishes if each.what.link == link)
        self.up.on_way -= gone
        self.up.lose("nobody", gone)
        self._wishes = deque(each for each in self._wishes if each.what.link != link)

    def hold(self, link: int, until_ns: int) -> None:
        """What is heard from now on arrives at `until_ns` at the earliest."""
        way = self._ways.get(link)
        if way is not None:
            way.last_down_ns = max(way.last_down_ns, until_ns)
            self._latest = None

    def _hear_data(self, now_ns: int, way: _Way, news: Data) -> None:
        """Bytes, segment by segment. How the peer cuts what it sends at one moment is no matter."""
        data, size = news.data, self.pace.segment_bytes
        if way.protocol == "tcp":
            data = data[self._extend(now_ns, way, news) :]
        else:
            size = max(1, len(data))
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            overhead = _HEADER_BYTES + (_RECORD_BYTES if way.is_tls else 0)
            at_ns = self._down.put(now_ns, len(piece) + overhead) + self.pace.latency_ns
            is_lost = self._is_lost()
            if is_lost and way.protocol != "tcp":
                self.down.lose("link", len(piece))
                continue
            extra_ns = self.pace.retransmit_ns if is_lost else 0
            self._queue(now_ns, way, Data(news.link, piece, news.source), at_ns, extra_ns)

    def _extend(self, now_ns: int, way: _Way, news: Data) -> int:
        """Put what fits into the segment begun at this moment; returns how much that is."""
        last = self._latest
        if last is None or self._heard_ns != now_ns or not isinstance(last.what, Data):
            return 0
        piece = news.data[: self.pace.segment_bytes - len(last.what.data)]
        if last.what.link != news.link or not piece:
            return 0
        through_ns = self._down.put(now_ns, len(piece)) + self.pace.latency_ns
        last.what = Data(news.link, last.what.data + piece, news.source)
        self.down.on_way += len(piece)
        last.at_ns = way.last_down_ns = max(through_ns + last.extra_ns, last.floor_ns)
        self._take_out(self._news, last)
        self._insert(self._news, last)
        return len(piece)

    def _queue(self, now_ns: int, way: _Way, news: News, at_ns: int, extra_ns: int = 0) -> None:
        self.down.on_way += _bytes_of(news)
        floor_ns = max(way.last_down_ns, now_ns + 1)
        way.last_down_ns = max(at_ns + extra_ns, floor_ns)
        arrival = Arrival(way.last_down_ns, news, floor_ns, extra_ns)
        self._insert(self._news, arrival)
        self._latest, self._heard_ns = arrival, now_ns

    def _down_ns(self, now_ns: int, way: _Way, news: News) -> int:
        """When word of something else than bytes arrives."""
        pace = self.pace
        if isinstance(news, Failed) and news.why in _BEFORE_THE_NETWORK:
            return now_ns + 1
        count = way.ping_bytes if isinstance(news, Pong) else 0
        if not isinstance(news, Sent):
            count += _HEADER_BYTES
        at_ns = self._down.put(now_ns, count) + pace.latency_ns
        if not way.is_tls:
            return at_ns
        if isinstance(news, Opened | Secured):
            up_ns = self._up.put(now_ns, news.sent_bytes)
            through_ns = max(up_ns, self._down.put(now_ns, news.received_bytes))
            at_ns = max(at_ns, through_ns + pace.latency_ns)
        is_no = isinstance(news, Failed | Closed) and news.why in _IN_THE_HANDSHAKE
        if isinstance(news, Opened | Secured) or is_no:
            at_ns += 4 * pace.latency_ns + pace.handshake_ns
        return at_ns

    def _is_lost(self) -> bool:
        per_million = self.pace.loss_per_million
        return bool(per_million) and self._loss.below(_MILLION) < per_million

    @staticmethod
    def _take_out(queue: deque[Arrival[T]], arrival: Arrival[T]) -> None:
        """From the end, where it is not far."""
        place = len(queue) - 1
        while queue[place] is not arrival:
            place -= 1
        del queue[place]

    @staticmethod
    def _insert(queue: deque[Arrival[T]], arrival: Arrival[T]) -> None:
        """Behind everything that is there no later."""
        if not queue or queue[-1].at_ns <= arrival.at_ns:
            queue.append(arrival)
            return
        place = len(queue)
        while place and queue[place - 1].at_ns > arrival.at_ns:
            place -= 1
        queue.insert(place, arrival)


def _bytes_of(what: Wish | News) -> int:
    return len(what.data) if isinstance(what, Send | Data) else 0


def _new_way(wish: Begin) -> _Way:
    if isinstance(wish, Open):
        return _Way(not is_address(wish.host), wish.tls is not None, wish.protocol)
    if isinstance(wish, Ping):
        return _Way(not is_address(wish.host), is_tls=False, protocol="ping", ping_bytes=wish.count)
    protocol = wish.protocol if isinstance(wish, Listen) else "tcp"
    return _Way(name_is_resolved=False, is_tls=False, protocol=protocol)


def _up_bytes(wish: Wish, *, is_tls: bool) -> int:
    if isinstance(wish, Credit):
        return 0
    if isinstance(wish, Ping):
        return wish.count + _HEADER_BYTES
    if not isinstance(wish, Send):
        return _HEADER_BYTES
    records = -(-len(wish.data) // _RECORD_MOST_BYTES) if is_tls else 0
    return len(wish.data) + _HEADER_BYTES + records * _RECORD_BYTES


def is_address(host: str) -> bool:
    """Whether `host` is an address of IPv4 or IPv6, and no name that has to be resolved."""
    from ipaddress import ip_address

    try:
        ip_address(host)
    except ValueError:
        return False
    return True
