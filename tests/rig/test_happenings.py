"""What a scenario has happen around a device at its times."""

from typing import Any

import pytest

from quecsim.at.surroundings import Provision, ProvisionWay, Surroundings, Wake, WifiClient
from quecsim.run.replay import replay
from quecsim.trace.event import Operated
from quecsim.units import ms, s
from tests.device.bench import OK, Bench
from tests.device.wifi import shipped, urc

GUEST, OTHER = "00:00:5e:00:53:0a", "00:00:5e:00:53:0b"
JOINED = urc("WLAN_CONNECTED") + urc("GOT_IP")


def around(**what: Any) -> Surroundings:
    return Surroundings(is_joined=False, **what)


def started(**what: Any) -> Bench:
    """A device without echo; no time has passed but that for the command."""
    bench = Bench(shipped(), around=around(**what))
    bench.send(b"AT+QECHO=0\r")
    bench.until(OK)
    return bench


def told(event: str) -> bytes:
    return f'\r\n+QAPSTAT: "{event}"\r\n'.encode()


def check_record(bench: Bench) -> None:
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    assert replay(record).is_same
    assert not any(isinstance(event, Operated) for event in record), "the set-up has it"


def test_clients_come_and_go_while_the_access_point_is_up() -> None:
    guests = (
        WifiClient(mac=GUEST, at_ms=10_000, leaves_ms=20_000, ssid="own", key="12345678"),
        WifiClient(mac=OTHER, at_ms=12_000, ssid="own", key="another-key"),
    )
    bench = started(clients=guests)
    bench.send(b'AT+QSOFTAP="own","12345678"\r')
    bench.run_to(ms(10_900))
    bench.unseen()
    assert bench.run_for(s(1)) == told("AP_CONNECT")
    bench.run_to(ms(19_900))
    assert bench.unseen() == b""
    assert bench.run_for(s(1)) == told("AP_DISCONNECT")
    assert bench.rest() == b""
    check_record(bench)


@pytest.mark.parametrize(
    ("by", "command"),
    [
        *(("airkiss", "+QAIRKISS=1"), ("web", "+QWEBCFG=1"), ("ble", "+QBLEINIT=3")),
        *(("any", "+QAIRKISS=1"), ("any", "+QWEBCFG=1"), ("any", "+QBLEINIT=3")),
    ],
)
@pytest.mark.parametrize("at_ms", [0, 5000])
def test_a_phone_provisions_a_device_that_listens(
    by: ProvisionWay, command: str, at_ms: int
) -> None:
    offer = Provision(ssid="testssid", key="123456789", at_ms=at_ms, by=by)
    bench = started(provisions=(offer,))
    assert bench.ask(f"AT{command}") == OK + JOINED
    assert bench.ask("AT+QRST").endswith(JOINED), "it is saved"
    check_record(bench)


def test_one_that_does_not_listen_that_way_is_not_provisioned() -> None:
    offer = Provision(ssid="testssid", key="123456789", by="airkiss")
    bench = started(provisions=(offer,))
    assert bench.ask("AT+QWEBCFG=1") == OK
    bench.ask("AT+QAIRKISS=1;+QAIRKISS=0")
    assert bench.ask("AT+QBLEINIT=3") == OK
    check_record(bench)


def test_a_pin_goes_up_at_a_time() -> None:
    bench = started(wakes=(Wake(at_ms=30_000),))
    bench.send(b"AT+QSCLK=3\r")
    bench.run_to(ms(29_000))
    bench.unseen()
    assert bench.run_for(s(5)) == b"\r\nRDY\r\n"
    check_record(bench)


def test_a_device_without_wifi_knows_nothing_of_it() -> None:
    bench = Bench(around=around(wakes=(Wake(at_ms=1000),)))
    assert bench.rest() == b""
