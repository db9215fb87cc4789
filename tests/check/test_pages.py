from pathlib import Path

import msgspec

from quecsim.check.pages import judged_record
from quecsim.check.results import CheckRun
from quecsim.judge.conduct import ConductWatch
from quecsim.judge.judgement import judge
from quecsim.report.builder import ReportBuilder
from tests.cli.test_report import CERTIFICATE, record, write


def test_the_record_has_what_the_check_said(tmp_path: Path) -> None:
    trace, events = tmp_path / "trace.jsonl", record("thread-57329")
    write(trace, events)
    builder, watch = ReportBuilder(), ConductWatch()
    builder.feed(events)
    watch.feed(events)
    found = judge(
        builder.report(), watch, claim=True, content=b"", expected=CERTIFICATE, name="UFS:ca.pem"
    )
    found = msgspec.structs.replace(found, sentence="nobody has it")
    run = CheckRun(
        number=1, seed=1, exit_code=0, ended="", took_s=1.0, judgement=found, output="",
        is_shown=False, notes=[], kept="there", repeat_with="quecsim check x",
    )  # fmt: skip
    made = judged_record(trace, run, "thread-57329")
    assert made.has_passed is False
    assert made.name == str(trace)
    assert made.verdict.startswith("FAILED  thread-57329: ")
    assert "repeat with: quecsim check x" in made.verdict
    assert made.report.uploads[-1].sentence == "nobody has it"
    assert made.wire.tap is not None
