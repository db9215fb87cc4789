"""Two devices of two simulators: what one does, the other hears of."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from quecsim.border import ble
from quecsim.border.ble import BleNews, BleWhy, BleWish
from quecsim.peers import ble_talk as talk
from quecsim.peers.ble_far import FarDevice
from quecsim.units import MS, S

LIGHT, METER = "c0ffee000001", "c0ffee000002"
WRITABLE = ble.Characteristic("fff2", write_command=True, notify=True)
ASKED = ble.Characteristic("fff3", write=True)
SERVICES = (ble.GattService("fff1", (WRITABLE, ASKED)),)
ADVERTISE = ble.Advertise("light", LIGHT, 100 * MS, services=SERVICES)
PARAMETERS = ble.Parameters(12, 0, 300)
JOIN = ble.Join(LIGHT, parameters=PARAMETERS)


class Pair:
    """`light` is how the central has the peripheral on its air; `meter` the other way round."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.light, self.meter = FarDevice(1, address=METER), FarDevice(2, address=LIGHT)

    def central(self, *wishes: BleWish) -> None:
        """The central does something."""
        self._do(self.light, wishes)

    def peripheral(self, *wishes: BleWish) -> None:
        """The peripheral does."""
        self._do(self.meter, wishes)

    def _do(self, far: FarDevice, wishes: tuple[BleWish, ...]) -> None:
        for wish in wishes:
            far.handle_wish(self.now_ns, wish)
        self.carry()

    def carry(self) -> None:
        """All lines get to the other side, until there are none."""
        sides = ((self.light, self.meter), (self.meter, self.light))
        while True:
            lines = [(to, talk.line_of(said)) for one, to in sides for said in one.take_said()]
            if not lines:
                return
            for to, line in lines:
                to.hear(self.now_ns, talk.read_said(line))

    def heard(self) -> tuple[list[BleNews], list[BleNews]]:
        """What the central, and the peripheral, have heard since the last call."""
        return self.light.take_news(self.now_ns), self.meter.take_news(self.now_ns)


@pytest.fixture
def pair() -> Pair:
    made = Pair()
    made.peripheral(ADVERTISE)
    return made


@pytest.fixture
def joined(pair: Pair) -> Pair:
    pair.central(JOIN)
    assert pair.heard() == (
        [ble.Joined(LIGHT, is_central=True, parameters=PARAMETERS)],
        [ble.Joined(METER, parameters=PARAMETERS)],
    )
    return pair


def advertisements(pair: Pair, until_ns: int) -> Iterator[int]:
    while (at_ns := pair.light.deadline_ns()) is not None and at_ns <= until_ns:
        pair.now_ns = at_ns
        yield from (at_ns for news in pair.light.take_news(at_ns) if isinstance(news, ble.Heard))


def test_who_scans_hears_it_again_and_again(pair: Pair) -> None:
    assert pair.light.deadline_ns() is None
    pair.central(ble.Scan(100 * MS, 50 * MS))
    times = list(advertisements(pair, S))
    assert 8 <= len(times) <= 10
    gaps = {later - one for one, later in pairwise(times)}
    assert all(100 * MS <= gap < 110 * MS for gap in gaps)
    assert len(gaps) > 1
    pair.peripheral(ble.StopAdvertising())
    assert pair.light.deadline_ns() is None
    pair.peripheral(ADVERTISE)
    pair.central(ble.StopScan())
    assert pair.light.deadline_ns() is None


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("light", b"", bytes.fromhex("020106 0609") + b"light"),
        ("", b"", bytes.fromhex("020106")),
        ("x" * 30, b"", bytes.fromhex("020106 1b08") + b"x" * 26),
        ("light", b"\x02\x0a\x00", b"\x02\x0a\x00"),
    ],
)
def test_what_an_advertisement_says(name: str, data: bytes, shown: bytes) -> None:
    pair = Pair()
    pair.peripheral(ble.Advertise(name, LIGHT.upper(), 100 * MS, data))
    pair.central(ble.Scan(100 * MS, 100 * MS))
    pair.now_ns = S
    (heard,), _ = pair.heard()
    assert heard == ble.Heard(LIGHT, name=name, rssi_dbm=-50, data=shown)


