"""Whatever the network says, and whenever: the device lives, holds no more than it may, and its
record tells it all again.
"""

from base64 import b64encode
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import (
    CREDIT_BYTES,
    MOST_LINKS,
    Closed,
    Credit,
    Data,
    Failed,
    News,
    Open,
    Opened,
    Peer,
    Send,
    Shut,
    Why,
    Wish,
)
from quecsim.clients.mqtt import MOST_PACKET_BYTES, MqttClient
from quecsim.device.power import PowerState
from quecsim.device.shared import Phase
from quecsim.faults import Fault
from quecsim.faults.places.mqtt_answers import is_connect
from quecsim.mqtt import (
    ConnAck,
    Packet,
    PingResp,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    SubAck,
    UnsubAck,
    encode,
)
from quecsim.peers.broker import Broker
from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.testing import strategies as ours
from quecsim.trace.event import ClientResult, Event, NewsCame
from quecsim.units import ms, s
from tests.laws.driver import law

T = TypeVar("T")

CLIENTS = 6
LINES = (
    b'AT+QMTOPEN=0,"broker.example",1883\r', b'AT+QMTOPEN=1,"192.0.2.1",8883\r',
    b'AT+QMTCONN=0,"a"\r', b'AT+QMTCONN=1,"b"\r', b'AT+QMTSUB=0,1,"t/#",2\r',
    b'AT+QMTUNS=0,2,"t/#"\r', b'AT+QMTPUB=0,1,1,0,"t","hello"\r', b'AT+QMTPUB=0,2,2,0,"t","ho"\r',
    b'AT+QMTPUB=0,0,0,0,"t",300\r', bytes(300), b'AT+QMTPUB=0,3,1,0,"t"\r', b"x\x1a",
    b"AT+QMTDISC=0\r", b"AT+QMTCLOSE=0\r", b"AT+QMTCLOSE=1\r", b"AT+QMTRECV=0\r", b"AT+QMTRECV?\r",
    b'AT+QMTCFG="recv/mode",0,1,1\r', b'AT+QMTCFG="recv/mode",0,0,0\r',
    b'AT+QMTCFG="ssl",1,1,0\r', b'AT+QMTCFG="keepalive",0,5\r', b'AT+QINDCFG="all",0\r',
    b"AT+CFUN=0\r", b"AT+CFUN=1\r", b"AT+QIDEACT=1\r", b"AT\r", b'AT+QFUPL="x",90,2\r',
    b'AT+QMTPUB=0,3,1,0,"t",5\r', b"AT+QRST\r",
)  # fmt: skip
DEVICES = st.sampled_from(["ec200u", "ec200u", "fcm242d"])
OVER_THE_AIR = {"lose_bearer": "deauthenticate"}
"""What happens to a Wi-Fi device instead."""


# what the network says

LINKS = st.integers(0, 6)
TEXTS = st.one_of(st.just(""), st.text(max_size=20), st.just("\0\x1b[2J" * 2500))
TOPICS = st.sampled_from(["t", "t/x", "\u20ac", "t" * 10_000])
NUMBERS = st.sampled_from([1, 2, 3, 65_535])
WELCOME = st.builds(ConnAck, st.sampled_from([0, 0, 0, 1, 5]))
PACKETS: st.SearchStrategy[Packet] = st.one_of(
    st.builds(Publish, TOPICS, st.sampled_from([b"", b"\r\nOK\r\n", bytes(2000)])),
    st.builds(
        Publish, TOPICS, st.binary(max_size=9), qos=st.sampled_from([1, 2]), packet_id=NUMBERS
    ),
    *(st.builds(kind, NUMBERS) for kind in (PubAck, PubRec, PubRel, PubComp, UnsubAck)),
    st.builds(SubAck, NUMBERS, st.lists(st.sampled_from([0, 2, 128]), min_size=1).map(tuple)),
    st.just(PingResp()),
)
WHOLE = PACKETS.map(encode)
BYTES = (
    WELCOME.map(encode),
    WHOLE,
    st.lists(WHOLE, max_size=6).map(b"".join),
    st.builds(lambda data, count: data * count, WHOLE, st.sampled_from([50, 1000])),
    st.builds(lambda data, at: data[: at % len(data)], WHOLE, st.integers(0, 20_000)),
    st.builds(lambda data, at: data[at % len(data) :], WHOLE, st.integers(0, 20_000)),
    st.binary(max_size=40),
    st.sampled_from([b"\x30\xff\xff\xff\x7f", b"\x30\xff\xff\x03" + bytes(60_000), b"\xff" * 9]),
)


