"""CONNECT comes late."""

from quecsim.faults import ConnectLate, Fault, PowerCutFault
from quecsim.render.text import render_text
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Verdict
from quecsim.trace.event import DataBegin, FaultFired
from quecsim.units import s
from tests.device.bench import OK, Bench
from tests.faults.bench import fired


def test_connect_is_late() -> None:
    prompt, late = Bench(), Bench(faults=[ConnectLate(delay_ms=3000)])
    times = []
    for bench in (prompt, late):
        bench.send(b'AT+QFUPL="x",3\r')
        times.append(bench.until(b"CONNECT\r\n"))
    assert times[1] - times[0] == s(3)
    assert fired(late) == [(0, "connect_late")]


def firings(bench: Bench) -> list[tuple[int, str]]:
    return [(event.at_ns, event.what) for event in bench.events(FaultFired)]


def asked(*faults: Fault) -> Bench:
    bench = Bench(faults=[ConnectLate(delay_ms=3000), *faults])
    bench.send(b'AT+QFUPL="x",3\r')
    return bench


def test_it_fires_when_connect_comes() -> None:
    bench = asked()
    bench.run_for(s(2))
    assert firings(bench) == []
    bench.until(b"CONNECT\r\n")
    (begin,) = bench.events(DataBegin)
    assert firings(bench) == [(begin.at_ns, "CONNECT 1 came 3.000 s late")]


def test_a_connect_that_cannot_come_any_more_fires_then() -> None:
    bench = asked(PowerCutFault(at_ms=1000, off_ms=500))
    bench.rest()
    cut, late = firings(bench)
    assert cut == (s(1), "the power went at 1.000 s")
    assert late[0] == s(1)
    assert late[1].startswith("CONNECT 1 was held back for 9")
    assert late[1].endswith("ms, and did not come")
    assert bench.ask("AT") == OK
    assert len(firings(bench)) == 2


def test_the_run_ends_before_connect_comes() -> None:
    bench = asked()
    bench.run_for(s(2))
    bench.rig.finish(bench.now_ns)
    ((at_ns, what),) = firings(bench)
    assert at_ns == s(2)
    assert what.endswith("and did not come")


def test_the_next_connect_is_not_late() -> None:
    bench = asked()
    bench.until(b"CONNECT\r\n")
    bench.send(b"abc")
    bench.rest()
    bench.upload('AT+QFUPL="y",3', b"abc")
    assert fired(bench) == [(0, "connect_late")]


def reported(bench: Bench) -> tuple[Report, str]:
    builder = ReportBuilder()
    builder.feed(bench.record())
    report = builder.report()
    return report, " ".join(render_text(report, False).split())


def test_the_report_shows_the_upload_that_waits_for_it() -> None:
    bench = asked()
    bench.run_for(s(2))
    report, told = reported(bench)
    (upload,) = report.uploads
    assert (upload.verdict, upload.name, upload.size) == (Verdict.WAITING, "x", 3)
    assert "waiting for CONNECT" in told
    assert "CONNECT number 1 comes 3000 ms late: not fired yet" in told
    bench.rig.finish(bench.now_ns)
    _, told = reported(bench)
    assert "waiting for CONNECT" in told
    assert "fired once at 2.000 s" in told
