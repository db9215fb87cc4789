"""The host's UART under XON/XOFF, when the program changes its settings while it is held."""

import pytest

from quecsim.flash.stall import AddedStall
from quecsim.trace.event import HostHeld
from quecsim.units import ms
from tests.device.bench import Bench, profile

UART = {"rx_ring_bytes": 256, "rts_off_bytes": 192, "rts_on_bytes": 64, "ifc_values": (0, 1, 2)}
DATA = b"certificate\n" * 1000


def sending() -> Bench:
    """A host in the middle of an upload."""
    bench = Bench(profile(uart=UART), stalls=[AddedStall(ms(200), every_bytes=4096)], ifc=(1, 1))
    bench.rig.host_line(0, 115200, "8N1", "xonxoff")
    bench.send(f'AT+QFUPL="x",{len(DATA)}\r'.encode())
    bench.until(b"CONNECT\r\n")
    bench.send(DATA)
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


def test_an_xoff_is_forgotten_with_the_flow_control() -> None:
    bench = held()
    bench.rig.host_line(bench.now_ns, 115200, "8N1", "none")
    assert not bench.rig.is_host_held
    bench.rest()
    assert bench.rig.counters()["lost"] > 0
    assert [event.held for event in bench.events(HostHeld)] == [True, False]


def test_an_xoff_on_its_way_is_not_heard_without_flow_control() -> None:
    (first,) = held().events(HostHeld)
    bench = sending()
    bench.run_to(first.at_ns - 1)  # the XOFF is on the line
    bench.rig.host_line(bench.now_ns, 115200, "8N1", "none")
    bench.rest()
    assert bench.events(HostHeld) == []
