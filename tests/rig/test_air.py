"""Between device and peer: what a peer may say, when, and how much of it."""

from collections.abc import Sequence

import pytest

from quecsim.border import (
    CREDIT_BYTES,
    Closed,
    Credit,
    Data,
    Failed,
    News,
    Open,
    Opened,
    Send,
    Shut,
    Why,
    Wish,
)
from quecsim.link import LinkModel, Pace
from quecsim.mqtt import ConnAck, Publish, PubRel, encode
from quecsim.peers.mqtt_settings import BrokerSettings, ScriptedMessage
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import (
    Event,
    LinkClosed,
    LinkCredit,
    LinkFailed,
    LinkOpened,
    LinkReceived,
    NewsCame,
)
from quecsim.units import S, ms
from tests.peers.bench import NetworkBench

OPEN = b'AT+QMTOPEN=0,"broker.example",1883\r'
CONNECT = b'AT+QMTCONN=0,"a"\r'
_TWO_HEADERS_NS = 40 * S // 625_000 + 40 * S // 1_250_000


class Puppet:
    """A peer that says what a test wants it to."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        self.wishes.append(wish)

    def deadline_ns(self) -> int | None:
        return None

    def take_news(self, now_ns: int) -> list[News]:
        return []


class Stage:
    """A device whose peer is a puppet; times are relative."""

    def __init__(self) -> None:
        self.puppet = Puppet()
        self.rig = Rig(load_profile("ec200u"), RigConfig(), peer=self.puppet)
        self.rig.start(0)
        self.now_ns = 0
        self.events: list[Event] = []
        self.run(3 * S)
        self.type_in(b"ATE0\r")

    def run(self, duration_ns: int = S) -> str:
        self.now_ns += duration_ns
        self.rig.advance(self.now_ns)
        self.events += self.rig.take_events()
        return b"".join(run.data for run in self.rig.take_output()).decode("latin-1")

    def type_in(self, line: bytes, duration_ns: int = S) -> str:
        self.rig.host_write(self.now_ns, line)
        return self.run(duration_ns)

    def say(self, *news: News) -> None:
        for each in news:
            self.rig.hear_news(self.now_ns, each)

    def of(self, *kinds: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kinds)]

    def connected(self) -> "Stage":
        self.type_in(OPEN)
        self.say(Opened(1))
        self.run()
        self.type_in(CONNECT)
        self.say(Data(1, encode(ConnAck())))
        assert "+QMTCONN: 0,0,0" in self.run()
        return self


@pytest.mark.parametrize(
    "news",
    [
        (Data(1, b"x"),),
        (Closed(1, Why.FIN),),
        (Opened(2), Failed(2, Why.DNS), Data(2, b"x"), Closed(2, Why.RESET)),
        (Opened(0), Data(-1, b"x"), Failed(1 << 62, Why.DNS)),
    ],
)
def test_what_may_not_come_yet_reaches_nobody(news: Sequence[News]) -> None:
    stage = Stage()
    stage.type_in(OPEN)
    stage.say(*news)
    assert stage.run() == ""
    assert len(stage.of(NewsCame)) == len(news), "it is on record"
    assert not stage.of(LinkOpened, LinkFailed, LinkReceived, LinkClosed)
    stage.say(Opened(1))
    assert stage.run() == "\r\n+QMTOPEN: 0,0\r\n"


@pytest.mark.parametrize("last", [Closed(1, Why.FIN), Closed(1, Why.RESET)])
def test_nothing_comes_behind_the_end(last: News) -> None:
    stage = Stage().connected()
    stage.say(last, Data(1, b"x"), Opened(1), last, Failed(1, Why.DNS))
    assert stage.run() == "\r\n+QMTSTAT: 0,1\r\n"
    assert stage.run(100 * S) == ""


def test_word_of_a_failure_comes_once() -> None:
    stage = Stage()
    stage.type_in(OPEN)
    stage.say(Failed(1, Why.REFUSED), Opened(1), Failed(1, Why.DNS), Closed(1, Why.FIN))
    assert stage.run() == "\r\n+QMTOPEN: 0,5\r\n"
    assert len(stage.of(LinkFailed)) == 1


def test_it_is_opened_once() -> None:
    stage = Stage()
    stage.type_in(OPEN)
    stage.say(Opened(1), Opened(1), Failed(1, Why.DNS))
    stage.run()
    stage.say(Opened(1))
    stage.run()
    assert len(stage.of(LinkOpened)) == 1


def test_more_than_the_credit_ends_it() -> None:
    stage = Stage().connected()
    message = encode(Publish("t", bytes(1000)))
    stage.say(*[Data(1, message)] * (CREDIT_BYTES // len(message) + 1))
    stage.run(100 * S)
    (closed,) = stage.of(LinkClosed)
    assert isinstance(closed, LinkClosed)
    assert closed.detail == "the peer sent more than the device takes"


def test_credit_counts_from_when_the_peer_knows_it() -> None:
    """Otherwise answers to whatever comes could pile up on their way."""
    stage = Stage().connected()
    release = encode(PubRel(1)) * 1023
    for _ in range(17):
        stage.say(Data(1, release))
        stage.run(ms(5))
    assert stage.of(LinkCredit), "it has said that it takes more"
    assert not [wish for wish in stage.puppet.wishes if isinstance(wish, Credit)]
    stage.run(ms(60))
    assert stage.of(LinkClosed), "nobody knew: the answers are on their way, the credit behind them"


def test_who_takes_turns_may_go_on_for_ever() -> None:
    stage = Stage().connected()
    for _ in range(40):
        stage.say(Data(1, encode(PubRel(1)) * 1023))
        stage.run(5 * S)
    assert not stage.of(LinkClosed)


def test_a_device_that_has_closed_hears_nothing_more() -> None:
    stage = Stage().connected()
    stage.say(Data(1, encode(Publish("t", b"1"))))
    assert stage.type_in(b"AT+QMTCLOSE=0\r", 0) == ""
    stage.run(ms(5))
    stage.say(Data(1, encode(Publish("t", b"2"))))
    stage.say(Data(1, encode(Publish("t", b"3"))))
    assert stage.run() == "\r\nOK\r\n\r\n+QMTCLOSE: 0,0\r\n"


def test_what_was_due_before_anybody_asked_is_said_then() -> None:
    message = ScriptedMessage(topic="t", text="x", retain=True, at_ms=1000)
    bench = NetworkBench(BrokerSettings(messages=(message,)))
    bench.rest(100)
    said = bench.connected().send('AT+QMTSUB=0,1,"t",1\r')
    assert '+QMTRECV: 0,0,"t","x"' in said


def test_a_datagram_that_gets_lost_is_on_the_account() -> None:
    model = LinkModel(Pace(loss_per_million=999_999), seed=1)
    model.ask(0, Open(1, "192.0.2.1", 7, "udp"))
    model.up.given += 5
    model.ask(0, Send(1, b"hello"))
    model.down.given += 3
    model.hear(0, Data(1, b"abc"))
    model.up.check()
    model.down.check()
    assert (model.up.lost, model.down.lost) == ({"link": 5}, {"link": 3})


@pytest.mark.parametrize("ends", [None, "shut", "bearer"])
def test_a_device_that_leaves_hears_when_the_other_side_knows(ends: str | None) -> None:
    stage = Stage().connected()
    links = stage.rig.device._components.links
    heard: list[int] = []
    stage.rig._come_in(stage.now_ns)
    stage.rig.device._shared.move_to(stage.now_ns)
    links.leave(1, lambda: heard.append(links.now_ns))
    if ends == "shut":
        links.shut(1)
    stage.rig._follow_device()
    if ends == "bearer":
        stage.rig.lose_bearer(stage.now_ns)
    stage.run()
    assert stage.puppet.wishes[-1] == Shut(1, is_told=True)
    assert (
        heard
        == {
            None: [stage.now_ns - S + ms(60) + _TWO_HEADERS_NS],
            "shut": [],
            "bearer": [stage.now_ns - S],
        }[ends]
    )
    assert not stage.rig._air.model.is_busy
