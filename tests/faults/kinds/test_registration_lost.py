"""The network is gone, for a time."""

from quecsim.faults import RegistrationLost
from tests.faults.network import PUBLISH, heard, injected, struck
from tests.peers.bench import NetworkBench


def test_it_is_lost_with_all_connections_and_found_again() -> None:
    bench = injected(RegistrationLost(send=1, for_ms=20_000))
    heard(bench, "AT+CREG=1\r")
    got = heard(bench, PUBLISH, 15)
    assert got == ["OK", "+CREG: 2", '+QIURC: "pdpdeact",1', "+QMTSTAT: 0,7"]
    assert bench.rest(30) == "\r\n+CREG: 1\r\n"
    assert struck(bench) == ["there is no network any more"]


def test_two_of_them_end_with_the_later() -> None:
    faults = (RegistrationLost(at_ms=100, for_ms=3000), RegistrationLost(at_ms=200, for_ms=9000))
    bench = NetworkBench(faults=faults)
    assert heard(bench, "AT+CREG?\r", 3)[0] != "+CREG: 0,1"
    bench.rest(30)
    assert heard(bench, "AT+CREG?\r")[0] == "+CREG: 0,1"
    assert len(struck(bench)) == 2


def test_for_good() -> None:
    bench = NetworkBench(faults=[RegistrationLost(at_ms=100)])
    bench.rest(600)
    assert heard(bench, "AT+CREG?\r")[0] != "+CREG: 0,1"
    assert len(struck(bench)) == 1


def test_a_device_without_power_has_none_to_lose() -> None:
    bench = NetworkBench()
    bench.rig.cut_power(bench.now_ns)
    bench.rig.inject(bench.now_ns, RegistrationLost(at_ms=0))
    bench.rest()
    assert struck(bench) == []


def test_over_wifi_there_is_no_access_point_for_a_while() -> None:
    lost = RegistrationLost(at_ms=10_000, for_ms=5000)
    bench = NetworkBench(device="fcm242d", faults=[lost])
    assert bench.rest(20).split("\r\n\r\n") == [
        '\r\n+QSTASTAT: "WLAN_DISCONNECTED"',
        '+QSTASTAT: "SCAN_NO_AP"',
        '+QSTASTAT: "WLAN_CONNECTED"',
        '+QSTASTAT: "GOT_IP"\r\n',
    ]
    assert struck(bench) == ["there is no network any more"]
