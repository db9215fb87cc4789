"""The radio of Bluetooth LE: what its events carry, and what gets lost with a connection."""

import pytest

from quecsim.border.ble import (
    Advertise,
    BleWhy,
    Came,
    GiveUp,
    Heard,
    Hold,
    Join,
    Joined,
    Leave,
    Left,
    MtuIs,
    Notify,
    NotJoined,
    Parameters,
    ParametersAre,
    Scan,
    StopAdvertising,
    StopScan,
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


def arrivals(model: BleModel) -> list[tuple[int, object]]:
    """All that arrives, at either end, with its time."""
    found: list[tuple[int, object]] = []
    while (at_ns := model.next_ns()) is not None:
        assert not found or at_ns >= found[-1][0], "time goes back"
        found += ((at_ns, item.what) for way in model.take(at_ns) for item in way)
    return found


def joining() -> BleModel:
    """A radio whose device wants to connect to 1, and has been answered."""
    model = BleModel(BlePace(), seed=1)
    model.ask(0, Join("1" * 12), 0)
    assert model.take(model.next_ns() or 0)[0]
    assert model.hear(5 * MS, Joined("1" * 12, is_central=True), 0)
    assert model.hear(5 * MS, Came("fff2", b"12"), 0)
    return model


def test_a_device_that_has_given_up_hears_of_no_connection() -> None:
    model = joining()
    model.ask(6 * MS, GiveUp(), 0)
    assert taken(model) == [Leave(BleWhy.REFUSED), GiveUp()]
    assert (model.down.lost, model.down.on_way) == ({"link": 2}, 0)


def test_nor_does_one_that_wants_another_by_then() -> None:
    model = joining()
    model.ask(6 * MS, GiveUp(), 0)
    model.ask(6 * MS, Join("2" * 12), 0)
    taken(model)
    assert not model.hear(S, Joined("1" * 12, is_central=True), 0)
    assert model.hear(S, Joined("2" * 12, is_central=True), 0)


def test_who_wants_no_connection_does_not_hear_that_there_will_be_none() -> None:
    model = BleModel(BlePace(), seed=1)
    assert not model.hear(0, NotJoined(BleWhy.REFUSED), 0)
    model.ask(0, Scan(100 * MS, 100 * MS), 0)
    taken(model)
    assert model.hear(S, Heard("1" * 12), 0)
    model.ask(S, StopScan(), 0)
    assert taken(model) == [StopScan()]


def test_what_was_away_before_is_not_forgotten_when_it_is_away_again() -> None:
    """A piece of many packets that waits behind one outage, when the next begins."""
    model, began_ns = joined(BlePace(packets_per_event=1), Parameters(interval=80, timeout=600))
    model.go_out_of_range(began_ns + 50 * MS, began_ns + 450 * MS)
    model.ask(began_ns + 60 * MS, Notify("fff2", bytes(600)), 0)
    model.go_out_of_range(began_ns + 550 * MS, began_ns + 750 * MS)
    assert model.next_ns() == began_ns + 900 * MS + model.pace.pair_ns  # 500, 800, 900
    model.go_out_of_range(began_ns + 760 * MS, began_ns + 800 * MS)
    assert model.next_ns() == began_ns + 900 * MS + model.pace.pair_ns


def test_a_time_out_that_is_shorter_than_the_interval_ends_no_earlier_than_now() -> None:
    model, began_ns = joined(BlePace(), Parameters(interval=3200, timeout=10))
    model.go_out_of_range(began_ns + 3 * S, began_ns + 30 * S)
    assert model.next_ns() == began_ns + 3 * S


def test_other_parameters_hold_no_data_back() -> None:
    model, began_ns = joined(BlePace(), Parameters(interval=80))
    model.hear(began_ns, ParametersAre(Parameters(interval=800)), 0)
    model.hear(began_ns, Came("fff2", b"1"), 0)
    (first_ns, first), (second_ns, second) = arrivals(model)
    assert (first_ns, first) == (began_ns + model.pace.pair_ns, Came("fff2", b"1"))
    assert second == ParametersAre(Parameters(interval=800))
    model.ask(second_ns + 1, Notify("fff2", b"1"), 0)
    assert model.next_ns() == second_ns + S + model.pace.pair_ns


def test_a_device_that_takes_no_data_hears_of_the_end() -> None:
    model, began_ns = joined(BlePace(), Parameters(interval=80))
    model.hear(began_ns, Came("fff2", b"1"), 0)
    model.ask(began_ns, Hold(is_on=True), 0)
    assert model.next_ns() is None
    assert model.hear(began_ns + S, Left(BleWhy.PEER), 0)
    assert not model.hear(began_ns + S, Came("fff2", b"2"), 0), "he is gone"
    assert arrivals(model) == [(began_ns + S + model.pace.pair_ns, Left(BleWhy.PEER))]
    assert model.down.lost == {"nobody": 1, "link": 1}
    model.down.check()


def test_a_device_that_takes_no_data_has_a_bound_and_still_hears_of_the_end() -> None:
    model, began_ns = joined(BlePace(), Parameters())
    model.ask(began_ns, Hold(is_on=True), 0)
    heard = [model.hear(began_ns, Came("fff2", b"1"), 0) for _ in range(2000)]
    assert 0 < sum(heard) < 2000
    assert model.down.lost == {"credit": heard.count(False)}
    assert model.hear(began_ns, Left(BleWhy.PEER), 0)
    assert [what for _, what in arrivals(model)] == [Left(BleWhy.PEER)]


def test_the_other_side_sees_the_end_though_the_device_vanishes_again() -> None:
    model, began_ns = joined(BlePace(), Parameters(timeout=500))
    model.ask(began_ns + S, Vanish(), 0)
    model.ask(began_ns + 2 * S, Vanish(), 0)
    assert arrivals(model)[-1] == (began_ns + 6 * S, Leave(BleWhy.TIMEOUT))


def test_who_connects_anew_is_not_cut_off_by_the_end_of_the_connection_before() -> None:
    model, began_ns = joined(BlePace(), Parameters(timeout=500))
    model.ask(began_ns + S, Vanish(), 0)
    model.ask(began_ns + 2 * S, Advertise("x", "0" * 12, 100 * MS), 0)
    while (at_ns := model.next_ns()) is not None and at_ns < began_ns + 3 * S:
        model.take(at_ns)
    assert model.hear(began_ns + 3 * S, Joined("1" * 12), 0)
    assert [what for _, what in arrivals(model)] == [Joined("1" * 12)]
