"""A central, without an air: what it wants, and what its host hears."""

import pytest

from quecsim.border.ble import (
    AskMtu,
    BleWhy,
    Characteristic,
    Discover,
    Discovered,
    GattService,
    GiveUp,
    Heard,
    Join,
    Joined,
    Leave,
    Left,
    NotJoined,
    Parameters,
    Read,
    Refused,
    Scan,
    StopScan,
    Value,
)
from quecsim.clients.ble_central import ScanMode
from quecsim.clients.ble_state import Role, State
from quecsim.units import MS, S
from tests.clients.ble_stage import BleStage

ADDRESS = "58d391010203"
FFF2 = Characteristic("fff2", read=True, write_command=True, notify=True)
FOUND = Discovered((GattService("fff1", (FFF2, Characteristic("fff3", write=True))),), 5)
CONNECTED, DISCONNECTED = '+QBLESTAT: "CONNECTED"', '+QBLESTAT: "DISCONNECTED"'


@pytest.fixture
def stage() -> BleStage:
    return BleStage(Role.CENTRAL)


def scan(stage: BleStage, mode: ScanMode, duration_ns: int | None = None) -> None:
    stage.ble.central.scan(mode, 60 * MS, 20 * MS, duration_ns)


# scanning


def test_a_scan_ends_by_itself_and_says_nothing(stage: BleStage) -> None:
    scan(stage, ScanMode.NAMES, S)
    stage.pass_time(S - 1)
    assert stage.ble.central.is_scanning
    stage.pass_time(S)
    assert not stage.ble.central.is_scanning
    assert stage.take() == ([Scan(60 * MS, 20 * MS), StopScan()], [])
    stage.tell(Heard(ADDRESS))
    stage.ble.central.stop_scan()
    assert stage.take() == ([], []), "it is over"


def test_a_second_scan_takes_the_place_of_the_first(stage: BleStage) -> None:
    scan(stage, ScanMode.NAMES, S)
    scan(stage, ScanMode.DATA)
    stage.pass_time(10 * S)
    stage.tell(Heard(ADDRESS))
    assert stage.said == [f'+QBLESCAN: "",0,"{ADDRESS}",-60,""']


@pytest.mark.parametrize(
    ("mode", "lines"),
    [
        (ScanMode.NAMES, ['"a b",1,"58d391010203"', '"",0,"58d391010203"']),
        (
            ScanMode.DATA,
            ['"a b",1,"58d391010203",-71,"0201"', '"",0,"58d391010203",-60,""'],
        ),
        (ScanMode.CONNECTABLE, ['"",0,"58d391010203",-60,""']),
    ],
)
def test_what_each_mode_shows(stage: BleStage, mode: ScanMode, lines: list[str]) -> None:
    scan(stage, mode)
    stage.tell(Heard(ADDRESS.upper(), True, "a b", -71, b"\x02\x01", False), Heard(ADDRESS))
    assert stage.said == [f"+QBLESCAN: {line}" for line in lines]


@pytest.mark.parametrize("repeats", [True, False])
def test_an_advertisement_is_shown_each_time_or_each_address_once(*, repeats: bool) -> None:
    stage = BleStage(Role.CENTRAL, scan_repeats=repeats, scan_quotes=False)
    for _ in range(2):
        scan(stage, ScanMode.NAMES)
        stage.tell(Heard(ADDRESS), Heard(ADDRESS, name="new"))
    first, second = f"+QBLESCAN: ,0,{ADDRESS}", f"+QBLESCAN: new,0,{ADDRESS}"
    assert stage.said == [first, second] * 2 if repeats else [first] * 2


# connecting


def join(stage: BleStage) -> None:
    stage.ble.central.join(ADDRESS, Parameters(), 15 * S, 247, is_random=True)


