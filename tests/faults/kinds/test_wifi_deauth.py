"""The access point throws the station out."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import WifiDeauth
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import LinkClosed
from tests.faults.network import OPEN, heard, struck
from tests.peers.bench import NetworkBench

GONE = '+QSTASTAT: "WLAN_DISCONNECTED"'
BACK = ['+QSTASTAT: "WLAN_CONNECTED"', '+QSTASTAT: "GOT_IP"']
SUBSCRIBE = 'AT+QMTSUB=0,1,"a",0\r'


def test_all_connections_end_with_it_and_the_device_joins_again() -> None:
    bench = NetworkBench(device="fcm242d").connected()
    bench.rig.inject(bench.now_ns, WifiDeauth(send=1))
    assert heard(bench, SUBSCRIBE) == ["OK", GONE, "+QMTSTAT: 0,7", *BACK]
    (closed,) = [event for event in bench.events if isinstance(event, LinkClosed)]
    assert (closed.why, closed.detail) == (
        "unreachable",
        "no Wi-Fi: the access point threw the station out",
    )
    bench.connected()
    assert struck(bench) == ["the access point threw the station out"]


def test_one_that_is_being_opened_fails() -> None:
    bench = NetworkBench(device="fcm242d", faults=[WifiDeauth(connection=1)])
    got = heard(bench, OPEN)
    assert got[:2] == ["OK", GONE]
    assert got[2].startswith("+QMTOPEN: 0,")
    assert got[3:] == BACK
    assert len(struck(bench)) == 1


def test_where_it_has_joined_none_it_does_not_fire() -> None:
    bench = NetworkBench(device="fcm242d")
    bench.send("AT+QSTASTOP\r")
    bench.rig.inject(bench.now_ns, WifiDeauth(at_ms=0))
    assert bench.rest() == ""
    assert struck(bench) == []


def test_a_device_without_wifi_cannot_have_it() -> None:
    with pytest.raises(QuecsimError, match="wifi_deauth needs Wi-Fi, and ec200u has none"):
        make_scenario("ec200u", faults=[{"kind": "wifi_deauth", "at_ms": 1}])
    assert make_scenario("fcm242d", faults=[{"kind": "wifi_deauth", "at_ms": 1}]).faults
