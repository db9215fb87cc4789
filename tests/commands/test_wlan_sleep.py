"""Sleep: what the host sends is lost, until the pin goes up; and what comes of it then."""

import pytest

from quecsim.run.replay import replay
from quecsim.trace.event import Lost, Operated, Power
from quecsim.units import s
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.wifi import JOIN, UNJOINED, fresh, joined, profile, shipped, urc

GONE, BACK = urc("WLAN_DISCONNECTED"), urc("WLAN_CONNECTED") + urc("GOT_IP")


def woken(bench: Bench) -> bytes:
    bench.rig.wake(bench.now_ns)
    return bench.rest()


def states(bench: Bench) -> list[tuple[str, str]]:
    return [(power.state, power.why) for power in bench.events(Power)]


def test_awake_and_keep_alive_are_kept() -> None:
    bench = fresh()
    assert bench.ask("AT+QSCLK?") == info("+QSCLK: 0")
    assert bench.ask("AT+QSCLK=1,30") == OK
    assert bench.ask("AT+QSCLK?") == info("+QSCLK: 1,30")
    assert bench.ask("AT+QSCLK=0") == OK
    assert bench.ask("AT+QSCLK?") == info("+QSCLK: 0")
    assert bench.ask("AT+QSCLK=1") == OK, "the value of before stays"
    assert bench.ask("AT+QSCLK?") == info("+QSCLK: 1,30")


@pytest.mark.parametrize("tail", ["=4", "=1,0", "=1,31", "=", "", "=0,1,1"])
def test_modes_that_there_are_not(tail: str) -> None:
    bench = fresh()
    assert bench.ask(f"AT+QSCLK{tail}") == ERROR
    assert bench.ask("AT+QSCLK?") == info("+QSCLK: 0")


def test_keep_alive_may_need_an_address() -> None:
    bench = fresh(device=profile(wifi={"keepalive_needs_ip": True}))
    assert bench.ask("AT+QSCLK=1") == ERROR
    assert joined(bench).ask("AT+QSCLK=1") == OK


def test_asleep_it_hears_nothing_and_goes_on_when_it_is_woken() -> None:
    bench = joined()
    bench.ask('AT+QFOPEN="a",0')
    bench.ask("AT+QSCLK=1,5")
    assert bench.ask("AT+QSCLK=2") == OK
    assert bench.rig.device.power == "asleep"
    bench.send(b"AT\r")
    assert bench.run_for(s(60)) == b""
    assert [(loss.count, loss.cause, loss.doing) for loss in bench.events(Lost)] == [
        (3, "off", "the device was asleep")
    ]
    assert woken(bench) == GONE + BACK, "its Wi-Fi was gone meanwhile"
    assert bench.ask("AT+QSCLK?") == info("+QSCLK: 1,5"), "as it was before"
    assert bench.ask("AT+QFCLOSE=1") == OK, "and it has forgotten nothing"
    assert states(bench) == [("on", "already up"), ("asleep", "sleep"), ("on", "woken")]


def test_out_of_a_deep_sleep_it_starts_anew() -> None:
    bench = joined()
    bench.ask("AT+QSCLK=1,5")
    assert bench.ask("AT+QSCLK=3") == OK
    assert bench.rig.device.power == "deep asleep"
    bench.send(b"AT\r")
    assert bench.run_for(s(60)) == b""
    assert woken(bench) == b"\r\nRDY\r\n" + BACK
    assert bench.ask("AT+QSCLK?") == info("+QSCLK: 0")
    assert states(bench)[1:] == [
        ("deep asleep", "deep sleep"),
        ("booting", "woken"),
        ("on", "ready"),
    ]


def test_one_that_is_awake_is_not_woken() -> None:
    bench = joined()
    assert woken(bench) == b""
    assert len(bench.events(Operated)) == 1
    bench.rig.cut_power(bench.now_ns)
    assert woken(bench) == b""
    assert bench.rig.device.power == "off"


def test_ok_has_left_before_it_sleeps_and_what_comes_in_between_is_lost() -> None:
    bench = joined()
    bench.send(b"AT+QSCLK=2\rAT+QVERSION\r")
    assert bench.run_for(s(1)) == OK
    assert sum(loss.count for loss in bench.events(Lost)) == len(b"AT+QVERSION\r")
    bench.rig.check()
    assert bench.rig.device.power == "asleep"


@pytest.mark.parametrize("mode", [2, 3])
def test_without_power_the_sleep_is_over(mode: int) -> None:
    bench = joined()
    bench.ask(f"AT+QSCLK={mode}")
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    assert bench.rest() == b"\r\nRDY\r\n" + BACK


def test_what_it_was_joining_it_goes_on_to_join() -> None:
    bench = fresh()
    bench.send(f"{JOIN}\r".encode())
    bench.until(OK)
    assert bench.ask("AT+QSCLK=2") == OK
    assert woken(bench) == BACK


def test_wifi_may_be_kept_in_sleep() -> None:
    bench = joined(Bench(profile(wifi={"sleep_drops": False})))
    bench.ask("AT+QSCLK=2")
    bench.rig.deauthenticate(bench.now_ns)
    assert bench.run_for(s(20)) == b"", "it says nothing while it sleeps"
    assert woken(bench) == GONE + BACK


def test_its_access_point_is_gone_with_its_sleep() -> None:
    bench = fresh()
    bench.ask('AT+QSOFTAP="own"')
    bench.ask("AT+QSCLK=2")
    assert woken(bench) == b'\r\n+QAPSTAT: "AP_DOWN"\r\n'


def test_the_record_repeats_it() -> None:
    bench = Bench(shipped(), around=UNJOINED)
    for mode in (2, 3):
        bench.ask(f"AT+QSCLK={mode}")
        bench.send(b"AT\r")
        woken(bench)
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    assert [one.did for one in record if isinstance(one, Operated)] == ["wake", "wake"]
    assert replay(record).is_same
