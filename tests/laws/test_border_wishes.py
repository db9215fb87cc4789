"""Every wish and all news, in any order: a client that wishes for everything, and whoever answers.

Whatever is said, the device lives, holds no more than it may, and its record tells it all again.
"""

from collections import Counter
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import (
    CREDIT_BYTES,
    MOST_CALLS,
    MOST_LINKS,
    SEND_BYTES,
    Closed,
    Data,
    Failed,
    Incoming,
    Listening,
    News,
    Opened,
    Peer,
    Pong,
    Resolved,
    Secured,
    Sent,
    Why,
)
from quecsim.peers.caller import Visitor
from quecsim.peers.caller_settings import CallerSettings
from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import (
    Event,
    LinkAnswered,
    LinkClosed,
    LinkIncoming,
    LinkOpened,
    LinkRefused,
    LinkTaken,
)
from quecsim.units import ms, s
from tests.laws.driver import law
from tests.laws.trial_network import HOSTS, PORT, WHAT, TrialClient, trial_network

# what the network says, also what nobody asked for

LINKS = st.integers(0, 12)
COUNTS = st.sampled_from([-1, 0, 1, 20, 2000, SEND_BYTES, 1 << 40])
ADDRESSES = st.sampled_from(
    ["192.0.2.7", "192.0.2.7", "::1", "", "nobody", "\0\x1b[2J" * 100, "192.0.2.7\r\nOK"]
)
PORTS = st.sampled_from([-1, 0, 7, 4000, 65_535, 65_536])
TEXTS = st.sampled_from(["", "TLSv1.2", "\r\nOK\r\n" * 100])
BYTES = st.sampled_from([b"", b"x", bytes(3000), bytes(CREDIT_BYTES), bytes(CREDIT_BYTES + 1)])
NEWS: st.SearchStrategy[News] = st.one_of(
    st.builds(Opened, LINKS, ADDRESSES, PORTS, TEXTS, TEXTS, COUNTS.filter(lambda n: n >= 0)),
    st.builds(Failed, LINKS, st.sampled_from(Why), TEXTS, TEXTS),
    st.builds(Secured, LINKS, TEXTS, TEXTS),
    st.builds(Listening, LINKS, PORTS),
    st.builds(Incoming, LINKS, st.integers(-1, 300), ADDRESSES, PORTS),
    st.builds(Resolved, LINKS, st.lists(ADDRESSES, max_size=100).map(tuple), COUNTS),
    st.builds(Pong, LINKS, ADDRESSES, COUNTS),
    st.builds(Data, LINKS, BYTES, st.none() | st.tuples(ADDRESSES, PORTS)),
    st.builds(Sent, LINKS, COUNTS),
    st.builds(Closed, LINKS, st.sampled_from(Why), TEXTS, TEXTS),
)
SAID = st.lists(NEWS, min_size=1, max_size=6).map(tuple)

PROTOCOLS: tuple[Literal["tcp", "udp"], ...] = ("tcp", "udp")
Act = tuple[str, int] | tuple[News, ...] | str
WISHES = st.tuples(st.sampled_from(WHAT), st.integers(0, 255))
DOES = st.sampled_from(["cut_power", "lose_bearer", "lose_registration", "find_network"])
GAPS = st.sampled_from([0, ms(1), ms(40), ms(300), s(2)])


def steps(*acts: st.SearchStrategy[Act]) -> st.SearchStrategy[list[tuple[int, Act]]]:
    return st.lists(st.tuples(GAPS, st.one_of(*acts)), min_size=5, max_size=40)


