"""What people see of Wi-Fi."""

from quecsim.at.surroundings import Surroundings
from quecsim.cli.ctl_wifi import wifi_rows
from quecsim.run.wifi_view import WifiState, wifi_state
from tests.at.test_wlan import made


def test_as_it_stands_without_any() -> None:
    wlan, _ = made(Surroundings(is_joined=False))
    assert wifi_state(wlan) == WifiState(
        station="down",
        address="0.0.0.0",
        gateway="0.0.0.0",
        dns=("0.0.0.0", "0.0.0.0"),
        own_address="0.0.0.0",
        in_range=("testssid",),
    )


def test_in_words() -> None:
    assert wifi_rows(WifiState(station="down")) == [("station", "down"), ("in range", "nothing")]
    full = WifiState(
        station="got ip",
        ssid="office",
        bssid="00:00:5e:00:53:01",
        address="192.168.1.100",
        saved="office",
        own_ssid="own",
        own_address="192.168.19.1",
        own_clients=("00:00:5e:00:53:0a",),
        in_range=("office", "other"),
        listens=("web",),
    )
    assert wifi_rows(full) == [
        ("station", "got ip, office (00:00:5e:00:53:01), 192.168.1.100"),
        ("saved", "office"),
        ("access point", "own, 192.168.19.1"),
        ("joined by", "00:00:5e:00:53:0a"),
        ("listens to", "web"),
        ("in range", "office, other"),
    ]
