"""The far end of a device's links: its wishes as they get there, the peer's news as they leave.

Here, and not in a peer, faults hold for any server, and in a recorded run that has none. What is
hit is counted here, once for all faults.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Protocol, TypeAlias

from quecsim.border import Data, News, Open, Ping, Resolve, Send, Why, Wish
from quecsim.faults.places.mqtt_answers import AnswerSieve, is_connect
from quecsim.faults.places.numbers import Numbers, numbers_from_here
from quecsim.link import is_address

WishStrike: TypeAlias = Callable[[int, Wish], bool]
"""What happens at (time, wish) that is there; False: the wish gets no further."""

LinkStrike: TypeAlias = Callable[[int, int], None]
"""What happens at (time, link)."""

AnswerStrike: TypeAlias = Callable[[int, int, str], None]
"""What happens at (time, link, name of the answer)."""


class NetworkFaults:
    """The faults that wait for something to cross the border, and the counts of all that has."""

    def __init__(self, points: Counter[str]) -> None:
        self.points = points
        self.away: set[int] = set()
        """The faults that keep the network away from the device."""
        self._wishes: list[tuple[str, Numbers, WishStrike]] = []
        self._bytes: list[tuple[int, LinkStrike]] = []
        self._answers: list[tuple[Numbers, AnswerStrike]] = []
        self._brokers: dict[int, AnswerSieve] = {}

    # what faults ask for; numbers count from here on

    def at_wish(self, point: str, number: int, times: int, strike: WishStrike) -> None:
        """Strike at wish number `number` of the kind that `point` is, and the `times - 1` after."""
        self._wishes.append((point, numbers_from_here(self.points, point, number, times), strike))

    def at_byte(self, number: int, strike: LinkStrike) -> None:
        """Strike when byte `number` from a server has left it: nothing more of it does."""
        self._bytes.append((self.points["server_byte"] + number, strike))

    def at_answer(self, number: int, times: int, strike: AnswerStrike) -> None:
        """Swallow PUBACK or PUBREC number `number` of a broker, and the `times - 1` after it."""
        self._answers.append((numbers_from_here(self.points, "mqtt_answer", number, times), strike))

    # what passes

    def reach(self, now_ns: int, wish: Wish) -> bool:
        """A wish of a link that is there has got to the network; False: it gets no further."""
        named = _points_of(wish)
        for point in named:
            self.points[point] += 1
        if "mqtt_connect" in named:
            self._brokers.setdefault(wish.link, AnswerSieve())
        return all(
            strike(now_ns, wish)
            for point, numbers, strike in self._wishes
            if point in named and numbers.has(self.points[point])
        )

    def held_bytes(self, link: int) -> int:
        """How many bytes of a broker wait here, because the packet they begin is not whole."""
        sieve = self._brokers.get(link)
        return 0 if sieve is None else sieve.held_bytes

    def forget(self, link: int) -> None:
        """The device has ended it."""
        self._brokers.pop(link, None)

    def leave(self, now_ns: int, news: News) -> Iterator[News]:
        """What goes on its way when the peer says `news`. Take all of it, one after the other."""
        if not isinstance(news, Data):
            yield news
            return
        data = self._without_answers(now_ns, news)
        before = self.points["server_byte"]
        due = [each for each in self._bytes if before < each[0] <= before + len(data)]
        if not due:
            self.points["server_byte"] += len(data)
            yield from _data(news, data)
            return
        place = min(place for place, _ in due)
        self.points["server_byte"] = place
        yield from _data(news, data[: place - before])
        for there, strike in due:
            if there == place:
                strike(now_ns, news.link)

    def _without_answers(self, now_ns: int, news: Data) -> bytes:
        sieve = self._brokers.get(news.link)
        if sieve is None:
            return news.data
        return b"".join(
            piece
            for piece, name in sieve.feed(news.data)
            if not name or self._lets_answer(now_ns, news.link, name)
        )

    def _lets_answer(self, now_ns: int, link: int, name: str) -> bool:
        self.points["mqtt_answer"] += 1
        for numbers, strike in self._answers:
            if numbers.has(self.points["mqtt_answer"]):
                strike(now_ns, link, name)
                return False
        return True


def _data(news: Data, data: bytes) -> Iterator[News]:
    if data:
        yield Data(news.link, data, news.source)


def _points_of(wish: Wish) -> Collection[str]:
    """What a wish is counted as (`quecsim.faults.points`)."""
    if isinstance(wish, Resolve | Ping):
        return () if is_address(wish.host) else ("lookup",)
    if isinstance(wish, Open):
        found = [] if is_address(wish.host) else ["lookup"]
        return [*found, "connection", *(["handshake"] if wish.tls is not None else [])]
    if isinstance(wish, Send):
        return ["send", "mqtt_connect"] if is_connect(wish.data) else ["send"]
    return ()


class Network(Protocol):
    """The network as its faults see it. A link is there from when its wish has got there, until the
    device, the peer or a fault has ended it.
    """

    faults: NetworkFaults

    @property
    def links(self) -> list[int]:
        """Those that are there."""

    def place(self, link: int) -> str:
        """Where a link that is there leads: `broker.example:1883`."""

    def say(self, now_ns: int, news: News) -> None:
        """The device hears of it as if the peer had said it."""

    def cut(self, now_ns: int, link: int, why: Why | None, detail: str = "") -> None:
        """Nothing more gets through. The device hears that it failed, or was closed, and the peer
        that it was broken off; neither hears of anything where `why` is None.
        """

    def lose(self, link: int) -> None:
        """What is on its way down gets lost."""

    def hold(self, link: int, until_ns: int) -> None:
        """What the peer says from now on arrives at `until_ns` at the earliest."""
