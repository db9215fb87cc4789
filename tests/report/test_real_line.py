"""What a board's real line shows, counted from the events of runs and of a rig's own."""

import pytest

from quecsim.flash.stall import AddedStall
from quecsim.profiles.loader import load_profile
from quecsim.render.text import render_text
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import RealLine, Report
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import AdapterErrors
from quecsim.units import ms, s


def line_of(report: Report) -> RealLine:
    assert report.real_line is not None
    return report.real_line


def report_of(rig: Rig) -> Report:
    rig.finish(s(60))
    builder = ReportBuilder()
    builder.feed(rig.take_events())
    return builder.report()


def a_rig(**options: object) -> Rig:
    rig = Rig(load_profile("ec200u"), RigConfig(**{"is_real_line": True, **options}))  # type: ignore[arg-type]
    rig.start()
    return rig


def test_another_line_has_none() -> None:
    assert report_of(a_rig(is_real_line=False)).real_line is None
    assert report_of(a_rig()).real_line == RealLine()


def test_errors_are_summed_and_are_in_no_other_count() -> None:
    rig = a_rig()
    rig.host_write(s(1), b"AT\r")
    rig.adapter_errors(AdapterErrors(s(2), 2, 0, 0, 0))
    rig.adapter_errors(AdapterErrors(s(3), 1, 4, 5, 6))
    report = report_of(rig)
    assert line_of(report) == RealLine(overruns=3, framing=4, parity=5, damaged=6)
    assert (report.counters.sent, report.counters.lost, report.counters.holds) == (3, 0, True)
    seen = {each.kind: each for each in report.advice}
    assert "3 times" in seen["adapter-overrun"].seen
    assert "9 bytes came damaged" in seen["adapter-errors"].seen
    assert "115200 8N1" in seen["adapter-errors"].advice
    told = render_text(report, colour=False)
    assert "3 overruns" in told
    assert "4 framing errors, 5 parity errors" in told


def test_the_rate_that_the_device_has_by_then() -> None:
    rig = a_rig()
    rig.host_write(s(1), b"AT+IPR=9600\r")
    rig.adapter_errors(AdapterErrors(s(2), 0, 1, 0, 1))
    (advice,) = report_of(rig).advice
    assert "set the board to 9600 8N1" in advice.advice


@pytest.mark.parametrize("after", [0, 1, 700])
def test_how_many_bytes_come_after_rts_has_gone(after: int) -> None:
    """A stall fills the ring of 4096 to its level of 3072; the board stops `after` bytes later."""
    rig = a_rig(ifc=(2, 2), stalls=(AddedStall(s(4), 4096),))
    rig.host_write(s(1), b'ATE0\rAT+QFUPL="x",20000,60\r')
    rig.host_write(s(2), b"d" * 4096)  # the first block; while it is stored, the ring fills
    rig.host_write(s(3), b"d" * (3072 + after))
    report = report_of(rig)
    line = line_of(report)
    assert (line.stops, line.most_after, line.least_room) == (1, after, 1024)
    assert line.lost_after == 0
    assert "went-on" not in {each.kind for each in report.advice}
    assert "The device took RTS away 1 time" in render_text(report, colour=False)


def test_a_board_that_goes_on_loses_bytes() -> None:
    rig = a_rig(ifc=(2, 2), stalls=(AddedStall(s(4), 4096),))
    rig.host_write(s(1), b'ATE0\rAT+QFUPL="x",20000,60\r')
    rig.host_write(s(2), b"d" * 4096)
    rig.host_write(s(3), b"d" * 5000)
    report = report_of(rig)
    line = line_of(report)
    assert line.lost_after == report.counters.lost == 5000 - 4096
    assert line.most_after == 5000 - 3072
    assert "went-on" in {each.kind for each in report.advice}


def test_without_flow_control_nobody_was_asked() -> None:
    rig = a_rig(stalls=(AddedStall(s(4), 4096),))
    rig.host_write(s(1), b'ATE0\rAT+QFUPL="x",20000,60\r')
    rig.host_write(s(2) + ms(1), b"d" * 9999)
    report = report_of(rig)
    assert report.counters.lost > 0
    assert line_of(report) == RealLine()
