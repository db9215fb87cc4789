"""+IPR, +ICF, +IFC: the reply at the old setting, then the new one; the gap while reopening."""

import itertools

import pytest

from quecsim.trace.event import DeviceLine, Lost
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, cme, info, profile, shipped


def byte_times(bench: Bench, text: bytes) -> list[int]:
    """From each byte of `text` to the next, as the host got them."""
    place = bench.output.rfind(text)
    assert place >= 0
    times = bench.times[place : place + len(text)]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


def near(baud: int, bits: int = 10) -> set[int]:
    exact = bits * s(1) // baud
    return {exact, exact + 1}


def test_ipr_replies_at_the_old_rate_then_takes_the_new_one() -> None:
    """EG800Q manual: OK at the old rate, then the switch."""
    bench = Bench()
    assert bench.ask("AT+IPR=9600") == OK
    assert set(byte_times(bench, OK)) <= near(115200)
    (line,) = bench.events(DeviceLine)
    assert line.at_ns == bench.arrival_ns(OK), "it takes effect when the last byte has left"
    assert (line.baud, line.frame) == (9600, "8N1")
    assert bench.ask("AT+IPR?") == info("+IPR: 9600")
    assert set(byte_times(bench, info("+IPR: 9600"))) <= near(9600)


@pytest.mark.parametrize("baud", shipped().uart.bauds)
def test_every_rate_of_the_list_works(baud: int) -> None:
    bench = Bench()
    bench.ask(f"AT+IPR={baud}")
    bench.rig.host_line(bench.now_ns, baud, "8N1", "none")
    assert bench.ask("AT") == OK
    assert set(byte_times(bench, OK)) <= near(baud)


def test_ipr_test_and_refusals() -> None:
    bench = Bench()
    assert bench.ask("AT+IPR=?") == info(
        "+IPR: (2400,4800,9600,19200,38400,57600,115200,230400,460800,921600,1843200)"
    )
    for value in ("0", "300", "115201", "", "fast", '"9600"'):
        assert bench.ask(f"AT+IPR={value}") == cme(50)
    assert bench.ask("AT+IPR?") == info("+IPR: 115200")


@pytest.mark.parametrize(
    ("command", "frame", "bits", "read"),
    [
        ("AT+ICF=3", "8N1", 10, "3,3"),
        ("AT+ICF=3,3", "8N1", 10, "3,3"),
        ("AT+ICF=1", "8N2", 11, "1,3"),
        ("AT+ICF=2,1", "8E1", 11, "2,1"),
        ("AT+ICF=2,0", "8O1", 11, "2,0"),
    ],
)
def test_icf_changes_the_frame(command: str, frame: str, bits: int, read: str) -> None:
    """UIS8910DM AT engine: 8N1, 8N2, 8E1 and 8O1, and no other."""
    bench = Bench()
    assert bench.ask(command) == OK
    assert set(byte_times(bench, OK)) <= near(115200)
    assert bench.events(DeviceLine)[-1].frame == frame
    assert bench.ask("AT+ICF?") == info(f"+ICF: {read}")
    assert set(byte_times(bench, info(f"+ICF: {read}"))) <= near(115200, bits)


@pytest.mark.parametrize("tail", ["4", "5,0", "6", "0", "2", "2,3", "2,2", "", "7,7"])
def test_frames_that_the_chip_has_not(tail: str) -> None:
    """No 7 bits, no mark, no space."""
    bench = Bench()
    assert bench.ask(f"AT+ICF={tail}") == cme(50)
    assert bench.ask("AT+ICF?") == info("+ICF: 3,3")


def test_ifc() -> None:
    """UIS8910DM AT engine: (0,2),(0,2), 0,0 at first."""
    bench = Bench()
    assert bench.ask("AT+IFC=?") == info("+IFC: (0,2),(0,2)")
    assert bench.ask("AT+IFC?") == info("+IFC: 0,0")
    assert bench.ask("AT+IFC=2,2") == OK
    assert bench.ask("AT+IFC?") == info("+IFC: 2,2")
    assert bench.ask("AT+IFC=0") == OK
    assert bench.ask("AT+IFC?") == info("+IFC: 0,2")
    for tail in ("1,1", "3", "2,1", "", ",2"):
        assert bench.ask(f"AT+IFC={tail}") == cme(50)
    assert bench.ask("AT+IFC?") == info("+IFC: 0,2")


def test_a_chip_with_xon_xoff_says_so() -> None:
    bench = Bench(profile(uart={"ifc_values": (0, 1, 2)}))
    assert bench.ask("AT+IFC=?") == info("+IFC: (0-2),(0-2)")
    assert bench.ask("AT+IFC=1,1;+IFC?") == info("+IFC: 1,1")


@pytest.mark.parametrize("command", ["AT+IFC=2,2", "AT+IPR=115200", "AT+ICF=3"])
def test_a_host_that_goes_on_right_after_the_ok_gets_through(command: str) -> None:
    bench = Bench()
    bench.send(command.encode() + b"\r")
    bench.until(OK)
    bench.send(b"AT\r")
    assert bench.rest() == b"AT\r" + OK


@pytest.mark.parametrize("command", ["AT+IFC=2,2", "AT+IPR=115200", "AT+ICF=3"])
def test_what_arrives_while_the_uart_reopens_is_lost(command: str) -> None:
    """UIS8910DM: the driver is closed and opened again; bytes in the gap are gone."""
    bench = Bench(profile(uart={"reopen_ms": 50}))
    bench.send(command.encode() + b"\r")
    ok_ns = bench.until(OK)
    bench.send(b"AT\r")
    assert bench.rest() == b""
    (lost,) = bench.events(Lost)
    assert (lost.cause, lost.count) == ("reopen", 3)
    bench.run_to(ok_ns + ms(50))
    assert bench.ask("AT") == OK


def test_a_burst_that_the_gap_cuts_loses_its_head_only() -> None:
    bench = Bench(profile(uart={"reopen_ms": 50}))
    bench.send(b"AT+IFC=2,2\r")
    ok_ns = bench.until(OK)
    bench.run_to(ok_ns + ms(49))
    bench.send(b"x" * 20 + b"AT\r")
    assert bench.rest().endswith(b"AT\r" + OK)
    (lost,) = bench.events(Lost)
    arrived_in_gap = ms(1) * 115200 // (10 * s(1))
    assert lost.count == arrived_in_gap
    assert bench.rig.counters()["lost_reopen"] == arrived_in_gap
