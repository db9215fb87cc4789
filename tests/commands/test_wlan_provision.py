"""An access point given from outside: by AirKiss, by a web page, or over Bluetooth LE."""

import pytest

from tests.device.bench import ERROR, OK, info
from tests.device.wifi import fresh


@pytest.mark.parametrize("command", ["+QAIRKISS", "+QWEBCFG"])
def test_switched_on_and_off(command: str) -> None:
    bench = fresh()
    assert bench.ask(f"AT{command}=1") == bench.ask(f"AT{command}=0") == OK
    for wrong in ("=2", "=", "", "?", "=1,1"):
        assert bench.ask(f"AT{command}{wrong}") == ERROR


def test_over_bluetooth_it_advertises_as_long_as_it_listens() -> None:
    bench = fresh()
    assert bench.ask("AT+QBLEINIT=3") == OK
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "ADVERTISING"')
    wlan = bench.rig.device.context.wlan
    assert wlan is not None
    assert bench.ask("AT+QBLEADVSTART?") == info("+QBLEADVSTART: 1")
    assert wlan.listens == {"ble"}
    assert bench.ask("AT+QBLEINIT=0") == OK
    assert bench.ask("AT+QBLEADVSTART?") == info("+QBLEADVSTART: 0")
    assert not wlan.listens