class Stage:
    """A device with the trial client, and everything that happens to it."""

    def __init__(self, peer: Peer | None = None) -> None:
        with trial_network():
            self.rig = Rig(load_profile("ec200u"), RigConfig(), peer=peer)
        self.rig.start(0)
        self.now_ns = 0
        self.events: list[Event] = []

    def do(self, act: Act) -> None:
        match act:
            case str(does):
                getattr(self.rig, does)(self.now_ns)
                if does == "cut_power":
                    self.rig.power_on(self.now_ns)
            case (str(what), int(n)):
                self.rig.host_write(self.now_ns, f'AT+TNET="{what}",{n}\r'.encode())
            case news:
                for each in news:
                    self.rig.hear_news(self.now_ns, each)
        self.check()

    def run(self, duration_ns: int) -> bytes:
        self.now_ns += duration_ns
        self.rig.advance(self.now_ns)
        self.events += self.rig.take_events()
        self.check()
        return b"".join(run.data for run in self.rig.take_output())

    @property
    def client(self) -> TrialClient | None:
        client = self.rig.device.context.clients.get(TrialClient.name)
        assert client is None or isinstance(client, TrialClient)
        return client

    def check(self) -> None:
        """Nothing is longer than it may be, and every byte is somewhere."""
        rig = self.rig
        rig.check()
        air, links = rig._air, rig.device._components.links
        assert len(links._links) <= MOST_LINKS
        assert len(links.clients.clients) <= 2
        assert len(air._lines) <= MOST_LINKS
        assert len(air._cut) <= MOST_LINKS
        assert len(air.model._ways) <= 3 * MOST_LINKS
        said = [each.what for each in air.model._news]
        per_link: Counter[int] = Counter()
        for news in said:
            per_link[news.link] += len(news.data) if isinstance(news, Data) else 0
        assert max(per_link.values(), default=0) <= CREDIT_BYTES
        assert sum(isinstance(news, Incoming) for news in said) <= MOST_CALLS * MOST_LINKS
        assert sum(not isinstance(news, Data | Incoming | Sent) for news in said) <= 3 * MOST_LINKS
        for owned in links._links.values():
            assert 0 <= owned.taken_bytes <= owned.sent_bytes
        client = self.client
        if client is not None:
            assert set(client.links) <= set(links._links)

    def recover(self) -> None:
        """The device answers, at last."""
        self.do("find_network")
        self.run(s(60))
        self.rig.host_write(self.now_ns, b"\r")
        self.run(s(5))
        self.rig.host_write(self.now_ns, b"ATE0\r")
        self.run(s(120))
        self.rig.host_write(self.now_ns, b"AT\r")
        assert b"\r\nOK\r\n" in self.run(s(1))


def endure(acts: list[tuple[int, Act]], peer: Peer | None = None) -> list[Event]:
    stage = Stage(peer)
    stage.run(s(3))
    for gap_ns, act in acts:
        stage.run(gap_ns)
        stage.do(act)
    stage.recover()
    stage.rig.finish(stage.now_ns)
    record = stage.events + stage.rig.take_events()
    with trial_network():
        again = replay(record)
    assert again.is_same, (again.was, again.now)
    return record


class Slow(SimpleServer):
    """A server that takes half of what it has got when more comes."""

    def __init__(self) -> None:
        super().__init__()
        self.untaken: dict[int, int] = {}

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        self.untaken[connection] = self.untaken.get(connection, 0) // 2 + len(data)
        super().receive(now_ns, connection, data)

    def unread(self, connection: int) -> int:
        return self.untaken.get(connection, 0)


def network() -> Served:
    """An echo over TCP and UDP, a name, and callers of both kinds."""
    echo, datagrams = SimpleSettings(echo=True), SimpleSettings(echo=True)
    offers = {
        (HOSTS[0], PORT): Offer(
            SimpleServer(echo), HOSTS[1], protocol="any",
            datagrams=SimpleServer(datagrams, is_datagrams=True),
        ),
        (HOSTS[0], PORT + 1): Offer(Slow(), HOSTS[1]),
    }  # fmt: skip
    callers = tuple(
        Visitor(CallerSettings(echo=True, protocol=protocol, times=9, every_ms=70))
        for protocol in PROTOCOLS
    )
    return Served(offers, callers=callers)


