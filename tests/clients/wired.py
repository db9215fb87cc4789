"""A network for clients alone: servers in process, no link time, and somebody who turns jobs."""

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from quecsim.at.effects import AwaitNews, Effect
from quecsim.at.network import Called, Client, TlsBegun, Trouble
from quecsim.border import (
    Accept,
    Closed,
    Credit,
    Data,
    Failed,
    Incoming,
    Listen,
    Listening,
    Open,
    Opened,
    Peer,
    Refuse,
    Secure,
    Secured,
    Send,
    Sent,
    Shut,
    TlsWish,
)
from quecsim.border.wish import SEND_BYTES, Wish
from tests.clients.no_network import NoNetwork

T = TypeVar("T")
MOST_STEPS = 100_000


class Wired(NoNetwork):
    """`quecsim.at.network.Network` over `served`. `wishes` are all that were wished, in order."""

    def __init__(self, served: Peer) -> None:
        self.served = served
        self.now_ns = 0
        self.has_room = True
        self.said: list[str] = []
        self.wishes: list[Wish] = []
        self.open_links: dict[int, Client] = {}
        self._opened: set[int] = set()
        self._taken: dict[int, Callable[[int], None] | None] = {}
        self._called: dict[int, Called] = {}
        self._begun: dict[int, TlsBegun] = {}
        self._unsent: dict[int, int] = {}
        self._woken = False
        self._count = 0

    # the network

    def open(
        self,
        client: Client,
        host: str,
        port: int,
        protocol: str = "tcp",
        tls: TlsWish | None = None,
        context: int = 0,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        link = self._next(client, taken)
        self._wish(Open(link, host, port, protocol, tls, client.name, taken is not None))
        return link

    def listen(
        self, client: Client, port: int, protocol: str, called: Called, context: int = 0
    ) -> int:
        link = self._next(client, None)
        self._called[link] = called
        self._wish(Listen(link, port, protocol, client.name))
        return link

    def accept(
        self,
        client: Client,
        listener: int,
        caller: int,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        link = self._next(client, taken)
        self._opened.add(link)
        self._wish(Accept(link, listener, caller, taken is not None))
        return link

    def refuse(self, listener: int, caller: int) -> None:
        self._wish(Refuse(listener, caller))

    def secure(self, link: int, tls: TlsWish, host: str, begun: TlsBegun) -> None:
        if link in self.open_links:
            self._begun[link] = begun
            self._wish(Secure(link, tls, host))

    def send(self, link: int, data: bytes, to: tuple[str, int] | None = None) -> None:
        if link in self.open_links:
            self._unsent[link] += len(data)
            self._wish(Send(link, data))

    def room(self, link: int) -> int:
        return SEND_BYTES - self._unsent[link] if link in self.open_links else 0

    def credit(self, link: int, count: int) -> None:
        if link in self.open_links:
            self._wish(Credit(link, count))

    def shut(self, link: int, *, is_abort: bool = False) -> None:
        if self.open_links.pop(link, None) is not None:
            self._wish(Shut(link, is_abort))

    def wake(self, name: str) -> None:
        self._woken = True

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        self.said.append(text)

    def asked(self, *_values: object, **_words: object) -> None:
        pass

    def tell(self, *_values: object, **_words: object) -> None:
        pass

    def fetched(self, *_values: object, **_words: object) -> None:
        pass

    def carried(self, *_values: object, **_words: object) -> None:
        pass

    # who turns it

    def run(self, steps: Generator[Effect, Any, T]) -> T:
        """Do `steps` to their end, letting time pass where they wait."""
        answer = None
        for _ in range(MOST_STEPS):
            try:
                effect = steps.send(answer)
            except StopIteration as end:
                result: T = end.value
                return result
            assert isinstance(effect, AwaitNews), effect
            self._await(effect.timeout_ns)
        raise AssertionError("it goes on for ever")

    def cut(self, why: Trouble) -> None:
        """The bearer is gone, and every link with it."""
        for link, client in list(self.open_links.items()):
            self.shut(link, is_abort=True)
            client.closed(link, why)

    def settle(self, duration_ns: int = 0) -> None:
        """Let time pass without anybody waiting."""
        until_ns = self.now_ns + duration_ns
        while (due_ns := self.served.deadline_ns()) is not None and due_ns <= until_ns:
            self.now_ns = max(self.now_ns, due_ns)
            self._hear()
        self.now_ns = until_ns

    def _await(self, timeout_ns: int | None) -> None:
        until_ns = None if timeout_ns is None else self.now_ns + timeout_ns
        self._woken = False
        while not self._woken:
            due_ns = self.served.deadline_ns()
            if due_ns is None or (until_ns is not None and due_ns > until_ns):
                assert until_ns is not None, "it waits for ever"
                self.now_ns = until_ns
                return
            self.now_ns = max(self.now_ns, due_ns)
            self._hear()

    def _hear(self) -> None:
        for news in self.served.take_news(self.now_ns):
            client = self.open_links.get(news.link)
            if client is None:
                continue
            match news:
                case Opened() | Listening():
                    self._opened.add(news.link)
                    client.opened(
                        news.link,
                        news if isinstance(news, Opened) else Opened(news.link, "", news.port),
                    )
                case Failed():
                    del self.open_links[news.link]
                    client.failed(news.link, Trouble(news.why, news.detail, news.file))
                case Data():
                    client.received(news.link, news.data)
                case Sent():
                    self._unsent[news.link] -= news.count
                    taken = self._taken[news.link]
                    assert taken is not None
                    taken(news.count)
                case Incoming():
                    self._called[news.link](news)
                case Secured():
                    self._begun[news.link](news)
                case Closed():
                    self.shut(news.link)
                    client.closed(news.link, Trouble(news.why, news.detail, news.file))

    def _next(self, client: Client, taken: Callable[[int], None] | None) -> int:
        self._count += 1
        self.open_links[self._count] = client
        self._taken[self._count] = taken
        self._unsent[self._count] = 0
        return self._count

    def _wish(self, wish: Wish) -> None:
        self.wishes.append(wish)
        self.served.handle_wish(self.now_ns, wish)


def sent_lines(wired: Wired, link: int = 1) -> Sequence[str]:
    """The commands that a client has sent on that link."""
    sent = b"".join(
        wish.data for wish in wired.wishes if isinstance(wish, Send) and wish.link == link
    )
    return sent.decode("latin-1").split("\r\n")[:-1]