def weighted(*choices: tuple[int, st.SearchStrategy[T]]) -> st.SearchStrategy[T]:
    """`one_of` with weights; what is a choice itself counts as one."""
    table = [strategy for weight, strategy in choices for _ in range(weight)]
    return st.sampled_from(range(len(table))).flatmap(table.__getitem__)


DATA = weighted(*zip((2, 24, 12, 4, 1, 1, 1, 1), BYTES, strict=True))
NEWS: st.SearchStrategy[News] = weighted(
    (8, st.builds(lambda data: Data(1, data[:CREDIT_BYTES]), DATA)),
    (2, st.builds(lambda link, data: Data(link, data[:CREDIT_BYTES]), LINKS, DATA)),
    (3, st.builds(Opened, LINKS, TEXTS)),
    (1, st.builds(Failed, LINKS, st.sampled_from(Why), TEXTS, TEXTS)),
    (1, st.builds(Closed, LINKS, st.sampled_from([Why.FIN, Why.RESET, Why.TIMEOUT]), TEXTS)),
)


# what happens


@dataclass(frozen=True)
class Host:
    line: bytes


@dataclass(frozen=True)
class Say:
    news: tuple[News, ...]


@dataclass(frozen=True)
class World:
    does: str


Step: TypeAlias = tuple[int, Host | Say | World | Fault]
GAPS = st.sampled_from([0, ms(1), ms(40), ms(200), ms(200), s(1), s(1), s(6), s(70)])
FAULTS = ours.faults([kind for kind in ours.fault_kinds() if kind in (
    "link_down", "server_closes", "server_slow", "publish_unanswered", "mqtt_refused",
    "connect_silence", "bearer_lost", "registration_lost", "dns_failure",
)])  # fmt: skip
DOES = ("cut_power", "power_on", "stop_reading", "read", "lose_bearer", "lose_registration",
        "find_network")  # fmt: skip
HOSTS, WORLD = st.sampled_from(LINES).map(Host), st.sampled_from(DOES).map(World)
ACTS: st.SearchStrategy[Host | Say | World | Fault] = weighted(
    (8, HOSTS),
    (12, st.lists(NEWS, min_size=1, max_size=5).map(lambda news: Say(tuple(news)))),
    (2, WORLD),
    (2, FAULTS),
)
STEPS: st.SearchStrategy[list[Step]] = st.lists(st.tuples(GAPS, ACTS), min_size=4, max_size=30)
OPEN_IT, CONNECT_IT = Host(LINES[0]), Host(b'AT+QMTCONN=0,"a"\r')
OPENED: list[Step] = [
    (s(1), OPEN_IT),
    (s(1), Say((Opened(1, "192.0.2.10", 1883),))),
]
CONNECTED: list[Step] = [
    *OPENED,
    (s(1), CONNECT_IT),
    (s(1), Say((Data(1, encode(ConnAck())),))),
    (s(1), Host(b'AT+QMTSUB=0,1,"t/#",2\r')),
]


