"""Joining an access point and leaving it: what the host is told, and when."""

import pytest

from quecsim.at.access_point import THE_USUAL, AccessPoint
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.wifi import JOIN, fresh, joined, profile, urc

OPEN = AccessPoint(ssid="open", rssi_dbm=-80, channel=11, bssid="00:00:5e:00:53:02")
STATE = (
    "+QGETWIFISTATE: ssid=testssid,bssid=00:00:5e:00:53:01,rssi=-45,psk_type=WPA2_AES_PSK"
)  # fmt: skip
JOINED = urc("WLAN_CONNECTED") + urc("GOT_IP")


def power_cycle(bench: Bench) -> bytes:
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    return bench.rest()


def test_ok_comes_at_once_and_the_rest_in_its_time() -> None:
    bench = fresh()
    bench.send(f"{JOIN}\r".encode())
    sent_ns = bench.now_ns
    ok_ns = bench.until(OK)
    assert ok_ns - sent_ns < ms(300)
    joined_ns = bench.until(urc("WLAN_CONNECTED"))
    assert ms(4200) < joined_ns - ok_ns < ms(4400)
    assert ms(690) < bench.until(urc("GOT_IP")) - joined_ns < ms(710)
    assert bench.rest() == b""


@pytest.mark.parametrize("command", ["+QSTAAPINFO", "+QSTAAPINFODEF"])
@pytest.mark.parametrize(
    ("given", "result"),
    [
        ('"open"', OK + JOINED),
        ("open", OK + JOINED),
        ('"testssid","123456789"', OK + JOINED),
        ("testssid,123456789", OK + JOINED),
        ('""', ERROR),
        ('"' + "x" * 33 + '"', ERROR),
        ('"testssid","1234567"', ERROR),
        ('"testssid",""', ERROR),
        ('"testssid","' + "x" * 64 + '"', ERROR),
        ('"testssid","123456789",1', ERROR),
        ("", ERROR),
    ],
)
def test_names_and_keys(command: str, given: str, result: bytes) -> None:
    assert fresh(THE_USUAL, OPEN).ask(f"AT{command}={given}") == result


def test_the_longest_that_there_are() -> None:
    point = AccessPoint(ssid="n" * 32, key="k" * 63)
    assert fresh(point).ask(f'AT+QSTAAPINFO="{point.ssid}","{point.key}"') == OK + JOINED


def test_states_on_the_way() -> None:
    bench = fresh()
    down, up = info('+QSTAST: "STATION_DOWN"'), info('+QSTAST: "STATION_UP"')
    assert bench.ask("AT+QSTAST") == down
    assert bench.ask("AT+QGETWIFISTATE") == ERROR
    bench.send(f"{JOIN}\r".encode())
    bench.until(OK)
    bench.send(b"AT+QSTAST\r")
    bench.until(up)
    bench.send(b"AT+QGETWIFISTATE\r")
    bench.until(ERROR)
    bench.until(urc("WLAN_CONNECTED"))
    bench.send(b"AT+QGETWIFISTATE\r")
    bench.until(info(STATE))
    bench.until(urc("GOT_IP"))
    assert bench.ask("AT+QSTASTOP") == OK + urc("WLAN_DISCONNECTED")
    assert bench.ask("AT+QSTASTOP") == OK
    assert bench.ask("AT+QSTAST") == down
    assert bench.ask("AT+QGETWIFISTATE") == ERROR


@pytest.mark.parametrize(
    ("up_from", "joining", "connected"),
    [("enabled", b"UP", b"UP"), ("joined", b"DOWN", b"UP"), ("addressed", b"DOWN", b"DOWN")],
)
def test_when_the_station_is_up(up_from: str, joining: bytes, connected: bytes) -> None:
    bench = fresh(
        AccessPoint(ssid="open", dhcp=False), device=profile(wifi={"station_up": up_from})
    )
    bench.send(b"AT+QSTAAPINFO=open\r")
    bench.until(OK)
    bench.send(b"AT+QSTAST\r")
    bench.until(b"STATION_" + joining)
    bench.until(urc("WLAN_CONNECTED"))
    assert b"STATION_" + connected in bench.ask("AT+QSTAST")


def test_a_hotspot_of_none_may_be_ok() -> None:
    assert fresh(device=profile(wifi={"unjoined": "ok"})).ask("AT+QGETWIFISTATE") == OK


def test_one_that_is_not_there_is_looked_for_until_the_host_stops_it() -> None:
    bench = fresh(OPEN)
    bench.send(f"{JOIN}\r".encode())
    ok_ns = bench.until(OK)
    first_ns = bench.until(urc("SCAN_NO_AP"))
    assert ms(1200) < first_ns - ok_ns < ms(1400)
    for _ in range(5):
        again_ns = bench.until(urc("SCAN_NO_AP"))
        assert again_ns - first_ns == ms(6300)
        first_ns = again_ns
    assert bench.ask("AT+QSTASTOP") == OK
    assert bench.rest() == b""


