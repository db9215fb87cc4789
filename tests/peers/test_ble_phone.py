"""A phone's steps: in order, in time, and held up by a device that does not take its data."""

import itertools
from typing import Any

from quecsim.border.ble import (
    BleWhy,
    Came,
    Joined,
    Left,
    MtuIs,
    Notify,
    Parameters,
    ParametersAre,
    Subscribed,
)
from quecsim.units import MS
from tests.peers.air import ADVERTISES, LATE_NS, Air

INTERVAL_NS = 30 * MS


def phone(*steps: dict[str, Any], **more: Any) -> Air:
    air = Air({"kind": "phone", "name": "phone", "steps": list(steps)} | more)
    air.wish(ADVERTISES)
    return air


def test_it_does_one_after_the_other_each_when_the_one_before_is_answered() -> None:
    air = phone(
        {"do": "mtu", "mtu": 100},
        {"do": "subscribe", "uuid": "FFF2"},
        {"do": "parameters", "parameters": {"interval": 80}, "after_ms": 100},
        {"do": "unsubscribe", "uuid": "fff2"},
        {"do": "leave"},
    )
    air.until(2000)
    begin_ns = LATE_NS
    parameters = Parameters(80, 0, 500)
    assert air.heard[1:] == [
        (begin_ns, MtuIs(100)),
        (begin_ns + 2 * INTERVAL_NS, Subscribed("fff2", True)),
        (begin_ns + 4 * INTERVAL_NS + 100 * MS, ParametersAre(parameters)),
        (begin_ns + 4 * INTERVAL_NS + 100 * MS, Subscribed("fff2", False)),
        (begin_ns + 4 * INTERVAL_NS + 300 * MS, Left(BleWhy.PEER)),
    ]


def test_discovery_takes_its_time() -> None:
    air = phone({"do": "discover"}, {"do": "leave"})
    air.until(3000)
    assert air.heard[-1][0] > LATE_NS + 8 * INTERVAL_NS


def test_data_goes_in_pieces_of_the_mtu_as_many_at_a_time_as_the_window() -> None:
    air = phone(
        {"do": "mtu", "mtu": 103},
        {"do": "write", "uuid": "fff2", "drawn_bytes": 450, "window": 2},
    )
    air.until(2000)
    came = [(at_ns, news) for at_ns, news in air.heard if isinstance(news, Came)]
    assert [len(news.data) for _, news in came] == [100, 100, 100, 100, 50]
    first_ns = came[0][0]
    late = [(at_ns - first_ns) // LATE_NS for at_ns, _ in came]
    assert late == [0, 0, 1, 1, 2]
    again = phone({"do": "write", "uuid": "fff2", "drawn_bytes": 450, "piece_bytes": 10})
    again.until(2000)
    small = [news.data for _, news in again.heard if isinstance(news, Came)]
    assert {len(data) for data in small} == {10}


def test_what_is_asked_for_an_answer_goes_one_by_one() -> None:
    write = {"do": "write", "uuid": "fff2", "hex": "00" * 50, "is_request": True}
    air = phone(write, {"do": "leave"})
    air.until(2000)
    times = [at_ns for at_ns, news in air.heard if isinstance(news, Came)]
    assert [after - before for before, after in itertools.pairwise(times)] == [
        LATE_NS + INTERVAL_NS
    ] * 2
    assert air.heard[-1] == (times[-1] + 2 * INTERVAL_NS, Left(BleWhy.PEER))


def test_a_step_waits_for_what_the_device_sends() -> None:
    air = phone({"do": "subscribe", "uuid": "fff2"}, {"do": "leave", "after_bytes": 5})
    air.until(1000)
    air.wish(Notify("fff2", b"123"))
    assert air.until(2000) == []
    assert air.wish(Notify("fff2", b"45")) == [Left(BleWhy.PEER)]
    received = [data for _, _, data in air.crowd.states()[0].received]
    assert received == [b"123", b"45"]


def test_what_the_device_refuses_does_not_stop_it() -> None:
    air = phone(
        {"do": "read", "uuid": "fff2"},
        {"do": "write", "uuid": "9999", "text": "x", "is_request": True},
        {"do": "write", "uuid": "fff2", "text": "on"},
    )
    air.until(2000)
    assert [news for _, news in air.heard if isinstance(news, Came)] == [Came("fff2", b"on")]


def test_one_leaves_in_the_middle_by_bytes_and_by_time() -> None:
    write = {"do": "write", "uuid": "fff2", "drawn_bytes": 400, "window": 1}
    air = phone(write, leaves_after_bytes=50)
    air.until(2000)
    assert [type(news) for _, news in air.heard] == [Joined, Came, Came, Came, Left]
    air = phone(write, leaves_ms=35)
    air.until(2000)
    assert air.heard[-1] == (LATE_NS + 35 * MS, Left(BleWhy.PEER))
    assert len(air.heard) == 6


def test_it_comes_when_the_device_has_advertised_for_a_while_as_often_as_it_should() -> None:
    air = phone({"do": "leave"}, times=2, after_ms=300, from_ms=1000)
    assert air.until(999) == []
    air.until(1100)
    assert [type(news) for _, news in air.heard] == [Joined, Left]
    assert air.until(5000) == []  # it does not advertise any more
    air.wish(ADVERTISES)
    air.until(9000)
    assert air.heard[2][0] == 5300 * MS
    air.wish(ADVERTISES)
    assert air.until(20_000) == []