def test_data_goes_both_ways(joined: Pair) -> None:
    joined.central(
        ble.AskMtu(100),
        ble.AskParameters(ble.Parameters(6, 0, 100)),
        ble.Discover(),
        ble.Subscribe("fff2", is_on=True),
        ble.Write("fff2", b"on"),
        ble.Write("fff3", b"off", is_request=True),
    )
    joined.peripheral(ble.Notify("fff2", b"is on"))
    central, peripheral = joined.heard()
    assert central == [
        ble.MtuIs(100),
        ble.ParametersAre(ble.Parameters(6, 0, 100)),
        ble.Discovered(SERVICES, 4),
        ble.Written("fff2"),
        ble.Written("fff3"),
        ble.Came("fff2", b"is on", is_notification=True),
    ]
    assert peripheral == [
        ble.MtuIs(100),
        ble.ParametersAre(ble.Parameters(6, 0, 100)),
        ble.Subscribed("fff2", is_on=True),
        ble.Came("fff2", b"on"),
        ble.Came("fff3", b"off"),
    ]
    assert joined.light.mtu == joined.meter.mtu == 100


def test_what_is_not_wanted_is_not_heard(joined: Pair) -> None:
    joined.peripheral(ble.Notify("fff2", b"1"))
    joined.central(ble.Subscribe("fff2", is_on=True), ble.Subscribe("fff2", is_on=False))
    joined.peripheral(ble.Notify("fff2", b"2"))
    assert not any(isinstance(news, ble.Came) for news in joined.heard()[0])


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (ble.Read("fff2"), 0x02),
        (ble.Read("aaaa"), 0x0A),
        (ble.Write("fff2", b"1", is_request=True), 0x03),
        (ble.Write("aaaa", b"1", is_request=True), 0x0A),
        (ble.Subscribe("fff3", is_on=True), 0x06),
        (ble.Subscribe("aaaa", is_on=True), 0x0A),
    ],
)
def test_what_the_other_side_refuses(joined: Pair, wish: BleWish, error: int) -> None:
    joined.central(wish)
    uuid = getattr(wish, "uuid", "")
    assert joined.heard() == ([ble.Refused(uuid, error)], [])


@pytest.mark.parametrize("uuid", ["fff3", "aaaa"])
def test_a_write_without_answer_that_cannot_be_is_not_heard(joined: Pair, uuid: str) -> None:
    joined.central(ble.Write(uuid, b"1"))
    assert joined.heard() == ([], [])


def test_one_piece_has_room_for_what_the_mtu_allows(joined: Pair) -> None:
    joined.central(ble.Subscribe("fff2", is_on=True))
    joined.heard()
    for wish in (
        ble.Write("fff2", bytes(20)),
        ble.Write("fff2", bytes(21)),
        ble.Write("fff3", bytes(21), is_request=True),
    ):
        joined.central(wish)
    joined.peripheral(ble.Notify("fff2", bytes(20)), ble.Notify("fff2", bytes(21)))
    assert joined.heard() == (
        [ble.Refused("fff3", 0x0D), ble.Came("fff2", bytes(20), is_notification=True)],
        [ble.Came("fff2", bytes(20))],
    )


@pytest.mark.parametrize("side", ["central", "peripheral"])
@pytest.mark.parametrize(
    ("why", "heard"),
    [(BleWhy.LOCAL, BleWhy.PEER), (BleWhy.TIMEOUT, BleWhy.TIMEOUT), (BleWhy.REFUSED, BleWhy.PEER)],
)
def test_one_of_them_leaves(joined: Pair, side: str, why: BleWhy, heard: BleWhy) -> None:
    getattr(joined, side)(ble.Leave(why))
    central, peripheral = joined.heard()
    assert (peripheral, central) == (
        ([ble.Left(heard)], []) if side == "central" else ([], [ble.Left(heard)])
    )
    joined.central(ble.Write("fff2", b"1"))
    joined.peripheral(ble.Notify("fff2", b"1"), ADVERTISE)
    assert joined.heard() == ([], [])
    joined.central(JOIN)
    assert joined.heard()[1] == [ble.Joined(METER, parameters=PARAMETERS)]