def test_what_follows_a_connection_in_order(stage: BleStage) -> None:
    join(stage)
    assert stage.take() == ([Join(ADDRESS, True)], [])
    stage.tell(Joined(ADDRESS, is_central=True))
    assert stage.take() == ([AskMtu(247), Discover()], [CONNECTED])
    assert stage.ble.deadline_ns() is None
    assert stage.ble.central.find("fff2") is None
    stage.tell(FOUND)
    stage.speak()
    assert stage.said == [f'+QBLEINFO: "{each}"' for each in ("fff2", "fff3", "DOWN")]
    assert stage.ble.central.find("fff2") == FFF2
    assert stage.ble.central.find("fff4") is None


def test_it_may_leave_the_mtu_to_its_host() -> None:
    stage = BleStage(Role.CENTRAL, asks_mtu=False)
    stage.connect()
    assert stage.wanted[1:] == [Discover()]


def test_nothing_is_ready_until_the_host_can_read_down(stage: BleStage) -> None:
    stage.connect()
    stage.tell(FOUND)
    assert stage.said[-1] == '+QBLEINFO: "fff2"', "one by one"
    assert not stage.ble.central.is_ready
    stage.tell(Left(BleWhy.PEER))
    stage.speak()
    assert stage.said[-1] == DISCONNECTED, "the others are forgotten"
    assert not stage.ble.central.is_ready


def test_switched_off_it_says_no_more_of_what_it_found(stage: BleStage) -> None:
    stage.connect()
    stage.tell(FOUND)
    stage.ble.end()
    stage.ble.begin(Role.CENTRAL, readvertises=True)
    stage.take()
    stage.speak()
    assert stage.said == []


def test_a_device_without_services_is_found_soon(stage: BleStage) -> None:
    stage.connect()
    stage.tell(Discovered())
    assert stage.said[-1] == '+QBLEINFO: "DOWN"'
    assert stage.ble.central.is_ready


def test_it_gives_up_when_nobody_answers(stage: BleStage) -> None:
    join(stage)
    stage.pass_time(15 * S - 1)
    assert stage.ble.central.is_joining
    stage.pass_time(15 * S)
    assert stage.take() == ([Join(ADDRESS, True), GiveUp()], [DISCONNECTED])
    assert stage.ble.state is State.DISCONNECTED
    stage.tell(NotJoined(BleWhy.REFUSED))
    assert stage.take() == ([], []), "it has heard that already"


def test_who_refuses_ends_it_at_once(stage: BleStage) -> None:
    join(stage)
    stage.tell(NotJoined(BleWhy.REFUSED))
    assert stage.said == [DISCONNECTED]
    assert stage.ble.deadline_ns() is None
    join(stage)
    stage.tell(Joined(ADDRESS, is_central=True))
    assert stage.said[-1] == CONNECTED


def test_a_connection_that_comes_too_late_is_left_again(stage: BleStage) -> None:
    join(stage)
    stage.pass_time(15 * S)
    stage.take()
    stage.tell(Joined(ADDRESS, is_central=True))
    assert stage.take() == ([Leave()], [CONNECTED])
    stage.tell(Left(BleWhy.LOCAL))
    assert stage.said == [DISCONNECTED]


# in a connection


def test_the_mtu_is_set_once_in_each_connection(stage: BleStage) -> None:
    for _ in range(2):
        stage.connect()
        assert stage.ble.central.set_mtu(100)
        assert not stage.ble.central.set_mtu(101)
        assert stage.wanted[-1] == AskMtu(100)
        stage.tell(Left(BleWhy.PEER))


def test_what_was_read_is_a_line_and_a_refusal_is_none(stage: BleStage) -> None:
    stage.connect()
    stage.take()
    assert stage.ble.central.read("fff2")
    stage.tell(Value("fff2", b"a\r\xff"))
    assert stage.take() == ([Read("fff2")], ["a\r\xff"])
    for _ in range(stage.ble.profile.queue_pieces):
        assert stage.ble.central.read("fff2")
    assert not stage.ble.central.read("fff2"), "too many wait"
    stage.take()
    stage.tell(Refused("fff2", 2))
    assert stage.take() == ([], [])
    assert stage.ble.central.read("fff2")