class Stage:
    """A device, and everything that happens to it."""

    def __init__(self, peer: Peer | None = None, device: str = "ec200u") -> None:
        profile = load_profile(device)
        self.is_wifi = profile.wifi is not None
        config = RigConfig() if self.is_wifi else RigConfig(ifc=(2, 2), host_flow="rtscts")
        self.rig = Rig(profile, config, peer=peer)
        self.rig.start(0)
        self.now_ns = 0
        self.events: list[Event] = []

    def run(self, duration_ns: int) -> bytes:
        """Let time pass; what the host hears."""
        self.now_ns += duration_ns
        self.rig.advance(self.now_ns)
        self.events += self.rig.take_events()
        self.check()
        return b"".join(run.data for run in self.rig.take_output())

    def do(self, act: Host | Say | World | Fault) -> None:
        rig, now_ns = self.rig, self.now_ns
        match act:
            case Host(line):
                rig.host_write(now_ns, line)
            case Say(news):
                for each in news:
                    rig.hear_news(now_ns, each)
            case World("stop_reading" | "read" as does):
                rig.host_ready(now_ns, ready=does == "read")
            case World("power_on"):
                if rig.device.power is PowerState.OFF:
                    rig.power_on(now_ns)
            case World(does):
                getattr(rig, OVER_THE_AIR.get(does, does) if self.is_wifi else does)(now_ns)
            case Fault():
                if act.suits(rig.profile):
                    rig.inject(now_ns, act)
        self.check()

    def check(self) -> None:
        """Nothing is longer than it may be, and every byte is somewhere."""
        rig = self.rig
        rig.check()
        model, components = rig._air.model, rig.device._components
        said = [each.what for each in model._news]
        assert len(rig._air._lines) <= MOST_LINKS
        assert len(rig._air._cut) <= MOST_LINKS
        assert sum(not isinstance(news, Data) for news in said) <= 2 * MOST_LINKS
        per_link = {news.link: 0 for news in said}
        for news in said:
            per_link[news.link] += len(news.data) if isinstance(news, Data) else 0
        assert all(count <= CREDIT_BYTES for count in per_link.values())
        assert len(model._wishes) <= MOST_LINKS * CREDIT_BYTES // 4
        assert len(model._ways) <= 3 * MOST_LINKS
        links = components.links
        assert len(links._links) <= MOST_LINKS
        assert len(links.clients.clients) <= CLIENTS
        assert len(components.urcs._later) <= 256
        assert len(components.urcs.queue) <= 2 * CLIENTS * CREDIT_BYTES // 5
        assert sum(len(text) for text, _ in components.urcs.queue) <= 3 * CLIENTS * CREDIT_BYTES
        clients = rig.device.context.clients.values()
        for client in clients:
            assert isinstance(client, MqttClient)
            assert client._reader.held_bytes <= MOST_PACKET_BYTES
            assert len(client.reception.ids) <= 1024
            assert len(client.flights._all) <= 100
            assert 0 <= client._untold_bytes <= CREDIT_BYTES

    def recover(self) -> None:
        """What a patient host does, until the device answers."""
        rig = self.rig
        for does in ("read", "find_network"):
            self.do(World(does))
        self.run(s(30))
        self.do(World("power_on"))
        self.run(s(90))
        for _ in range(4):
            if rig.device.phase is Phase.DATA:
                rig.host_write(self.now_ns, bytes(300) + b"\x1a")
            self.run(s(10))
        rig.host_write(self.now_ns, b"\r")
        self.run(s(5))
        rig.host_write(self.now_ns, b"AT+QECHO=0\r" if self.is_wifi else b"ATE0\r")
        self.run(s(60))
        rig.host_write(self.now_ns, b"AT\r")
        assert b"\r\nOK\r\n" in self.run(s(1))


def endure(steps: list[Step], peer: Peer | None = None, device: str = "ec200u") -> list[Event]:
    stage = Stage(peer, device)
    for gap_ns, act in steps:
        stage.run(gap_ns)
        stage.do(act)
    stage.recover()
    stage.rig.finish(stage.now_ns)
    record = stage.events + stage.rig.take_events()
    again = replay(record)
    assert again.is_same, (again.was, again.now)
    return record