def test_who_looks_for_another_waits() -> None:
    pair = Pair()
    pair.central(JOIN)
    pair.peripheral(ble.Advertise("other", "c0ffee000003", 100 * MS))
    assert pair.heard() == ([], [])
    pair.peripheral(ADVERTISE)
    assert [type(news) for side in pair.heard() for news in side] == [ble.Joined, ble.Joined]


def test_who_gives_up_is_not_connected(pair: Pair) -> None:
    pair.light.handle_wish(0, JOIN)
    pair.light.handle_wish(0, ble.GiveUp())
    pair.carry()
    assert pair.heard() == (
        [],
        [ble.Joined(METER, parameters=PARAMETERS), ble.Left(BleWhy.PEER)],
    )
    pair.peripheral(ADVERTISE)
    assert pair.heard() == ([], [])


def test_who_has_stopped_meanwhile_is_looked_for_again(pair: Pair) -> None:
    pair.light.handle_wish(0, JOIN)
    pair.meter.handle_wish(0, ble.StopAdvertising())
    pair.carry()
    assert pair.heard() == ([], [])
    pair.peripheral(ADVERTISE)
    assert pair.heard()[1] == [ble.Joined(METER, parameters=PARAMETERS)]


def test_a_device_that_loses_its_power_is_gone(joined: Pair) -> None:
    joined.peripheral(ble.Vanish())
    assert joined.heard() == ([], [])
    joined.peripheral(ble.Leave(BleWhy.TIMEOUT))
    assert joined.heard() == ([ble.Left(BleWhy.TIMEOUT)], [])


def test_the_other_simulator_ends(joined: Pair) -> None:
    joined.meter.lost()
    joined.meter.lost()
    assert joined.heard() == ([], [ble.Left(BleWhy.TIMEOUT)])
    assert joined.meter.take_said() == []


def test_who_comes_later_is_told_who_advertises() -> None:
    pair = Pair()
    pair.meter.handle_wish(0, ADVERTISE)
    pair.meter.lost()
    pair.meter.greet()
    pair.carry()
    pair.central(JOIN)
    assert pair.heard()[1]
    pair.meter.greet()  # it does not advertise while it is connected
    assert pair.meter.take_said() == []


def test_a_device_that_is_behind_gets_so_much_at_a_time(joined: Pair) -> None:
    joined.meter.handle_taken(0)  # the connection
    for number in range(1100):
        joined.central(ble.Write("fff2", b"%d" % number))
    assert joined.meter.is_full
    first = joined.heard()[1]
    assert len(first) == 16
    assert joined.meter.deadline_ns() is None
    joined.meter.handle_taken(0)
    assert joined.meter.deadline_ns() == 0
    assert joined.heard()[1] == [ble.Came("fff2", b"16")]
    assert joined.meter.is_full
    for number in range(17, 80):
        joined.meter.handle_taken(0)
        assert joined.heard()[1] == [ble.Came("fff2", b"%d" % number)]
    assert not joined.meter.is_full


@pytest.mark.parametrize(
    "said",
    [
        talk.Connected(),
        talk.Busy(),
        talk.Left(),
        talk.Mtu(mtu=100),
        talk.Paced(interval=6, latency=0, timeout=100),
        talk.Write(uuid="fff2", data=b"1", is_request=True),
        talk.Written(uuid="fff2"),
        talk.Error(uuid="fff2", error=1),
        talk.Subscribe(uuid="fff2"),
        talk.Notify(uuid="fff2", data=b"1"),
        talk.Hello(v=1),
    ],
)
def test_what_makes_no_sense_now_is_not_heard(pair: Pair, said: talk.Said) -> None:
    pair.meter.hear(0, said)
    assert (pair.meter.take_said(), pair.heard()) == ([], ([], []))


def test_a_device_has_one_connection(joined: Pair) -> None:
    joined.meter.hear(0, talk.Connect(address=METER))
    assert (joined.meter.take_said(), joined.heard()) == ([talk.Busy()], ([], []))
