"""The station as a table, and what it waits for: no time, no device."""

from collections.abc import Sequence

import pytest

from quecsim.at.access_point import THE_USUAL, AccessPoint
from quecsim.at.station import (
    NO_ADDRESSES,
    TRANSITIONS,
    Addresses,
    Aim,
    Change,
    Gone,
    Outlet,
    Standing,
    Station,
)
from quecsim.profiles.schema import Wifi
from quecsim.units import ms
from tests.device.wifi import profile

OPEN = AccessPoint(ssid="open")
USUAL = Aim(THE_USUAL.ssid, THE_USUAL.key)
ITS_ADDRESSES = Addresses("192.168.1.100", "255.255.255.0", "192.168.1.1", "192.168.1.1")
FIXED = Addresses("10.0.0.7", "255.0.0.0", "10.0.0.1", "10.0.0.2")


class Bench:
    """A station among `points`; what it has said and lost since the last look."""

    def __init__(self, *points: AccessPoint, saved: Aim | None = None, **wifi: object) -> None:
        made = profile(wifi=wifi).wifi
        assert made is not None
        self.wifi: Wifi = made
        self.points = list(points)
        self.said: list[str] = []
        self.lost: list[Gone] = []
        self.dns: list[Sequence[str]] = []
        self.due_ns: int | None = None
        outlet = Outlet(self.wake, self.said.append, self.lost.append, self.dns.append)
        self.station = Station(self.wifi, self.find, outlet, saved)

    def find(self, ssid: str) -> list[AccessPoint]:
        return [point for point in self.points if point.ssid == ssid]

    def wake(self, delay_ns: int | None) -> None:
        self.due_ns = delay_ns

    def fire(self) -> int:
        """The timer's time has come; returns how long that was in ms."""
        assert self.due_ns is not None
        delay_ns, self.due_ns = self.due_ns, None
        self.station.on_timer()
        return delay_ns // ms(1)

    def told(self) -> list[str]:
        told, self.said[:] = list(self.said), []
        return told

    def joined(self) -> "Bench":
        self.station.join(USUAL, saves=False)
        while self.due_ns is not None:
            self.fire()
        assert self.told() == ["WLAN_CONNECTED", "GOT_IP"]
        return self


def test_joined_and_given_an_address() -> None:
    bench = Bench(THE_USUAL)
    bench.station.join(USUAL, saves=False)
    assert bench.station.standing is Standing.JOINING
    assert bench.fire() + bench.fire() == bench.wifi.join_ms
    assert bench.told() == ["WLAN_CONNECTED"]
    assert bench.station.addresses == NO_ADDRESSES
    assert bench.fire() == bench.wifi.dhcp_ms
    assert bench.told() == ["GOT_IP"]
    assert (bench.station.addresses, bench.dns) == (ITS_ADDRESSES, [THE_USUAL.dns])
    assert bench.due_ns is None
    assert bench.station.saved is None


def test_an_access_point_that_is_not_there_is_looked_for_again() -> None:
    bench = Bench(OPEN)
    bench.station.join(USUAL, saves=True)
    for _ in range(3):
        assert bench.fire() == bench.wifi.scan_ms
        assert bench.told() == ["SCAN_NO_AP"]
        assert bench.fire() == bench.wifi.retry_ms
        assert bench.told() == []
    bench.points.append(THE_USUAL)
    bench.fire()
    bench.fire()
    assert bench.told() == ["WLAN_CONNECTED"]
    assert bench.station.saved == USUAL


@pytest.mark.parametrize(
    "aim", [Aim("testssid", "wrong-key"), Aim("testssid"), Aim("open", "12345678")]
)
@pytest.mark.parametrize("event", ["WLAN_DISCONNECTED", ""])
def test_another_key_does_not_let_it_in(aim: Aim, event: str) -> None:
    bench = Bench(THE_USUAL, OPEN, refused_event=event)
    bench.station.join(aim, saves=True)
    for _ in range(2):
        assert bench.fire() + bench.fire() == bench.wifi.join_ms
        assert bench.told() == ([event] if event else [])
        assert bench.station.standing is Standing.JOINING
        assert bench.fire() == bench.wifi.retry_ms
    assert bench.station.saved is None


def test_one_that_goes_while_it_joins_is_not_there() -> None:
    bench = Bench(THE_USUAL)
    bench.station.join(USUAL, saves=False)
    bench.fire()
    bench.points.clear()
    bench.fire()
    assert bench.told() == ["SCAN_NO_AP"]


def test_of_two_of_one_name_it_takes_that_with_its_key() -> None:
    other = AccessPoint(ssid=THE_USUAL.ssid, key="another-key", address="10.1.1.1")
    bench = Bench(other, THE_USUAL).joined()
    assert bench.station.point == THE_USUAL


def test_saved_at_the_command_where_the_device_does_that() -> None:
    bench = Bench(save_when="command")
    bench.station.join(USUAL, saves=True)
    assert bench.station.saved == USUAL


@pytest.mark.parametrize("why", [Gone.DEAUTHENTICATED, Gone.NETWORK_LOST])
def test_what_is_lost_is_joined_again(why: Gone) -> None:
    bench = Bench(THE_USUAL).joined()
    bench.station.lose(why)
    assert (bench.told(), bench.lost) == (["WLAN_DISCONNECTED"], [why])
    assert (bench.station.standing, bench.station.point) == (Standing.JOINING, None)
    assert bench.station.addresses == NO_ADDRESSES
    bench.station.lose(why)
    assert (bench.told(), bench.lost) == ([], [why])
    assert bench.fire() + bench.fire() + bench.fire() == bench.wifi.join_ms + bench.wifi.dhcp_ms
    assert bench.told() == ["WLAN_CONNECTED", "GOT_IP"]