@law(20)
@given(STEPS, DEVICES)
def test_whatever_is_said(steps: list[Step], device: str) -> None:
    endure(steps, device=device)


@law(30)
@given(STEPS, st.sampled_from([OPENED, CONNECTED, CONNECTED]), DEVICES)
def test_whatever_is_said_to_a_client(steps: list[Step], before: list[Step], device: str) -> None:
    endure([*before, *steps], device=device)


@law(20)
@given(
    st.lists(st.tuples(GAPS, weighted((8, HOSTS), (2, WORLD), (3, FAULTS))), max_size=30), DEVICES
)
def test_whatever_comes_between_a_device_and_its_broker(steps: list[Step], device: str) -> None:
    offers = {("broker.example", 1883): Offer(Broker(), "192.0.2.1")}
    endure([(s(1), OPEN_IT), (s(1), CONNECT_IT), *steps], Served(offers), device)


def without_news(record: list[Event]) -> list[Event]:
    return [event for event in record if not isinstance(event, NewsCame)]


@law(15)
@given(STEPS, st.lists(st.integers(0, 9000), min_size=1, max_size=6))
def test_how_it_is_cut_is_no_matter(steps: list[Step], cuts: list[int]) -> None:
    """What is said at one moment, in one piece or in many."""

    def pieces(news: News) -> tuple[News, ...]:
        if not isinstance(news, Data):
            return (news,)
        places = sorted({0, len(news.data), *(cut % (len(news.data) + 1) for cut in cuts)})
        return tuple(Data(news.link, news.data[a:b]) for a, b in pairwise(places))

    cut: list[Step] = [
        (gap_ns, Say(sum(map(pieces, act.news), ())) if isinstance(act, Say) else act)
        for gap_ns, act in steps
    ]
    whole = without_news(endure([*CONNECTED, *steps]))
    assert without_news(endure([*CONNECTED, *cut])) == whole


# a peer that says as much as it may


class Flood:
    """It lets everybody in, and then says `pattern` for ever, as fast as it is taken."""

    def __init__(self, pattern: bytes) -> None:
        self.said_bytes = 0
        self._pattern = pattern
        self._credit: dict[int, int] = {}
        self._news: list[News] = []
        self._now_ns = 0

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        self._now_ns = now_ns
        if isinstance(wish, Open):
            self._credit[wish.link] = CREDIT_BYTES
            self._news.append(Opened(wish.link))
        elif isinstance(wish, Shut):
            self._credit.pop(wish.link, None)
        elif isinstance(wish, Credit):
            self._credit[wish.link] += wish.count
            self._say(wish.link, self._credit[wish.link])
        elif isinstance(wish, Send) and is_connect(wish.data):
            self._say(wish.link, CREDIT_BYTES)

    def _say(self, link: int, most: int) -> None:
        whole = encode(ConnAck()) + self._pattern * (
            1 + (self.said_bytes + most) // len(self._pattern)
        )
        data = whole[self.said_bytes : self.said_bytes + most]
        self.said_bytes += len(data)
        self._credit[link] -= len(data)
        self._news.append(Data(link, data))

    def deadline_ns(self) -> int | None:
        return self._now_ns if self._news else None

    def take_news(self, now_ns: int) -> list[News]:
        assert now_ns >= self._now_ns
        news, self._news = self._news, []
        return news


SMALL = encode(Publish("t", b""))
FLOODS = {
    "releases": encode(PubRel(1)),
    "smallest": SMALL,
    "to be answered": encode(Publish("t", b"", qos=1, packet_id=1)),
    "twice": b"".join(
        encode(Publish("t", b"x", qos=2, packet_id=number)) for number in range(1, 3000)
    ),
    "large": encode(Publish("t", bytes(60_000))),
    "long names": encode(Publish("\u20ac" * 10_000, b"")),
}
MODES = {
    "told": Host(b"AT\r"),
    "kept": Host(b'AT+QMTCFG="recv/mode",0,1,1\r'),
    "nobody reads": Host(b"AT\r"),
    "switched off": Host(b'AT+QINDCFG="all",0\r'),
}


