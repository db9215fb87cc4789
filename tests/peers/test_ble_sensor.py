"""A sensor: its values, what it notifies of, and when it leaves."""

from typing import Any

from quecsim.border.ble import (
    AskMtu,
    BleWhy,
    Came,
    Discover,
    Discovered,
    Join,
    Left,
    MtuIs,
    Parameters,
    ParametersAre,
    Read,
    Refused,
    Subscribe,
    Value,
    Write,
    Written,
)
from quecsim.units import MS
from tests.peers.air import LATE_NS, Air

VALUES = [
    {"uuid": "2A6E", "properties": ["read", "notify"], "text": "21.5", "every_ms": 100},
    {"uuid": "2a00", "properties": ["read", "write"], "hex": "0102"},
    {"uuid": "2a01", "properties": ["write_command"]},
]


def joined(**more: Any) -> Air:
    services = [{"uuid": "181A", "characteristics": VALUES}]
    air = Air({"kind": "sensor", "name": "tag", "services": services} | more)
    air.wish(Join("c0ffee000001", is_random=True))
    air.until(300)
    air.heard.clear()
    return air


def test_its_services_are_found_and_its_mtu_counts() -> None:
    air = joined(mtu=50)
    (found,) = air.wish(Discover())
    assert isinstance(found, Discovered)
    assert [service.uuid for service in found.services] == ["1800", "181a"]
    own = found.services[1].characteristics
    assert [(one.uuid, one.read, one.notify) for one in own] == [
        ("2a6e", True, True),
        ("2a00", True, False),
        ("2a01", False, False),
    ]
    assert air.wish(AskMtu(512)) == [MtuIs(50)]


def test_values_are_read_and_written_and_what_is_not_allowed_is_refused() -> None:
    air = joined()
    assert air.wish(Read("2a6e")) == [Value("2a6e", b"21.5")]
    assert air.wish(Write("2a6e", b"1", is_request=True)) == [Refused("2a6e", 3)]
    assert air.wish(Write("2a01", b"go")) == []
    assert air.wish(Read("2a01")) == [Refused("2a01", 2)]
    assert air.wish(Subscribe("2a01", True)) == [Refused("2a01", 10)]
    assert [data for _, _, data in air.crowd.states()[0].received] == [b"go"]


def test_it_notifies_every_so_often_while_that_is_on() -> None:
    air = joined()
    assert air.wish(Subscribe("2a6e", True)) == [Written("2a6e")]
    air.heard.clear()
    air.until(650)
    assert air.heard == [
        (at_ms * MS, Came("2a6e", b"21.5", is_notification=True)) for at_ms in (400, 500, 600)
    ]
    air.wish(Subscribe("2a6e", False))
    assert air.until(1000) == []


def test_it_does_not_heap_up_what_a_device_does_not_take() -> None:
    air = joined()
    air.wish(Subscribe("2a6e", True))
    count = 0
    for at_ms in range(400, 9000, 100):  # nobody takes it
        count += len(air.crowd.take_news(at_ms * MS))
    assert count == 16


def test_it_asks_for_parameters_and_leaves() -> None:
    air = Air({"kind": "sensor", "name": "tag", "asks": {"interval": 80}, "leaves_ms": 1000})
    air.wish(Join("c0ffee000001", is_random=True))
    air.until(3000)
    (at_ns, _), asked, left = air.heard
    assert asked == (at_ns + LATE_NS, ParametersAre(Parameters(80, 0, 500)))
    assert left == (at_ns + LATE_NS + 1000 * MS, Left(BleWhy.PEER))


def test_it_leaves_when_it_was_written_enough() -> None:
    air = joined(leaves_after_bytes=10)
    air.wish(Write("2a01", bytes(6)))
    assert air.until(400) == []
    assert air.wish(Write("2a01", bytes(4))) == [Left(BleWhy.PEER)]
