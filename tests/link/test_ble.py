"""The radio of Bluetooth LE: what its events carry, and what gets lost with a connection."""

import pytest

from quecsim.border.ble import (
    Advertise,
    BleWhy,
    Came,
    Joined,
    Leave,
    Left,
    MtuIs,
    Notify,
    Parameters,
    StopAdvertising,
    Vanish,
)
from quecsim.link.ble import BleModel
from quecsim.link.ble_pace import ATT_BYTES, BlePace
from quecsim.units import MS, S


def joined(pace: BlePace, parameters: Parameters) -> tuple[BleModel, int]:
    """A radio whose device is the peripheral of a connection, and when that began."""
    model = BleModel(pace, seed=1)
    model.ask(0, Advertise("x", "0" * 12, 100 * MS), 0)
    assert model.take(model.next_ns() or 0)[0]
    assert model.hear(5 * MS, Joined("1" * 12, parameters=parameters), 0)
    at_ns = model.next_ns()
    assert at_ns is not None
    assert model.take(at_ns)[1]
    return model, at_ns


@pytest.mark.parametrize("interval", [6, 7, 20, 400])
@pytest.mark.parametrize("mtu", [23, 247, 512])
@pytest.mark.parametrize("packets", [1, 4])
def test_throughput_is_what_interval_packets_and_mtu_allow(
    interval: int, mtu: int, packets: int
) -> None:
    pace, parameters = BlePace(packets_per_event=packets), Parameters(interval=interval)
    model, began_ns = joined(pace, parameters)
    each, count = mtu - ATT_BYTES, 800
    for index in range(count):
        model.ask(began_ns, Notify("fff2", bytes(each)), index * each)
    last_ns = began_ns
    while (at_ns := model.next_ns()) is not None:
        model.take(at_ns)
        last_ns = at_ns
    rate = count * each * S // (last_ns - began_ns)
    assert rate == pytest.approx(pace.bytes_per_s(parameters, mtu), rel=0.01)


def test_what_was_not_through_is_lost_when_nothing_is_heard_for_too_long() -> None:
    model, began_ns = joined(BlePace(), Parameters(interval=20, timeout=100))
    model.go_out_of_range(began_ns + 30 * MS, began_ns + 10 * S)
    model.ask(began_ns + 40 * MS, Notify("fff2", b"1234"), 0)
    model.hear(began_ns + 40 * MS, Came("fff2", b"12"), 0)
    at_ns = model.next_ns()
    assert at_ns == began_ns + 25 * MS + S  # behind the last event
    _, down = model.take(at_ns)
    assert isinstance(down[0].what, Left)
    assert model.up.lost == {"link": 4}
    assert model.down.lost == {"link": 2}
    assert [(way, item.count) for way, item in model.take_lost()] == [("up", 4), ("down", 2)]
    model.up.check()


def test_back_in_range_everything_gets_through() -> None:
    model, began_ns = joined(BlePace(), Parameters(interval=20, timeout=100))
    model.go_out_of_range(began_ns + 30 * MS, began_ns + 500 * MS)
    model.ask(began_ns + 40 * MS, Notify("fff2", b"1234"), 0)
    assert model.next_ns() == began_ns + 500 * MS + model.pace.pair_ns


def half_joined() -> BleModel:
    """Somebody connects, and has said more, before the device has heard of the connection."""
    model = BleModel(BlePace(), seed=1)
    model.ask(0, Advertise("x", "0" * 12, 100 * MS), 0)
    model.take(model.next_ns() or 0)
    for news in (Joined("1" * 12), MtuIs(247), Came("fff2", b"1234")):
        assert model.hear(5 * MS, news, 0)
    assert not model.hear(6 * MS, Joined("2" * 12), 0)
    return model


def taken(model: BleModel) -> list[object]:
    """All that arrives, at either end."""
    found: list[object] = []
    while (at_ns := model.next_ns()) is not None:
        found += (item.what for way in model.take(at_ns) for item in way)
    return found


def test_what_is_said_behind_a_connection_waits_for_it() -> None:
    assert taken(half_joined()) == [Joined("1" * 12), MtuIs(247), Came("fff2", b"1234")]


@pytest.mark.parametrize("wish", [StopAdvertising(), Vanish()])
def test_what_is_said_behind_a_connection_that_does_not_come_is_lost(
    wish: StopAdvertising | Vanish,
) -> None:
    model = half_joined()
    model.ask(7 * MS, wish, 0)
    assert Leave(BleWhy.REFUSED) in taken(model)
    assert (model.down.lost, model.down.on_way) == ({"link": 4}, 0)
    assert [item.count for _, item in model.take_lost()] == [4]
    assert not model.hear(S, Came("fff2", b"1"), 0)