def test_a_wrong_key_looks_as_on_a_sister() -> None:
    bench = fresh()
    bench.send(b'AT+QSTAAPINFODEF="testssid","another-key"\r')
    bench.until(OK)
    for _ in range(3):
        bench.until(urc("SCAN_NO_AP"))
    assert bench.ask("AT+QSTASTOP") == OK
    assert power_cycle(bench) == b"\r\nRDY\r\n", "it is not saved"


def test_saved_and_joined_at_each_start() -> None:
    bench = fresh()
    assert bench.ask(JOIN.replace("INFO=", "INFODEF=")) == OK + JOINED
    started = b"\r\nRDY\r\n" + JOINED
    assert bench.ask("AT+QRST").endswith(OK + started)
    assert power_cycle(bench) == started
    bench.ask("AT+QECHO=0")
    assert bench.ask("AT+QSTAAPINFORMV") == OK
    assert bench.ask("AT+QGETWIFISTATE") == info(STATE), "the connection stays"
    assert power_cycle(bench) == b"\r\nRDY\r\n"


def test_times_of_a_start() -> None:
    bench = Bench(profile(), is_up=False)
    ready_ns = bench.until(b"RDY\r\n")
    joined_ns = bench.until(urc("WLAN_CONNECTED"))
    assert ms(4290) < joined_ns - ready_ns < ms(4310)
    assert ms(690) < bench.until(urc("GOT_IP")) - joined_ns < ms(710)


def test_what_is_not_saved_is_gone_after_a_restart() -> None:
    bench = joined(fresh())
    assert power_cycle(bench) == b"\r\nRDY\r\n"


def test_another_one_in_place_of_the_present() -> None:
    bench = joined(fresh(THE_USUAL, OPEN))
    expected = OK + urc("WLAN_DISCONNECTED") + JOINED
    assert bench.ask('AT+QSTAAPINFO="open"') == expected
    assert b"ssid=open,bssid=00:00:5e:00:53:02,rssi=-80,psk_type=OPEN" in bench.ask(
        "AT+QGETWIFISTATE"
    )


def test_a_list_takes_its_time_and_has_the_strongest_first() -> None:
    bench = fresh(OPEN, THE_USUAL)
    sent_ns = bench.now_ns
    assert bench.ask("AT+QWSCAN") == info(
        '+QWSCAN: "testssid",WPA2_AES_PSK,55,00:00:5e:00:53:01,6',
        '+QWSCAN: "open",OPEN,20,00:00:5e:00:53:02,11',
    )
    assert ms(2500) < bench.arrival_ns(b'"testssid"') - sent_ns < ms(2600)


@pytest.mark.parametrize(
    ("quotes", "line"),
    [
        ("none", "testssid,WPA2_AES_PSK,-45,00:00:5e:00:53:01,6"),
        ("all", '"testssid","WPA2_AES_PSK",-45,"00:00:5e:00:53:01",6'),
    ],
)
def test_other_ways_to_write_it(quotes: str, line: str) -> None:
    device = profile(wifi={"list_quotes": quotes, "list_rssi_offset": 0, "list_ms": 0})
    assert fresh(device=device).ask("AT+QWSCAN") == info(f"+QWSCAN: {line}")


def test_where_there_is_none_the_list_is_empty() -> None:
    assert fresh(has_network=False).ask("AT+QWSCAN") == OK


def test_a_station_that_is_thrown_out_joins_again() -> None:
    bench = joined()
    bench.rig.deauthenticate(bench.now_ns)
    assert bench.rest() == urc("WLAN_DISCONNECTED") + JOINED


def test_a_network_that_goes_is_looked_for_and_found() -> None:
    bench = joined()
    bench.rig.lose_registration(bench.now_ns)
    assert bench.run_for(s(8)) == urc("WLAN_DISCONNECTED") + urc("SCAN_NO_AP") * 2
    bench.rig.find_network(bench.now_ns)
    assert bench.rest() == JOINED


def test_what_comes_in_data_mode_is_told_behind_it() -> None:
    bench = joined()
    bench.ask('AT+QFOPEN="a",0')
    bench.send(b"AT+QFWRITE=1,10,10\r")
    bench.until(b"CONNECT\r\n")
    bench.rig.deauthenticate(bench.now_ns)
    assert bench.run_for(s(1)) == b""
    bench.send(b"0123456789")
    assert bench.run_for(s(1)).endswith(OK + urc("WLAN_DISCONNECTED"))
