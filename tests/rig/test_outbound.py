"""The wire towards the host: what a wrong rate makes of the device's bytes."""

from typing import Any

import pytest

from quecsim.faults import Break, DropBytes, InsertBytes, UrcFault
from quecsim.trace.event import SendDropped
from quecsim.uart.garble import garble
from quecsim.uart.rate import UartRate, parse_frame
from quecsim.units import ms, s, us
from tests.device.bench import Bench

TEXT = "".join(map(chr, range(32, 127)))
FAULTS = [UrcFault(text=TEXT, at_ms=10), UrcFault(text="+X: 1", at_ms=300)]


def heard(step_ns: int, **config: Any) -> Bench:
    bench = Bench(host_baud=config.pop("host_baud", 57600), faults=FAULTS, **config)
    while bench.now_ns < s(1):
        bench.run_for(step_ns)
    return bench


@pytest.mark.parametrize("baud", [57600, 38400, 9600, 230400, 921600])
def test_bytes_without_a_stop_bit_are_on_record_and_the_others_keep_their_times(baud: int) -> None:
    sent = heard(s(1), host_baud=baud)
    sender = UartRate(115200, parse_frame("8N1"))
    receiver = UartRate(baud, parse_frame("8N1"))
    pairs = zip(sent.output, sent.times, strict=True)
    read = [(garble(byte, sender, receiver), at) for byte, at in pairs]
    lost = [at for byte, at in read if byte is None]
    assert lost

    bench = heard(s(1), host_baud=baud, garbles=True)
    good = [each for each in read if each[0] is not None]
    assert list(zip(bench.output, bench.times, strict=True)) == good
    drops = bench.events(SendDropped)
    assert [drop.at_ns for drop in drops] == lost
    assert {(drop.count, drop.why) for drop in drops} == {(1, "framing")}


@pytest.mark.parametrize("step_ns", [us(37), ms(3)])
def test_the_record_of_garbled_bytes_does_not_depend_on_who_looks(step_ns: int) -> None:
    whole = heard(s(1), garbles=True)
    cut = heard(step_ns, garbles=True)
    assert cut.record() == whole.record()
    assert (cut.output, cut.times) == (whole.output, whole.times)


def test_a_byte_that_the_line_has_lost_is_not_lost_again() -> None:
    config: dict[str, Any] = {"garbles": True, "host_baud": 57600}
    faults = [*FAULTS, DropBytes(direction="to_host", at_byte=5, count=20)]
    bench = Bench(faults=faults, **config)
    bench.run_for(s(1))
    why = [drop.why for drop in bench.events(SendDropped)]
    sent = len(heard(s(1)).output)
    assert why.count("noise") == 20
    assert why.count("framing") == sent - 20 - len(bench.output)


@pytest.mark.parametrize("garbles", [False, True])
def test_bytes_reach_the_host_in_the_order_of_their_times(garbles: bool) -> None:
    """Also those that nobody sent: they are there together, right before the byte they precede."""
    faults = [
        *FAULTS,
        InsertBytes(direction="to_host", at_byte=10, bytes=(1, 2, 3, 4)),
        Break(direction="to_host", at_byte=30, break_ms=1),
        Break(direction="to_host", at_ms=12, break_ms=1),
    ]
    bench = Bench(faults=faults, garbles=garbles, host_baud=57600)
    bench.run_for(s(1))
    assert bench.times == sorted(bench.times)
    if not garbles:
        place = bytes(bench.output).index(b"\1\2\3\4")
        assert len(set(bench.times[place : place + 5])) == 1
        assert bench.times[place] > bench.times[place - 1]
