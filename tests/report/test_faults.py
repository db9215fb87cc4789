"""What the report says of faults, and of what noise has done to a file."""

from typing import Any

from quecsim.faults import AckLost, BitError, DropBytes, Fault, PowerCutFault, ResetFault
from quecsim.render.text import render_text
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Verdict
from quecsim.units import s
from tests.device.bench import Bench

COMMAND = 'AT+QFUPL="x",500,1'
DATA = bytes(500)


def report(*faults: Fault, wait_ns: int = s(20), **config: Any) -> Report:
    bench = Bench(faults=faults, **config)
    bench.upload(COMMAND, DATA)
    bench.run_for(wait_ns)
    bench.rig.finish(bench.now_ns)
    builder = ReportBuilder()
    builder.feed(bench.record())
    made = builder.report()
    assert made.counters.holds
    return made


def test_each_fault_is_listed_with_how_often_it_fired() -> None:
    made = report(AckLost(), BitError(at_byte=100, bit=0))
    lost, bit = made.faults
    assert (lost.index, lost.kind, lost.fired, lost.first_ns) == (0, "ack_lost", 0, None)
    assert (bit.index, bit.kind, bit.fired) == (1, "bit_error", 1)
    assert bit.first_ns is not None
    text = render_text(made, colour=False)
    assert "ack_lost, A number 1 is never sent: never fired" in text
    assert "bit_error, bit 0 turned over in byte 100: fired once at 0." in text


def test_without_faults_nothing_is_said() -> None:
    made = report()
    assert made.faults == []
    assert "Faults" not in render_text(made, colour=False)


def test_a_fault_that_is_injected_is_listed() -> None:
    bench = Bench()
    bench.rig.inject(0, DropBytes(at_byte=1))
    bench.ask("AT")
    builder = ReportBuilder()
    builder.feed(bench.record())
    (count,) = builder.report().faults
    assert (count.kind, count.fired, count.first) == ("drop_bytes", 1, "lost byte 1")


def test_a_damaged_file_fell_short() -> None:
    made = report(BitError(at_byte=100, bit=0))
    (upload,) = made.uploads
    assert (upload.verdict, upload.altered, upload.inserted) == (Verdict.WRONG, 1, 0)
    assert made.fell_short


def test_a_bit_of_the_command_is_no_bit_of_the_file() -> None:
    made = report(BitError(at_byte=11, bit=0))  # the name becomes `y`
    (upload,) = made.uploads
    assert (upload.name, upload.verdict, upload.altered) == ("y", Verdict.INTACT, 0)


def test_losses_out_of_noise() -> None:
    made = report(DropBytes(at_byte=100, count=2))
    (upload,) = made.uploads
    assert upload.verdict is Verdict.LOST
    assert [(loss.count, loss.cause) for loss in upload.losses] == [(2, "noise")]
    assert made.counters.lost_by_cause == {"noise": 2}


def test_an_upload_ends_with_the_power_or_with_a_reset() -> None:
    for fault in (PowerCutFault(at_byte=300, off_ms=10), ResetFault(at_byte=300)):
        (upload,) = report(fault).uploads
        assert (upload.ended, upload.verdict) == ("power", Verdict.LOST)
