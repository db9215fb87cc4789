"""+QRST, +QVERSION, +QECHO, +QSETBAND."""

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.trace.event import DeviceLine, Lost, Power
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.wifi import UNJOINED

MANUAL = "FCM242D&FGM842D AT Commands Manual"


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"), around=UNJOINED)


def cycle_power(bench: Bench) -> bytes:
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    return bench.rest()


def test_version(bench: Bench) -> None:
    revision = bench.rig.profile.identity.revision
    assert bench.ask("AT+QVERSION") == info(f"+QVERSION: {revision}")
    assert bench.ask("AT+QVERSION=1") == bench.ask("AT+QVERSION?") == ERROR


def test_restart_says_ok_first_and_within_300_ms(bench: Bench) -> None:
    bench.send(b"AT+QRST\r")
    sent_ns = bench.now_ns
    assert bench.until(OK) - sent_ns < ms(300)
    assert bench.rest() == b"\r\nRDY\r\n"
    assert [power.state for power in bench.events(Power)] == ["on", "booting", "on"]
    assert bench.arrival_ns(b"RDY") - bench.arrival_ns(OK) >= ms(1000)


def test_what_is_sent_while_it_restarts_is_lost(bench: Bench) -> None:
    bench.send(b"AT+QRST\r")
    bench.until(OK)
    bench.send(b"AT\r", at_ns=bench.now_ns + ms(100))
    assert bench.rest() == b"\r\nRDY\r\n"
    assert [(loss.count, loss.cause) for loss in bench.events(Lost)] == [(3, "off")]


def test_power_up_says_rdy() -> None:
    bench = Bench(load_profile("fcm242d"), is_up=False, around=UNJOINED)
    assert bench.rest() == b"\r\nRDY\r\n"
    assert bench.ask("AT") == OK


def test_echo_off_at_once_and_on_again_after_a_restart(bench: Bench) -> None:
    """The manual: takes effect immediately, is not saved."""
    bench.send(b"AT\r")
    assert bench.rest() == b"AT\r" + OK
    bench.ask("AT+QECHO=0")
    bench.send(b"AT\r")
    assert bench.rest() == OK
    bench.ask("AT+QRST")
    bench.send(b"AT\r")
    assert bench.rest() == b"AT\r" + OK


@pytest.mark.parametrize("tail", ["=2", "=", "", "?", "=0,1", '="0"'])
def test_echo_refuses(bench: Bench, tail: str) -> None:
    assert bench.ask(f"AT+QECHO{tail}") == ERROR


@pytest.mark.parametrize("baud", [1200, 9600, 115200, 1842000, 2000000])
def test_the_rate_changes_when_ok_has_left(bench: Bench, baud: int) -> None:
    """1842000 is what a published host program sets: any rate of the range is one."""
    assert bench.ask(f"AT+QSETBAND={baud},0") == OK
    if baud != 115200:
        (line,) = bench.events(DeviceLine)
        assert (line.at_ns, line.baud) == (bench.arrival_ns(OK), baud)
    assert bench.rig.device.settings.baud == baud
    bench.rig.host_line(bench.now_ns, baud, "8N1", "none")
    assert bench.ask("AT+QSETBAND?") == info(f"+QSETBAND: {baud}")


@pytest.mark.parametrize(("save", "after"), [(0, 115200), (1, 9600)])
def test_a_rate_outlives_restart_and_power_cycle_only_if_saved(
    bench: Bench, save: int, after: int
) -> None:
    bench.ask(f"AT+QSETBAND=9600,{save}")
    bench.ask("AT+QRST")
    assert bench.rig.device.settings.baud == after
    cycle_power(bench)
    assert bench.ask("AT+QSETBAND?") == info(f"+QSETBAND: {after}")


def test_a_host_at_the_old_rate_is_not_understood_any_more() -> None:
    bench = Bench(load_profile("fcm242d"), host_baud=115200, garbles=True)
    bench.ask("AT+QSETBAND=9600,0")
    bench.send(b"AT\r")
    bench.run_for(s(1))
    assert OK not in bench.unseen()
    assert bench.rig.device.settings.baud == 9600
    cycle_power(bench)
    assert bench.ask("AT") == OK, "not saved: the rate is that of before"


@pytest.mark.parametrize(
    "tail", ["1199,0", "2000001,0", "9600", "9600,2", "9600,", ",0", "0,0", "9600,0,0"]
)
def test_rates_that_it_does_not_take(bench: Bench, tail: str) -> None:
    assert bench.ask(f"AT+QSETBAND={tail}") == ERROR
    assert bench.ask("AT+QSETBAND?") == info("+QSETBAND: 115200")