@law(60)
@given(steps(WISHES, WISHES, SAID, SAID, DOES))
def test_whatever_is_said(acts: list[tuple[int, Act]]) -> None:
    endure(acts)


@law(60)
@given(steps(WISHES, WISHES, WISHES, DOES))
def test_whoever_answers(acts: list[tuple[int, Act]]) -> None:
    endure(acts, network())


@law(30)
@given(steps(WISHES, WISHES, WISHES, SAID, DOES))
def test_whoever_answers_and_whatever_is_said_besides(acts: list[tuple[int, Act]]) -> None:
    endure(acts, network())


@pytest.mark.parametrize(
    "news",
    [
        Incoming(1, 1, "192.0.2.7", 4000),
        Incoming(1, 1, "\0", 4000),
        Data(1, b"x", ("192.0.2.7", 1)),
        Data(1, b"x"),
        Data(1, b""),
        Sent(1, 1),
        Secured(1),
        Listening(1, 7),
        Resolved(1, ("192.0.2.7",)),
        Pong(1, "192.0.2.7"),
        Opened(1),
    ],
)
@pytest.mark.parametrize(
    "wish", [("open", 1), ("listen", 1), ("listen", 0), ("resolve", 0), ("ping", 0)]
)
def test_a_great_many_at_once(wish: tuple[str, int], news: News) -> None:
    stage = Stage()
    stage.run(s(3))
    stage.do(wish)
    stage.run(s(1))
    for first in (Opened(1), Listening(1, 7)):
        stage.do((first,))
    for _ in range(3000):
        stage.rig.hear_news(stage.now_ns, news)
    stage.check()
    is_datagram = isinstance(news, Data) and wish == ("listen", 0)  # they are bounded by the credit
    assert len(stage.rig._air.model._news) <= (CREDIT_BYTES if is_datagram else 100)
    stage.recover()


def test_all_of_it_happens() -> None:
    """What the laws draw from brings about every kind of event: the servers answer."""
    wishes = [
        ("open", 1), ("send", 200), ("open", 9), ("send", 255), ("udp", 0), ("listen", 1),
        ("listen", 0), ("accept", 0), ("send", 9), ("sendto", 0), ("resolve", 0), ("ping", 1),
        ("secure", 0), ("credit", 0), ("refuse", 0), ("ping", 2),
    ]  # fmt: skip
    record = endure([(ms(300), wish) for wish in wishes], network())
    kinds = {type(event) for event in record}
    assert {LinkOpened, LinkIncoming, LinkAnswered, LinkTaken, LinkRefused, LinkClosed} <= kinds


def test_nothing_is_left_behind() -> None:
    """A device that has done everything a hundred times holds as much as one that did it once."""
    peer = network()
    stage = Stage(peer)
    stage.run(s(3))
    acts = [(what, n) for what in WHAT for n in (0, 1)]
    for _ in range(100):
        for act in acts:
            stage.do(act)
            stage.run(ms(20))
        client = stage.client
        assert client is not None
        while client.links:
            stage.do(("shut", 0))
            stage.run(ms(20))
        stage.run(s(5))
        air, links = stage.rig._air, stage.rig.device._components.links
        assert (len(links._links), len(air._lines), len(air._cut)) == (0, 0, 0)
        assert (len(air.model._ways), len(air.model._news), len(air.model._wishes)) == (0, 0, 0)
        assert (len(links.wishes), len(links.clients.clients)) == (0, 1)
        assert (len(peer._connections), len(peer._calls._listeners)) == (0, 0)
        client.calls.clear()


def test_clients_that_are_gone_are_forgotten() -> None:
    stage = Stage(network())
    stage.run(s(3))
    links = stage.rig.device._components.links
    for _ in range(1000):
        links.shut(links.open(TrialClient(links), HOSTS[0], PORT))
        assert len(links.clients.clients) <= 2 * MOST_LINKS
