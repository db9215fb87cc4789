"""The wire in either direction, and the bytes that its faults count."""

import pytest

from quecsim.faults import BitError, Break, DropBytes, Fault, InsertBytes
from quecsim.trace.event import DataEnd, FaultFired, Lost, SendDropped
from tests.device.bench import OK, Bench
from tests.faults.line import FIRST, uploaded


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        (BitError(direction="to_host", at_byte=6, bit=0), b"AT\r\r\nNK\r\n"),
        (DropBytes(direction="to_host", at_byte=6), b"AT\r\r\nK\r\n"),
        (InsertBytes(direction="to_host", at_byte=6, bytes=(33, 34)), b'AT\r\r\n!"OK\r\n'),
        (Break(direction="to_host", at_byte=7, break_ms=1), b"AT\r\r\nO\0"),
    ],
)
def test_the_other_direction(fault: Fault, heard: bytes) -> None:
    bench = Bench(faults=[fault])
    bench.send(b"AT\r")
    assert bench.rest() == heard
    (firing,) = bench.events(FaultFired)
    assert "to the host" in firing.what
    dropped = len(b"AT\r\r\nOK\r\n") - sum(byte in b"AT\r\nOK" for byte in heard)
    lost = sum(event.count for event in bench.events(SendDropped))
    assert lost == (0 if isinstance(fault, BitError) else dropped)


def test_a_fault_that_is_injected_counts_from_then_on() -> None:
    bench = Bench()
    assert bench.ask("AT") == OK
    index = bench.rig.inject(bench.now_ns, DropBytes(at_byte=2))
    assert index == 0
    bench.ask("AT")
    (lost,) = bench.events(Lost)
    assert lost.offset == 3 + 1
    bench.rig.inject(bench.now_ns, DropBytes(direction="to_host", at_byte=1))
    bench.send(b"\rAT\r")
    assert bench.rest().startswith(b"AT\r\r\nOK")
    assert [event.index for event in bench.events(FaultFired)] == [0, 1]


def test_without_a_fault_nothing_is_counted() -> None:
    bench, _ = uploaded()
    assert "inserted" not in bench.rig.counters()
    assert bench.events(FaultFired) == []
    points = bench.rig.fault_points()
    assert points["byte"] == FIRST - 1 + 100
    assert points["connect"] == 1
    assert points["data_byte"] == 100
    assert points["command"] == 1
    assert points["flash_op"] > 0
    assert points["byte_to_host"] == len(bench.output)
    assert [event.received for event in bench.events(DataEnd)] == [100]
