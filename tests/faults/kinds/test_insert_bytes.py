"""Bytes that nobody sent."""

from quecsim.faults import InsertBytes
from quecsim.report.model import Verdict
from quecsim.trace.event import FaultFired, Noise
from tests.device.bench import OK, Bench
from tests.faults.line import FIRST, PAYLOAD, uploaded, verdict


def test_bytes_that_nobody_sent() -> None:
    bench, heard = uploaded(InsertBytes(at_byte=FIRST + 50, bytes=(0, 255)))
    assert bench.file("x") == (PAYLOAD[:50] + b"\0\xff" + PAYLOAD[50:])[:100]
    assert heard.endswith(OK + PAYLOAD[-2:])  # the echo of what came after the file
    counters = bench.rig.counters()
    assert (counters["inserted"], counters["sent"]) == (2, FIRST - 1 + 100)
    assert len(bench.events(FaultFired)) == 1
    (noise,) = bench.events(Noise)
    assert (noise.offset, noise.count, noise.what) == (FIRST + 49, 2, "inserted")
    assert noise.inserted_at < 0
    assert verdict(bench)[0] is Verdict.WRONG


def test_a_command_with_a_byte_too_many_is_another_command() -> None:
    bench = Bench(faults=[InsertBytes(at_byte=5, bytes=(ord("X"),))])
    assert b"ERROR" in bench.ask("AT+CSQ")
    assert len(bench.events(FaultFired)) == 1