def test_one_that_does_not_join_again_by_itself_is_down() -> None:
    bench = Bench(THE_USUAL, reconnects=False, lost_event="WLAN DISCONNECTED").joined()
    bench.station.lose(Gone.NETWORK_LOST)
    assert (bench.told(), bench.due_ns) == (["WLAN DISCONNECTED"], None)
    assert bench.station.standing is Standing.DOWN


def test_forgotten_and_left() -> None:
    bench = Bench(THE_USUAL, forget_leaves=True, left_event="LEFT").joined()
    bench.station.forget()
    assert (bench.told(), bench.lost) == (["LEFT"], [Gone.STOPPED])


def test_name_servers_of_the_host_stay_where_the_device_keeps_them() -> None:
    assert Bench(THE_USUAL, dhcp_sets_dns=False).joined().dns == []


def test_stopped() -> None:
    bench = Bench(THE_USUAL).joined()
    for told, lost in ((["WLAN_DISCONNECTED"], [Gone.STOPPED]), ([], [Gone.STOPPED])):
        bench.station.stop()
        assert (bench.told(), bench.lost, bench.due_ns) == (told, lost, None)
        assert bench.station.standing is Standing.DOWN
    bench.station.join(USUAL, saves=False)
    bench.station.stop()
    assert (bench.told(), bench.due_ns) == ([], None), "it had not joined yet"


def test_another_access_point_in_place_of_the_present_one() -> None:
    bench = Bench(THE_USUAL, OPEN).joined()
    bench.station.join(Aim("open"), saves=False)
    assert (bench.told(), bench.lost) == (["WLAN_DISCONNECTED"], [Gone.JOINS_ANOTHER])
    while bench.due_ns is not None:
        bench.fire()
    assert bench.told() == ["WLAN_CONNECTED", "GOT_IP"]
    assert bench.station.point == OPEN


def test_nobody_answers_by_dhcp() -> None:
    bench = Bench(AccessPoint(ssid="mute", dhcp=False))
    bench.station.join(Aim("mute"), saves=False)
    bench.fire()
    bench.fire()
    assert (bench.told(), bench.due_ns) == (["WLAN_CONNECTED"], None)
    assert bench.station.standing is Standing.CONNECTED
    bench.station.set_static(FIXED)
    assert bench.told() == [], "it still waits for DHCP"
    bench.station.use_dhcp(is_on=False)
    assert (bench.told(), bench.lost) == (["GOT_IP"], [])
    assert (bench.station.addresses, bench.dns) == (FIXED, [(FIXED.dns,)])


def test_another_address_under_way() -> None:
    bench = Bench(THE_USUAL).joined()
    bench.station.use_dhcp(is_on=False)
    assert (bench.told(), bench.lost) == ([], []), "there is no other yet"
    assert bench.station.addresses == ITS_ADDRESSES
    bench.station.set_static(FIXED)
    assert (bench.told(), bench.lost) == (["GOT_IP"], [Gone.READDRESSED])
    bench.station.use_dhcp(is_on=True)
    assert (bench.told(), bench.lost) == ([], [Gone.READDRESSED] * 2)
    assert bench.station.standing is Standing.CONNECTED
    assert bench.fire() == bench.wifi.dhcp_ms
    assert (bench.told(), bench.station.addresses) == (["GOT_IP"], ITS_ADDRESSES)
    bench.station.use_dhcp(is_on=True)
    assert bench.told() == []


def test_up_for_long() -> None:
    bench = Bench(THE_USUAL, saved=USUAL)
    bench.station.be_up()
    assert (bench.station.standing, bench.station.addresses) == (Standing.GOT_IP, ITS_ADDRESSES)
    assert (bench.told(), bench.dns, bench.due_ns) == ([], [THE_USUAL.dns], None)


@pytest.mark.parametrize(
    ("points", "standing", "is_waiting"),
    [
        ([], Standing.JOINING, True),
        ([AccessPoint(ssid="testssid")], Standing.JOINING, True),
        ([AccessPoint(ssid="testssid", key="123456789", dhcp=False)], Standing.CONNECTED, False),
    ],
)
def test_up_for_long_in_vain(
    points: list[AccessPoint], standing: Standing, is_waiting: bool
) -> None:
    bench = Bench(*points, saved=USUAL)
    bench.station.be_up()
    assert (bench.station.standing, bench.due_ns is not None) == (standing, is_waiting)


def test_a_start_joins_what_is_saved() -> None:
    bench = Bench(THE_USUAL, saved=USUAL)
    bench.station.boot(ms(1000))
    assert bench.fire() == 1000
    assert bench.station.standing is Standing.JOINING
    assert bench.fire() + bench.fire() == bench.wifi.join_ms
    bench.station.forget()
    bench.fire()
    assert bench.told() == ["WLAN_CONNECTED", "GOT_IP"]
    bench.station.go_dark()
    assert (bench.told(), bench.lost) == ([], [Gone.DARK])
    bench.station.boot(ms(1000))
    assert bench.due_ns is None


def test_what_is_forgotten_while_it_starts_is_not_joined() -> None:
    bench = Bench(THE_USUAL, saved=USUAL)
    bench.station.boot(ms(1000))
    bench.station.forget()
    bench.fire()
    assert (bench.station.standing, bench.due_ns) == (Standing.DOWN, None)


def test_every_state_can_be_left_and_every_change_happens() -> None:
    assert {standing for standing, _ in TRANSITIONS} == set(Standing)
    assert {change for _, change in TRANSITIONS} == set(Change)
