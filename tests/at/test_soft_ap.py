"""The device's own access point: who joins it, and when."""

from msgspec.structs import replace

from quecsim.at.soft_ap import ApOutlet, SoftAp
from quecsim.at.station import NO_ADDRESSES, Addresses
from quecsim.at.surroundings import WifiClient
from quecsim.units import ms
from tests.device.wifi import shipped

FIRST, SECOND = "00:00:5e:00:53:0a", "00:00:5e:00:53:0b"


class Bench:
    def __init__(self, **values: object) -> None:
        wifi = shipped().wifi
        assert wifi is not None
        self.wifi = replace(wifi, **values)
        self.said: list[str] = []
        self.stops = 0
        self.due_ns: int | None = None
        self.ap = SoftAp(self.wifi, ApOutlet(self.wake, self.said.append, self.stopped))

    def wake(self, delay_ns: int | None) -> None:
        self.due_ns = delay_ns

    def stopped(self) -> None:
        self.stops += 1

    def fire(self) -> None:
        assert self.due_ns == ms(self.wifi.ap_client_ms)
        self.due_ns = None
        self.ap.on_timer()

    def told(self) -> list[str]:
        told, self.said[:] = list(self.said), []
        return told


def test_up_and_down() -> None:
    bench = Bench()
    bench.ap.stop()
    assert (bench.told(), bench.stops) == ([], 0)
    assert bench.ap.addresses == NO_ADDRESSES
    bench.ap.start("own", "12345678")
    assert bench.ap.addresses == Addresses(bench.wifi.ap_address, "255.255.255.0")
    bench.ap.static = Addresses("10.0.0.1", "255.0.0.0", "10.0.0.1", "10.0.0.1")
    assert bench.ap.addresses == bench.ap.static
    bench.ap.start("other", "")
    bench.ap.stop()
    assert bench.told() == ["AP_UP", "AP_DOWN", "AP_UP", "AP_DOWN"]
    assert bench.stops == 2
    bench.ap.start("own", "", says=False)
    assert bench.told() == []
    bench.ap.go_dark()
    assert (bench.told(), bench.stops, bench.ap.addresses) == ([], 3, NO_ADDRESSES)
    bench.ap.start("own", "")
    assert bench.ap.addresses == Addresses(bench.wifi.ap_address, "255.255.255.0")


def test_who_is_here_joins_and_leaves() -> None:
    bench = Bench()
    bench.ap.come(WifiClient(mac=FIRST))
    assert bench.due_ns is None
    bench.ap.start("own", "12345678")
    bench.fire()
    bench.ap.come(WifiClient(mac=SECOND))
    bench.fire()
    assert bench.told() == ["AP_UP", "AP_CONNECT", "AP_CONNECT"]
    assert bench.ap.clients == [FIRST, SECOND]
    bench.ap.go(FIRST)
    bench.ap.go(FIRST)
    assert (bench.told(), bench.ap.clients) == (["AP_DISCONNECT"], [SECOND])
    bench.ap.stop()
    assert (bench.told(), bench.ap.clients) == (["AP_DOWN"], [])
    bench.ap.start("own", "")
    bench.ap.go(SECOND)
    bench.fire()
    assert bench.told() == ["AP_UP"], "he has left before he had joined"


def test_who_wants_another_network_or_has_another_key_stays_out() -> None:
    bench = Bench()
    bench.ap.start("own", "12345678")
    bench.ap.come(WifiClient(mac=FIRST, ssid="own", key="87654321"))
    bench.ap.come(WifiClient(mac=SECOND, ssid="other", key="12345678"))
    assert bench.due_ns is None
    bench.ap.come(WifiClient(mac=FIRST, ssid="own", key="12345678"))
    bench.fire()
    assert bench.ap.clients == [FIRST]


def test_no_more_than_there_is_room_for() -> None:
    bench = Bench(ap_clients=1)
    bench.ap.start("own", "")
    for mac in (FIRST, SECOND):
        bench.ap.come(WifiClient(mac=mac))
    bench.fire()
    assert (bench.ap.clients, bench.due_ns) == ([FIRST], None)
    bench.ap.go(FIRST)
    bench.fire()
    assert bench.ap.clients == [SECOND]
