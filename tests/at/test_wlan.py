"""What is around a device, and what runs over its Wi-Fi."""

from msgspec.structs import replace

from quecsim.at.access_point import THE_USUAL, AccessPoint
from quecsim.at.station import Aim, Gone, Standing
from quecsim.at.surroundings import Provision, Surroundings
from quecsim.at.wlan import NO_DNS, Wlan, WlanOutlet
from tests.device.wifi import shipped


def nothing(_value: object) -> None:
    return None


def made(around: Surroundings, **values: object) -> tuple[Wlan, list[Gone]]:
    wifi = shipped().wifi
    assert wifi is not None
    outlet = WlanOutlet(nothing, nothing, nothing, nothing)
    wlan = Wlan(replace(wifi, **values), around, outlet)
    lost: list[Gone] = []
    wlan.on_down.append(lambda contexts, why: lost.extend(why for _ in contexts))
    return wlan, lost


def is_standing(wlan: Wlan, standing: Standing) -> bool:
    return wlan.station.standing is standing


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


def test_its_own_access_point_will_do() -> None:
    wlan, lost = made(Surroundings())
    wlan.raise_ap("own", "", says=True)
    assert wlan.is_online
    wlan.ap.stop()
    assert (wlan.is_online, lost) == (False, [Gone.AP_STOPPED])
    wlan.station.be_up()
    wlan.raise_ap("own", "", says=True)
    wlan.ap.stop()
    assert (wlan.is_online, lost) == (True, [Gone.AP_STOPPED]), "all runs over the station"


def test_a_network_that_goes_and_comes_back() -> None:
    wlan, lost = made(Surroundings())
    wlan.station.be_up()
    wlan.lose_network()
    assert (wlan.access_points, lost) == ([], [Gone.NETWORK_LOST])
    assert is_standing(wlan, Standing.JOINING)
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


def test_an_offer_waits_until_the_device_listens() -> None:
    wlan, _ = made(Surroundings(is_joined=False))
    offer = Provision(ssid="x", key="12345678", by="web")
    wlan.provision(offer)
    wlan.listen("airkiss", is_on=True)
    assert is_standing(wlan, Standing.DOWN)
    wlan.listen("web", is_on=True)
    assert is_standing(wlan, Standing.JOINING)
    assert wlan.listens == {"airkiss"}, "it has what it wanted"
    wlan.go_dark()
    assert not wlan.listens
    wlan.listen("web", is_on=True)
    assert is_standing(wlan, Standing.DOWN), "it was one offer"
    wlan.listen("web", is_on=False)
    wlan.provision(offer)
    assert is_standing(wlan, Standing.DOWN)


def test_a_phone_over_bluetooth_is_one_more_way() -> None:
    wlan, _ = made(Surroundings(is_joined=False))
    wlan.provision(Provision(ssid="x", by="ble"))
    wlan.listen("airkiss", is_on=True)
    assert is_standing(wlan, Standing.DOWN)
    wlan.listen("ble", is_on=True)
    assert is_standing(wlan, Standing.JOINING)


def test_the_page_may_need_the_access_point() -> None:
    wlan, _ = made(Surroundings(is_joined=False), web_needs_ap=True)
    wlan.listen("web", is_on=True)
    wlan.provision(Provision(ssid="x"))
    assert is_standing(wlan, Standing.DOWN)
    wlan.raise_ap("own", "", says=True)
    assert is_standing(wlan, Standing.JOINING)


def test_offers_have_a_bound() -> None:
    wlan, _ = made(Surroundings(is_joined=False))
    for number in range(100):
        wlan.provision(Provision(ssid=f"x{number}"))
    for _ in range(16):
        wlan.station.stop()
        wlan.listen("airkiss", is_on=True)
        assert not wlan.listens
    wlan.listen("airkiss", is_on=True)
    assert wlan.listens
