"""The host's UART, when the program changes its settings while bytes are under way."""

import pytest

from quecsim.flash.stall import AddedStall
from quecsim.trace.event import HostHeld, LineMismatch, Lost, Stored
from quecsim.units import ms
from tests.device.bench import Bench, profile

UART = {"rx_ring_bytes": 256, "rts_off_bytes": 192, "rts_on_bytes": 64, "ifc_values": (0, 1, 2)}
DATA = b"certificate\n" * 1000


COMMAND = f'AT+QFUPL="x",{len(DATA)}\r'.encode()


def sending(count: int = len(DATA)) -> Bench:
    """A host in the middle of an upload, of which it has written `count` bytes."""
    bench = Bench(profile(uart=UART), stalls=[AddedStall(ms(200), every_bytes=4096)], ifc=(1, 1))
    bench.rig.host_line(0, 115200, "8N1", "xonxoff")
    bench.send(COMMAND)
    bench.until(b"CONNECT\r\n")
    bench.send(DATA[:count])
    return bench


def held() -> Bench:
    """It is held by an XOFF."""
    bench = sending()
    while not bench.rig.is_host_held:
        bench.run_for(ms(1))
    return bench


@pytest.mark.parametrize("baud", [115200, 115201])
def test_an_xoff_holds_until_the_xon_whatever_is_set_meanwhile(baud: int) -> None:
    bench = held()
    bench.rig.host_line(bench.now_ns, baud, "8N1", "xonxoff")
    assert bench.rig.is_host_held
    bench.rest()
    assert bench.file("x") == DATA
    assert bench.rig.counters()["lost"] == 0
    turns = [event.held for event in bench.events(HostHeld)]
    assert turns == [True, False] * (len(turns) // 2)


def test_bytes_that_were_written_with_flow_control_keep_it() -> None:
    bench = held()
    bench.rig.host_line(bench.now_ns, 115200, "8N1", "none")
    assert bench.rig.is_host_held
    assert bench.rig.host_flow == "none"
    bench.rest()
    assert bench.file("x") == DATA
    assert bench.rig.counters()["lost"] == 0


def test_an_xoff_is_not_heard_by_bytes_that_were_written_without_flow_control() -> None:
    bench = sending(len(DATA) // 2)
    bench.rig.host_line(bench.now_ns, 115200, "8N1", "none")
    bench.send(DATA[len(DATA) // 2 :])
    bench.rest()
    (lost,) = {event.host_flow for event in bench.events(Lost)}
    assert lost == "off"
    assert min(event.offset for event in bench.events(Lost)) >= len(COMMAND) + len(DATA) // 2
    assert not bench.events(HostHeld)[-1].held


def test_bytes_go_at_the_rate_that_they_were_written_with() -> None:
    """2000 bytes at 115200 baud, and then the port is set to 9600, as a leaving terminal may."""
    bench = Bench(garbles=True)
    bench.ask("ATE0")
    bench.send(b'AT+QFUPL="x",2000\r')
    bench.until(b"CONNECT\r\n")
    start_ns = bench.now_ns
    bench.send(bytes(2000))
    bench.rig.host_line(bench.now_ns, 9600, "8N1", "none")
    bench.rig.host_line(bench.now_ns, 9600, "7E1", "none")  # the last counts
    bench.run_for(ms(300))
    assert bench.file("x") == bytes(2000)
    stored = [event.at_ns for event in bench.events(Stored)]
    assert ms(170) < stored[-1] - start_ns < ms(180)
    assert [event.sender for event in bench.events(LineMismatch)] == ["device"]
    bench.send(b"A")
    bench.rest()
    (mismatch,) = [event for event in bench.events(LineMismatch) if event.sender == "host"]
    assert mismatch.host == "9600 7E1"


def test_what_is_thrown_away_keeps_nobody_from_the_new_settings() -> None:
    bench = Bench()
    bench.send(bytes(100))
    bench.rig.host_line(0, 9600, "8N1", "none")
    bench.send(bytes(100))
    bench.run_to(ms(1))
    bench.rig.host_discard(bench.now_ns)
    bench.rest()
    bench.send(b"A")
    begin_ns = bench.now_ns
    while bench.rig.host_queued:
        bench.run_for(ms(1) // 100)
    assert bench.now_ns - begin_ns > ms(1)  # of 9600 baud