@pytest.mark.parametrize(
    ("pattern", "mode"),
    [
        ("releases", "told"),
        ("smallest", "told"),
        ("smallest", "nobody reads"),
        ("to be answered", "nobody reads"),
        ("to be answered", "kept"),
        ("twice", "switched off"),
        ("large", "nobody reads"),
        ("large", "kept"),
        ("long names", "told"),
        ("long names", "nobody reads"),
    ],
)
def test_a_flood(pattern: str, mode: str) -> None:
    flood = Flood(FLOODS[pattern])
    stage = Stage(flood)
    for gap_ms, act in ((0, MODES[mode]), (50, OPEN_IT), (1000, CONNECT_IT)):
        stage.run(ms(gap_ms))
        stage.do(act)
    if mode == "nobody reads":
        stage.run(ms(20))
        stage.do(World("stop_reading"))
    for _ in range(4):
        stage.run(ms(40))
    assert flood.said_bytes >= CREDIT_BYTES
    if mode == "nobody reads" and pattern != "releases":
        assert flood.said_bytes <= 3 * CREDIT_BYTES
    stage.do(World("read"))
    stage.do(World("cut_power"))
    stage.recover()


@pytest.mark.parametrize("news", [Opened(1), Data(1, b"x"), Failed(9, Why.DNS), Data(1, bytes(4))])
def test_a_great_many_news_at_once(news: News) -> None:
    stage = Stage()
    for gap_ns, act in OPENED:
        stage.run(gap_ns)
        stage.do(act)
    for _ in range(10_000):
        stage.rig.hear_news(stage.now_ns, news)
    stage.check()
    stage.recover()


# servers of this process that are no brokers

SAYS_YES = b64encode(encode(ConnAck())).decode()
BAD_SERVERS: dict[str, list[dict[str, object]]] = {
    "garbage at once": [{"garbage_bytes": 5000}],
    "garbage for an answer": [{"after_bytes": 1, "garbage_bytes": 60_000}],
    "garbage behind an answer": [{"after_bytes": 1, "base64": SAYS_YES, "garbage_bytes": 3000}],
    "half a packet": [{"after_bytes": 1, "base64": "IA==", "after_ms": 10}],
    "half a packet, then nobody": [{"after_bytes": 1, "base64": "IAI=", "ends": "reset"}],
    "a web server": [{"after_bytes": 1, "text": "HTTP/1.1 400 Bad Request\r\n\r\n", "ends": "fin"}],
    "a packet without an end": [
        {"after_bytes": 1, "base64": SAYS_YES},
        *[{"after_ms": 100, "base64": "MP//fw==", "garbage_bytes": 60_000}] * 5,
    ],
    "somebody who only listens": [],
    "somebody who hangs up": [{"ends": "fin"}],
}


@pytest.mark.parametrize("server", BAD_SERVERS)
def test_a_bad_server(server: str) -> None:
    settings = msgspec.convert({"steps": BAD_SERVERS[server]}, SimpleSettings)
    offers = {("broker.example", 1883): Offer(SimpleServer(settings), "192.0.2.10")}
    stage = Stage(Served(offers))
    for line in (b"ATE0\r", LINES[0], b'AT+QMTCONN=0,"a"\r', b'AT+QMTPUB=0,1,1,0,"t","hello"\r'):
        stage.do(Host(line))
        stage.run(s(2))
    heard = stage.run(s(300))
    stage.recover()
    stage.rig.finish(stage.now_ns)
    record = stage.events + stage.rig.take_events()
    again = replay(record)
    assert again.is_same, (again.was, again.now)
    results = [event for event in record if isinstance(event, ClientResult)]
    assert results[0].command == "+QMTOPEN"
    assert results[-1].command == "+QMTSTAT", heard
    assert results[-1].code in (1, 2, 4, 8)
