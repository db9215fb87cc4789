"""Somebody who calls a device that listens: when, how often, and what is said then."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import (
    Accept,
    Closed,
    Data,
    Incoming,
    Listen,
    News,
    Refuse,
    Send,
    Shut,
    Why,
    Wish,
)
from quecsim.peers.caller import Visitor
from quecsim.peers.caller_settings import CallerSettings
from quecsim.peers.served import Served
from quecsim.peers.service import Caller
from quecsim.peers.simple import Step
from quecsim.units import MS


def served(*settings: CallerSettings) -> Served:
    return Served({}, callers=tuple(map(Visitor, settings)))


def news(network: Served, now_ns: int, *wishes: Wish) -> list[News]:
    """Without the first word, that it listens."""
    for wish in wishes:
        network.handle_wish(now_ns, wish)
    found = network.take_news(now_ns)
    return found[1:] if wishes and isinstance(wishes[0], Listen) else found


def test_it_is_a_caller() -> None:
    """mypy checks it."""
    caller: Caller = Visitor(CallerSettings())
    assert caller.deadline_ns() is None


def test_a_call_comes_after_its_time_and_talks_when_it_is_taken_up() -> None:
    steps = (Step(text="hello"), Step(after_bytes=2, after_ms=5, text="bye", ends="fin"))
    network = served(CallerSettings(port=5000, after_ms=20, steps=steps))
    assert news(network, MS, Listen(1, 5000)) == []
    assert network.deadline_ns() == 21 * MS
    assert news(network, 21 * MS) == [Incoming(1, 1, "198.51.100.7", 50_001)]
    assert news(network, 30 * MS) == []
    assert news(network, 40 * MS, Accept(2, 1, 1)) == [Data(2, b"hello")]
    assert news(network, 41 * MS, Send(2, b"ok")) == []
    assert network.deadline_ns() == 46 * MS
    assert news(network, 46 * MS) == [Data(2, b"bye"), Closed(2, Why.FIN)]
    assert network.deadline_ns() is None


def test_calls_come_again_and_anew() -> None:
    network = served(CallerSettings(after_ms=10, times=3, every_ms=100))
    for link, begin_ns in ((1, 0), (2, 1000 * MS)):
        assert news(network, begin_ns, Listen(link, 7)) == []
        came = []
        while (due_ns := network.deadline_ns()) is not None:
            came += [due_ns - begin_ns for each in news(network, due_ns)]
        assert came == [10 * MS, 110 * MS, 210 * MS]
        assert news(network, begin_ns + 500 * MS, Shut(link)) == []


def test_other_ports_and_protocols_are_left_alone() -> None:
    network = served(CallerSettings(port=5000), CallerSettings(protocol="udp"))
    assert news(network, 0, Listen(1, 5001)) == []
    assert network.deadline_ns() is None


def test_nobody_is_there_any_more() -> None:
    network = served(CallerSettings(after_ms=10, steps=(Step(text="x"),)))
    assert news(network, 0, Listen(1, 5000)) == []
    assert news(network, 5 * MS, Shut(1)) == []
    assert news(network, 10 * MS) == []
    assert news(network, 20 * MS, Listen(2, 5000)) == []
    (call,) = news(network, 30 * MS)
    assert isinstance(call, Incoming)
    assert news(network, 31 * MS, Refuse(2, call.caller)) == []
    assert news(network, 99 * MS) == []


def test_who_sends_datagrams() -> None:
    steps = (Step(text="one"), Step(text="two"), Step(after_bytes=1, text="three"))
    network = served(CallerSettings(protocol="udp", address="192.0.2.9", steps=steps))
    source = ("192.0.2.9", 50_001)
    assert news(network, 0, Listen(1, 5000, "udp")) == [
        Data(1, b"one", source),
        Data(1, b"two", source),
    ]
    assert news(network, 1, Send(1, b"x", source)) == [Data(1, b"three", source)]


def test_an_echo_of_datagrams() -> None:
    network = served(CallerSettings(protocol="udp", echo=True))
    assert news(network, 0, Listen(1, 5000, "udp")) == []
    source = ("198.51.100.7", 50_001)
    assert news(network, 1, Send(1, b"a", source), Send(1, b"bc", source)) == [
        Data(1, b"a", source),
        Data(1, b"bc", source),
    ]


def test_more_calls_than_anybody_takes() -> None:
    caller = Visitor(CallerSettings(times=1000, every_ms=1))
    caller.listening(0, 1, "tcp")
    caller.advance(10_000 * MS)
    assert len(caller.take_dials(10_000 * MS)) == 256
    assert caller.deadline_ns() is None


@given(st.lists(st.integers(0, 40), max_size=10))
def test_who_wakes_it_does_not_matter(wakes_ms: list[int]) -> None:
    caller = Visitor(CallerSettings(after_ms=3, times=4, every_ms=7))
    caller.listening(0, 80, "tcp")
    dials = []
    for at_ms in sorted(wakes_ms):
        caller.advance(at_ms * MS)
        dials += caller.take_dials(at_ms * MS)
    caller.advance(100 * MS)
    dials += caller.take_dials(100 * MS)
    assert [dial.key for dial in dials] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"times": 2}, "needs every_ms"),
        ({"protocol": "udp", "steps": [{"ends": "fin"}]}, "no connection that a step could end"),
        ({"echo": True, "steps": [{}]}, "echo or steps, not both"),
        ({"port": 70_000}, "<= 65535"),
    ],
)
def test_what_is_wrong_is_said(table: dict[str, Any], why: str) -> None:
    with pytest.raises(msgspec.ValidationError) as told:
        msgspec.convert(table, CallerSettings)
    assert why in str(told.value)
