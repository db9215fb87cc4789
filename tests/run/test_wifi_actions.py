"""Steering the Wi-Fi of a running device, and seeing how it stands."""

from typing import Any

import pytest
import serial

from quecsim.errors import QuecsimError
from quecsim.run.network_view import NetworkState
from quecsim.run.wifi_view import WifiState
from quecsim.scenario.options import make_scenario
from quecsim.virtual.device import VirtualDevice

GUEST = "00:00:5e:00:53:0a"
JOINED = b'+QSTASTAT: "GOT_IP"\r\n'


def wifi(state: NetworkState) -> WifiState:
    assert state.wifi is not None
    return state.wifi


def opened(device: VirtualDevice) -> serial.Serial:
    port = serial.serial_for_url(device.url, baudrate=115200, timeout=30)
    assert asked(port, b"AT+QECHO=0").endswith(b"OK\r\n")
    return port


def asked(port: serial.Serial, line: bytes, until: bytes = b"OK\r\n") -> bytes:
    port.write(line + b"\r")
    said = bytes(port.read_until(until))
    assert said.endswith(until), said
    return said


def test_a_story() -> None:
    with VirtualDevice(make_scenario("fcm242d")) as device, opened(device) as port:
        assert wifi(device.network()) == WifiState(
            station="got ip",
            ssid="testssid",
            bssid="00:00:5e:00:53:01",
            address="192.168.1.100",
            gateway="192.168.1.1",
            dns=("192.168.1.1", "0.0.0.0"),
            saved="testssid",
            own_address="0.0.0.0",
            in_range=("testssid",),
        )
        device.deauthenticate()
        assert device.network().registration == "joining"
        assert port.read_until(JOINED).endswith(JOINED)
        asked(port, b'AT+QSOFTAP="own"', b'"AP_UP"\r\n')
        device.wifi_client(GUEST)
        port.read_until(b'"AP_CONNECT"\r\n')
        state = wifi(device.network())
        assert (state.own_ssid, state.own_clients) == ("own", (GUEST,))
        device.wifi_client(GUEST, is_here=False)
        assert port.read_until(b'"AP_DISCONNECT"\r\n').count(b"QAPSTAT") == 1
        asked(port, b"AT+QAIRKISS=1")
        assert wifi(device.network()).listens == ("airkiss",)
        device.provision("elsewhere", "12345678")
        assert wifi(device.network()).listens == ()
        port.read_until(b'"SCAN_NO_AP"\r\n')
        device.lose_registration()
        assert wifi(device.network()).in_range == ()
        device.find_network()
        asked(port, b"AT+QSCLK=2")
        port.timeout = 1
        port.read(1000)
        assert device.power == "asleep"
        device.wake()
        assert device.power == "on"
        asked(port, b"AT")


@pytest.mark.parametrize(
    "values",
    [
        {"mac": "x"},
        {"mac": GUEST, "ssid": ""},
        {"mac": GUEST, "ssid": "own", "key": "short"},
    ],
)
def test_guests_that_there_are_not(values: dict[str, Any]) -> None:
    with (
        VirtualDevice(make_scenario("fcm242d")) as device,
        pytest.raises(QuecsimError, match="that cannot be"),
    ):
        device.wifi_client(**values)


def test_offers_that_there_are_not() -> None:
    with VirtualDevice(make_scenario("fcm242d")) as device:
        for ssid, key in (("", ""), ("x" * 33, ""), ("x", "short")):
            with pytest.raises(QuecsimError, match="that cannot be"):
                device.provision(ssid, key)


def test_a_device_without_wifi_has_none_of_it() -> None:
    with VirtualDevice(make_scenario("ec200u")) as device:
        assert device.network().wifi is None
        for act in (
            device.deauthenticate,
            lambda: device.wifi_client(GUEST),
            lambda: device.provision("x"),
        ):
            with pytest.raises(QuecsimError, match="ec200u has no Wi-Fi"):
                act()
        device.wake()
