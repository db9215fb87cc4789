"""A client of the network that no device has: it wishes for everything that there is to wish for.

`AT+TNET=<what>,<n>` does it; the host hears of all that comes of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from quecsim.at.context import Context
from quecsim.at.network import Network, Trouble
from quecsim.at.results import AtError
from quecsim.at.spec import Catalogue, Choice, Command, Integer
from quecsim.border import Data, Incoming, Opened, Pong, Resolved, Secured, TlsWish
from quecsim.commands.catalogue import catalogue
from quecsim.profiles.schema import Profile

HOSTS = ("server.example", "192.0.2.7", "nowhere.example", "192.0.2.99")
PORT = 7


class TrialClient:
    """Its links, oldest first, and the calls that nobody has answered yet."""

    name = "trial"

    def __init__(self, network: Network) -> None:
        self.network = network
        self.links: list[int] = []
        self.questions: list[int] = []
        self.calls: list[tuple[int, int]] = []
        self.untold: dict[int, int] = {}  # bytes to be made up for, by link
        self.sources: list[tuple[str, int]] = []

    def do(self, what: str, n: int) -> None:
        """Raises AtError where it cannot be done now."""
        _DO[what](self, n)

    def link(self, n: int) -> int:
        if not self.links:
            raise AtError(3)
        return self.links[n % len(self.links)]

    def say(self, text: str) -> None:
        self.network.say(f"+TNET: {text}")

    # wishes

    def open(self, n: int) -> None:
        self.room()
        counted = self.taken if n % 2 else None
        host = HOSTS[n // 2 % len(HOSTS)]
        tls = TlsWish() if n >= 200 else None
        self.links.append(self.network.open(self, host, PORT + n // 8 % 2, "tcp", tls, 0, counted))

    def udp(self, n: int) -> None:
        self.room()
        self.links.append(self.network.open(self, HOSTS[n % len(HOSTS)], PORT, "udp"))

    def listen(self, n: int) -> None:
        self.room()
        protocol = "tcp" if n % 2 else "udp"
        self.links.append(self.network.listen(self, n // 2 * 100, protocol, self.called))

    def accept(self, n: int) -> None:
        self.room()
        listener, caller = self.call(n)
        if listener in self.links:
            self.links.append(self.network.accept(self, listener, caller, self.taken))

    def refuse(self, n: int) -> None:
        self.network.refuse(*self.call(n))

    def call(self, n: int) -> tuple[int, int]:
        if not self.calls:
            raise AtError(3)
        return self.calls.pop(n % len(self.calls))

    def resolve(self, n: int) -> None:
        self.room()
        self.questions.append(self.network.resolve(self.name, HOSTS[n % 4], self.asked))

    def ping(self, n: int) -> None:
        self.room()
        self.questions.append(self.network.ping(self.name, HOSTS[n % 4], n, self.asked))

    def secure(self, n: int) -> None:
        self.network.secure(self.link(n), TlsWish(), HOSTS[0], self.secured)

    def send(self, n: int) -> None:
        link = self.link(n)
        self.network.send(link, bytes(min(n * 20, self.network.room(link))))

    def send_to(self, n: int) -> None:
        places = [(HOSTS[1], PORT), ("198.51.100.7", 4000), *self.sources[-3:]]
        self.network.send(self.link(n), bytes(n), places[n % len(places)])

    def credit(self, n: int) -> None:
        for link, count in list(self.untold.items()):
            self.untold[link] = 0
            self.network.credit(link, count)

    def shut(self, n: int) -> None:
        link = self.link(n)
        self.forget(link)
        self.network.shut(link, is_abort=n % 2 == 1)

    def leave(self, n: int) -> None:
        link = self.link(n)
        self.forget(link)
        self.network.leave(link, lambda: self.say(f"left {link}"))

    def give_up(self, n: int) -> None:
        for question in self.questions:
            self.network.shut(question)
        self.questions.clear()

    def room(self) -> None:
        if not self.network.has_room:
            raise AtError(3)

    def forget(self, link: int) -> None:
        self.links.remove(link)
        self.untold.pop(link, None)

    # news

    def opened(self, link: int, opened: Opened) -> None:
        self.say(f"opened {link},{opened.port}")

    def failed(self, link: int, trouble: Trouble) -> None:
        self.forget(link)
        self.say(f"failed {link},{trouble.why}")

    def received(self, link: int, data: bytes) -> None:
        self.untold[link] = self.untold.get(link, 0) + len(data)
        self.say(f"received {link},{len(data)}")

    def closed(self, link: int, trouble: Trouble) -> None:
        self.forget(link)
        self.say(f"closed {link},{trouble.why}")

    def called(self, news: Incoming | Data) -> None:
        if isinstance(news, Incoming):
            self.calls.append((news.link, news.caller))
            del self.calls[:-200]
            self.say(f"incoming {news.link},{news.caller},{news.address}")
            return
        assert news.source is not None
        self.sources.append(news.source)
        del self.sources[:-3]
        self.received(news.link, news.data)

    def asked(self, answer: Resolved | Pong | Trouble) -> None:
        self.say(f"answered {answer.why if isinstance(answer, Trouble) else answer.link}")

    def secured(self, secured: Secured) -> None:
        self.say(f"secured {secured.link}")

    def taken(self, count: int) -> None:
        self.say(f"taken {count}")

    def deadline_ns(self) -> int | None:
        return None

    def on_time(self) -> None:
        """Nothing is ever due."""


_DO: dict[str, Callable[[TrialClient, int], None]] = {
    "open": TrialClient.open,
    "udp": TrialClient.udp,
    "listen": TrialClient.listen,
    "accept": TrialClient.accept,
    "refuse": TrialClient.refuse,
    "resolve": TrialClient.resolve,
    "ping": TrialClient.ping,
    "secure": TrialClient.secure,
    "send": TrialClient.send,
    "sendto": TrialClient.send_to,
    "credit": TrialClient.credit,
    "shut": TrialClient.shut,
    "leave": TrialClient.leave,
    "giveup": TrialClient.give_up,
}
WHAT = tuple(_DO)

TNET = Command(
    "+TNET",
    "Whatever there is to wish for",
    "no document: a command for tests",
    (Choice("what", WHAT), Integer("n")),
)


@TNET.write
def _tnet(context: Context, what: str, n: int) -> None:
    client = context.clients.get(TrialClient.name)
    if client is None:
        assert context.network is not None
        client = context.clients[TrialClient.name] = TrialClient(context.network)
    assert isinstance(client, TrialClient)
    client.do(what, n)


def _with_trial(profile: Profile) -> Catalogue:
    return Catalogue(catalogue(profile), (TNET,))


@contextmanager
def trial_network() -> Iterator[None]:
    """Devices that are made here have the command above as well."""
    with patch("quecsim.rig.rig.catalogue", _with_trial):
        yield
