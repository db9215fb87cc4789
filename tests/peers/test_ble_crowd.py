"""Everybody on the air: who is heard, who connects, and what is told from outside."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border.ble import (
    Advertise,
    AskMtu,
    AskParameters,
    BleWhy,
    BleWish,
    Came,
    Discover,
    GiveUp,
    Heard,
    Join,
    Joined,
    Leave,
    Left,
    MtuIs,
    Notify,
    NotJoined,
    Parameters,
    ParametersAre,
    Read,
    Scan,
    StopAdvertising,
    StopScan,
    Subscribe,
    Subscribed,
    Vanish,
    Write,
)
from quecsim.errors import QuecsimError
from quecsim.units import MS
from tests.peers.air import ADVERTISES, LATE_NS, Air

TAG = {"kind": "sensor", "name": "tag"}
IDLE = {"kind": "phone", "name": "idle", "times": 0}
SCAN = Scan(100 * MS, 30 * MS)
TAG_JOIN = Join("c0ffee000001", is_random=True)


def kinds(said: list[Any]) -> list[type]:
    return [type(news) for news in said]


def test_who_advertises_is_heard_while_the_device_scans() -> None:
    air = Air(TAG, {"kind": "crowd", "count": 3})
    assert air.until(1000) == []
    air.wish(SCAN)
    said = air.until(4000)
    assert set(kinds(said)) == {Heard}
    names = [news.name for news in said if isinstance(news, Heard)]
    assert 27 <= names.count("tag") <= 31
    assert {names.count(f"other {number}") for number in (1, 2, 3)} <= {2, 3, 4}
    air.wish(StopScan())
    assert air.until(9000) == []
    assert air.crowd.deadline_ns() is None


def test_two_of_a_seed_say_the_same_and_another_seed_something_else() -> None:
    def said(seed: int) -> list[Any]:
        air = Air(TAG, {"kind": "crowd", "count": 5}, seed=seed)
        air.wish(SCAN)
        air.until(3000)
        return air.heard

    assert said(4) == said(4) != said(5)


def test_one_is_connected_to_when_he_advertises_and_is_silent_then() -> None:
    air = Air(TAG)
    assert air.wish(SCAN, TAG_JOIN) == []
    said = air.until(300)
    assert kinds(said).count(Joined) == 1
    assert kinds(said)[-1] is Joined  # nothing is heard of him any more
    assert air.crowd.states()[0].is_connected
    assert air.wish(Leave()) == []
    assert not air.crowd.states()[0].is_connected
    assert set(kinds(air.until(600))) == {Heard}


@pytest.mark.parametrize(
    ("more", "join", "said"),
    [
        ({"refuses": True}, TAG_JOIN, [NotJoined(BleWhy.REFUSED)]),
        ({"connectable": False}, TAG_JOIN, []),
        ({}, Join("c0ffee000001"), []),
        ({}, Join("c0ffee000009", is_random=True), []),
        ({"until_ms": 50, "adv_interval_ms": 20}, TAG_JOIN, []),
    ],
)
def test_who_cannot_be_connected_to(more: dict[str, Any], join: Join, said: list[Any]) -> None:
    air = Air(TAG | more)
    air.until(60)
    air.wish(join)
    assert air.until(2000) == said


def test_who_gives_up_is_not_connected() -> None:
    air = Air(TAG | {"from_ms": 1000})
    air.wish(TAG_JOIN)
    air.until(500)
    air.wish(GiveUp())
    assert air.until(3000) == []


def test_a_phone_is_led_from_outside() -> None:
    air = Air(IDLE, TAG)
    air.wish(ADVERTISES)
    assert air.until(1000) == []
    air.crowd.connect(air.now_ns, "idle", 200)
    assert kinds(air.until(1500)) == [Joined, MtuIs]
    crowd, now_ns = air.crowd, air.now_ns
    crowd.subscribe(now_ns, "idle", "FFF2", True)
    crowd.write(now_ns, "idle", "fff2", bytes(197), False)
    assert crowd.take_news(now_ns) == [Subscribed("fff2", True), Came("fff2", bytes(197))]
    air.wish(Notify("fff2", b"21"))
    state = crowd.states()[0]
    assert (state.is_connected, state.mtu) == (True, 200)
    assert state.received == ((now_ns, "fff2", b"21"),)
    with pytest.raises(QuecsimError, match="198 bytes do not go into one: the MTU is 200"):
        crowd.write(now_ns, "idle", "fff2", bytes(198), False)
    with pytest.raises(QuecsimError, match="9999 cannot be used so"):
        crowd.write(now_ns, "idle", "9999", b"1", True)
    with pytest.raises(QuecsimError, match="9999 cannot be used so") as refused:
        crowd.write(now_ns, "idle", "9999", b"1", False)
    assert refused.value.hint == "the device has: fff2 (write, write_command, notify)"
    with pytest.raises(QuecsimError, match="has a connection already: idle"):
        crowd.connect(now_ns, "idle")
    crowd.leave(now_ns, "idle")
    assert crowd.take_news(now_ns) == [Left(BleWhy.PEER)]
    with pytest.raises(QuecsimError, match="has no connection"):
        crowd.leave(now_ns, "idle")


def test_a_sensor_is_led_from_outside() -> None:
    value = {"uuid": "2a6e", "properties": ["notify"]}
    air = Air(TAG | {"services": [{"uuid": "181a", "characteristics": [value]}]})
    air.wish(TAG_JOIN)
    air.until(300)
    with pytest.raises(QuecsimError, match="no notifications of 2a6e on"):
        air.crowd.notify(air.now_ns, "tag", "2a6e", b"1")
    air.wish(Subscribe("2a6e", True))
    air.crowd.notify(air.now_ns, "tag", "2A6E", b"1")
    assert air.until(400) == [Came("2a6e", b"1", is_notification=True)]
    with pytest.raises(QuecsimError, match="nobody on the air is called"):
        air.crowd.notify(air.now_ns, "tog", "2a6e", b"1")
    with pytest.raises(QuecsimError, match="it is a sensor"):
        air.crowd.write(air.now_ns, "tag", "2a6e", b"1", False)
    with pytest.raises(QuecsimError, match="is no phone"):
        air.crowd.connect(air.now_ns, "tag")


def test_a_connection_that_does_not_come_about_is_tried_when_it_advertises_again() -> None:
    air = Air(IDLE | {"times": 1})
    assert kinds(air.wish(ADVERTISES)) == [Joined]
    air.wish(Leave(BleWhy.REFUSED))
    assert air.crowd.deadline_ns() is None
    assert kinds(air.wish(ADVERTISES)) == [Joined]
    air.until(LATE_NS // MS + 1)
    assert air.crowd.states()[0].is_connected


def test_a_device_that_vanishes_is_missed_later() -> None:
    air = Air(IDLE | {"times": 2})
    air.wish(ADVERTISES)
    air.until(100)
    air.wish(Vanish())
    assert air.crowd.states()[0].is_connected
    air.wish(Leave(BleWhy.TIMEOUT))
    assert not air.crowd.states()[0].is_connected
    assert kinds(air.wish(ADVERTISES)) == [Joined]


ALL = st.sampled_from(
    (
        ADVERTISES, StopAdvertising(), SCAN, StopScan(), TAG_JOIN, Join("c0ffee000002"), GiveUp(),
        Leave(), Leave(BleWhy.TIMEOUT), Leave(BleWhy.REFUSED), Vanish(), AskMtu(64), AskMtu(512),
        AskParameters(Parameters(40, 0, 500)), Discover(), Read("2a6e"), Read("9999"),
        Write("2a6e", bytes(20)), Write("2a6e", bytes(300), is_request=True),
        Subscribe("2a6e", True), Subscribe("2a6e", False), Notify("fff2", b"1"), Notify("1", b""),
    )
)  # fmt: skip
VALUE = {"uuid": "2a6e", "properties": ["read", "write", "notify"], "every_ms": 40}
BUSY = TAG | {"services": [{"uuid": "181a", "characteristics": [VALUE]}], "leaves_ms": 900}
CALLER = {
    "kind": "phone",
    "name": "caller",
    "times": 3,
    "steps": [
        {"do": "mtu"},
        {"do": "subscribe", "uuid": "fff2"},
        {"do": "write", "uuid": "fff2", "drawn_bytes": 600, "window": 2},
        {"do": "leave", "after_ms": 200},
    ],
}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), ALL), max_size=20))
def test_whatever_the_device_wants_it_goes_on_and_is_the_same_again(
    wishes: list[tuple[int, BleWish]],
) -> None:
    def run() -> list[Any]:
        air = Air(BUSY, CALLER, {"kind": "crowd", "count": 2})
        at_ms = 0
        for after_ms, wish in wishes:
            at_ms += after_ms
            air.until(at_ms)
            air.wish(wish)
        air.until(at_ms + 500)
        return [air.heard, air.crowd.states()]

    said = run()
    assert said == run()
    states = [state for state in said[1] if state.is_connected]
    assert len(states) <= 1
    joined = sum(isinstance(news, Joined) for _, news in said[0])
    left = sum(isinstance(news, Left) for _, news in said[0])
    assert left <= joined


def test_the_parameters_of_a_connection_are_what_the_device_asks_for() -> None:
    air = Air(TAG)
    air.wish(TAG_JOIN)
    air.until(300)
    assert air.wish(AskParameters(Parameters(80, 1, 400))) == [
        ParametersAre(Parameters(80, 1, 400))
    ]


def test_it_advertises_under_another_name() -> None:
    air = Air(IDLE | {"times": 1, "looks_for": "Meter"})
    assert air.wish(Advertise("else", "90395e8a70d2", 100 * MS)) == []
    assert kinds(air.wish(ADVERTISES)) == [Joined]
