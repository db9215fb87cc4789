"""An upload of 100 bytes over a line that has faults, and what became of it."""

from quecsim.faults import Fault
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Verdict
from tests.device.bench import Bench

COMMAND = 'AT+QFUPL="x",100,1'
FIRST = len(COMMAND) + 1 + 1  # the number of the file's first byte in the stream
PAYLOAD = bytes(range(100, 200))


def uploaded(*faults: Fault) -> tuple[Bench, bytes]:
    bench = Bench(faults=faults)
    heard = bench.upload(COMMAND, PAYLOAD)
    bench.rig.check()
    counters = bench.rig.counters()
    places = sum(counters[name] for name in ("stored", "eaten", "lost", "in_flight"))
    assert counters["sent"] + counters.get("inserted", 0) == places
    return bench, heard


def verdict(bench: Bench) -> tuple[Verdict, str]:
    builder = ReportBuilder()
    builder.feed(bench.record())
    report = builder.report(counters=bench.rig.counters())
    assert report.counters.holds
    return report.uploads[0].verdict, report.uploads[0].sentence
