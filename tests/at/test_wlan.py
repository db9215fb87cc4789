"""What is around a device, and what runs over its Wi-Fi."""

from quecsim.at.access_point import THE_USUAL, AccessPoint, Surroundings
from quecsim.at.station import Aim, Gone, Standing
from quecsim.at.wlan import NO_DNS, Wlan
from tests.device.wifi import shipped


def made(around: Surroundings) -> tuple[Wlan, list[Gone]]:
    wifi = shipped().wifi
    assert wifi is not None
    wlan = Wlan(wifi, around, lambda _delay_ns: None, lambda _event: None)
    lost: list[Gone] = []
    wlan.on_down.append(lambda contexts, why: lost.extend(why for _ in contexts))
    return wlan, lost


def test_the_first_is_the_one_that_is_saved_and_the_strongest_is_found_first() -> None:
    weak = AccessPoint(ssid="weak", rssi_dbm=-80)
    wlan, _ = made(Surroundings(access_points=(weak, THE_USUAL)))
    assert wlan.station.saved == Aim("weak")
    assert wlan.access_points == [THE_USUAL, weak]
    assert made(Surroundings(is_joined=False))[0].station.saved is None
    assert made(Surroundings(access_points=()))[0].station.saved is None


def test_it_is_online_while_the_station_has_an_address() -> None:
    wlan, lost = made(Surroundings())
    assert not wlan.is_online
    wlan.station.be_up()
    assert wlan.is_online
    assert wlan.dns == THE_USUAL.dns
    wlan.deauthenticate()
    assert not wlan.is_online
    wlan.deauthenticate()
    assert lost == [Gone.DEAUTHENTICATED]


def test_a_network_that_goes_and_comes_back() -> None:
    wlan, lost = made(Surroundings())
    wlan.station.be_up()
    wlan.lose_network()
    assert (wlan.access_points, lost) == ([], [Gone.NETWORK_LOST])
    assert wlan.station.standing is Standing.JOINING
    wlan.find_network()
    assert wlan.access_points == [THE_USUAL]
    assert not wlan.is_online


def test_name_servers() -> None:
    wlan, _ = made(Surroundings())
    wlan.set_dns(("8.8.8.8", "8.8.4.4"))
    wlan.set_dns(("1.1.1.1",))
    assert wlan.dns == ("1.1.1.1", "8.8.4.4")
    wlan.go_dark()
    assert wlan.dns == NO_DNS
