"""Runs on a real pty: what is kept, how a failure is repeated, and what a program may do wrong."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from junitparser import Error, JUnitXml, TestCase

from quecsim.check.junit import write_junit
from quecsim.check.many import Outcome
from quecsim.check.plan import CheckPlan, known_rules, payload_of
from quecsim.check.results import CheckResult, CheckRun
from quecsim.check.series import SeriesPlan, _variants, repeat_command, run_series
from quecsim.check.text import render_run, render_sum
from quecsim.cli.report import report
from quecsim.errors import QuecsimError
from quecsim.live.signals import Signals
from quecsim.run.pages import Pages
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.trace.jsonl import read_trace

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "upload_ack.py")
DATA = b"0123456789abcdef" * 100
SAYS_NOTHING = "import sys; print('hello from the host'); sys.exit(3)"
CLAIMS = "print('all well')"
PLAIN = make_scenario("ec200u", flash="instant")


@pytest.fixture
def signals() -> Iterator[Signals]:
    old = {n: signal.getsignal(n) for n in (2, 15, 1, signal.SIGUSR1, signal.SIGCHLD)}
    with Signals() as made:
        yield made
    for number, handler in old.items():
        signal.signal(number, handler)


def series(
    folder: Path, *program: str, scenario: Scenario = PLAIN, count: int = 1, **options: object
) -> SeriesPlan:
    file = folder / "ca.pem"
    file.write_bytes(DATA)
    words = ("mine", "--repeat", "3", "--json", "--", *program)
    check = CheckPlan(scenario, tuple(program), file, DATA, True, **options)  # type: ignore[arg-type]
    return SeriesPlan(check, words, folder / "kept", count, is_shown=False)


def run(plan: SeriesPlan, signals: Signals) -> tuple[CheckResult, list[CheckRun]]:
    told: list[CheckRun] = []
    return run_series(plan, signals, told.append), told


def junit_cases(path: Path) -> list[TestCase]:
    (suite,) = JUnitXml.fromfile(str(path))
    return list(suite)


@pytest.mark.pty
def test_a_right_program_passes_and_leaves_nothing(tmp_path: Path, signals: Signals) -> None:
    plan = series(tmp_path, sys.executable, EXAMPLE, "{port}", "{file}")
    result, told = run(plan, signals)
    assert result.passed
    assert [each.judgement.verdict for each in told] == ["intact"]
    assert told[0].output == f"{len(DATA)} bytes uploaded\n"
    assert not (tmp_path / "kept").exists()


@pytest.mark.pty
def test_a_failure_leaves_its_trace_and_what_the_program_said(
    tmp_path: Path, signals: Signals
) -> None:
    plan = series(tmp_path, sys.executable, "-c", SAYS_NOTHING)
    result, (told,) = run(plan, signals)
    assert not result.passed
    assert told.exit_code == 3
    assert told.judgement.verdict == "none"
    kept = Path(told.kept)
    assert kept == tmp_path / "kept" / "ec200u-none"
    assert (kept / "program.log").read_text() == "hello from the host\n"
    assert msgspec.json.decode((kept / "judgement.json").read_bytes(), type=CheckRun) == told
    header, events = read_trace(kept / "trace.jsonl")
    assert header.torn_bytes == 0
    assert type(events[-1]).__name__ == "End"
    text = render_run("ec200u", told, colour=False)
    assert "it said: hello from the host" in text
    assert "the program ended with exit code 3" in text
    assert all(len(line) <= 80 for line in text.splitlines() if "repeat with" not in line
               and "trace:" not in line)  # fmt: skip


DEAF = """
import os, sys, time, tty
data = open(sys.argv[2], "rb").read()
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(port)
os.write(port, b'AT+QFDEL="ca.pem"\\r')
time.sleep(0.3)
os.write(port, b'AT+QFUPL="ca.pem",%d\\r' % len(data))
time.sleep(0.3)
os.write(port, data)
time.sleep(1)
"""


@pytest.mark.pty
def test_a_program_that_never_reads_cannot_know(tmp_path: Path, signals: Signals) -> None:
    """Its pauses are long enough, and the file is there: by luck."""
    result, told = run(series(tmp_path, sys.executable, "-c", DEAF, "{port}", "{file}"), signals)
    judgement = told[0].judgement
    assert (judgement.verdict, judgement.passed) == ("intact", False)
    rules = [each.rule for each in judgement.breaches]
    assert rules == ["unread-answer", "unread-answer", "never-read"]
    assert not result.passed


@pytest.mark.pty
def test_a_later_check_overwrites_nothing(tmp_path: Path, signals: Signals) -> None:
    plan = series(tmp_path, sys.executable, "-c", SAYS_NOTHING)
    kept = [run(plan, signals)[1][0].kept for _ in range(3)]
    names = ["ec200u-none", "ec200u-none-2", "ec200u-none-3"]
    assert kept == [str(tmp_path / "kept" / name) for name in names]
    assert all((Path(place) / "trace.jsonl").exists() for place in kept)


@pytest.mark.pty
def test_runs_with_the_same_cause_share_one_folder(tmp_path: Path, signals: Signals) -> None:
    plan = series(tmp_path, sys.executable, "-c", CLAIMS, count=2)
    result, told = run(plan, signals)
    assert result.passed_runs == 0
    assert result.causes == {"none": 2}
    assert {each.kept for each in told} == {str(tmp_path / "kept" / "ec200u-none")}
    assert "0 of 2 runs passed" in render_sum(result)
    assert "2 x none (first: run 1, seed 1)" in render_sum(result)


@pytest.mark.pty
def test_a_program_that_hangs_is_stopped_with_all_it_started(
    tmp_path: Path, signals: Signals
) -> None:
    script = "sleep 600 & echo $!; wait"
    plan = series(tmp_path, "sh", "-c", script, limit_s=0.5)
    _, (told,) = run(plan, signals)
    assert told.judgement.verdict == "unfinished"
    assert "stopped after 0.5 s (--timeout)" in told.judgement.sentence
    status = Path("/proc") / told.output.strip() / "stat"
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # gone, and buried
        while status.read_text().rpartition(")")[2].split()[0] != "Z":  # dead, and not buried
            pass


@pytest.mark.pty
def test_a_signal_ends_it_and_keeps_nothing(tmp_path: Path, signals: Signals) -> None:
    script = f"kill -INT {os.getpid()}; sleep 600"
    result, told = run(series(tmp_path, "sh", "-c", script), signals)
    assert (result.stopped, result.passed, told) == (True, False, [])
    assert not (tmp_path / "kept").exists()
    write_junit([Outcome(result.scenario, result)], tmp_path / "out.xml")
    (case,) = junit_cases(tmp_path / "out.xml")
    assert "stopped after 0 of 1 runs" in case.result[0].message


@pytest.mark.pty
def test_a_signal_in_a_later_run_leaves_what_was_run(tmp_path: Path, signals: Signals) -> None:
    mark = tmp_path / "mark"
    script = f"test -e {mark} && kill -INT {os.getpid()} && sleep 600; touch {mark}; exit 1"
    result, told = run(series(tmp_path, "sh", "-c", script, count=5), signals)
    assert (result.stopped, result.runs, len(told)) == (True, told, 1)
    assert render_sum(result).startswith("0 of 1 run passed; stopped before the other 4\n")
    write_junit([Outcome(result.scenario, result)], tmp_path / "out.xml")
    first, last = junit_cases(tmp_path / "out.xml")
    assert first.name == "ec200u (seed 1, run 1)"
    assert isinstance(last.result[0], Error)
    assert last.result[0].message == "stopped after 1 of 5 runs"


@pytest.mark.pty
def test_where_nothing_can_be_kept_the_result_is_told_all_the_same(
    tmp_path: Path, signals: Signals
) -> None:
    (tmp_path / "kept").write_text("no folder")
    result, (told,) = run(series(tmp_path, sys.executable, "-c", SAYS_NOTHING), signals)
    assert not result.passed
    assert told.kept == ""
    assert "nothing is kept: cannot write" in render_run("mine", told, colour=False)


@pytest.mark.pty
def test_a_program_that_is_not_there_is_the_users_mistake(tmp_path: Path, signals: Signals) -> None:
    with pytest.raises(QuecsimError, match="cannot start"):
        run(series(tmp_path, "no-such-program"), signals)


@pytest.mark.pty
def test_the_environment_holds_what_the_arguments_can(tmp_path: Path, signals: Signals) -> None:
    script = 'test "$1" = "$QUECSIM_PORT" && test "$2" = "$QUECSIM_FILE" && test -c "$1"'
    _, (told,) = run(series(tmp_path, "sh", "-c", script, "x", "{port}", "{file}"), signals)
    assert told.exit_code == 0


@pytest.mark.pty
def test_seeds_vary_if_asked(tmp_path: Path, signals: Signals) -> None:
    plan = series(tmp_path, "true", count=2)
    plan = SeriesPlan(plan.check, plan.words, plan.keep, 2, varies_seed=True, is_shown=False)
    result, _ = run(plan, signals)
    assert [each.seed for each in result.runs] == [1, 2]
    assert "--seed 2" in result.runs[1].repeat_with


@pytest.mark.pty
def test_a_junit_file_of_it(tmp_path: Path, signals: Signals) -> None:
    result, _ = run(series(tmp_path, sys.executable, "-c", SAYS_NOTHING), signals)
    write_junit([Outcome(result.scenario, result)], tmp_path / "out.xml")
    (case,) = junit_cases(tmp_path / "out.xml")
    assert case.name == "ec200u (seed 1)"
    assert case.result[0].type == "none"
    assert "repeat with" in case.result[0].text
    assert "hello from the host" in case.system_out
    with pytest.raises(QuecsimError, match="cannot write"):
        write_junit([Outcome(result.scenario, result)], tmp_path / "nowhere" / "out.xml")


def test_what_could_not_be_run_is_an_error_of_the_junit_file(tmp_path: Path) -> None:
    error = QuecsimError("cannot start ./none", hint="is it there?")
    write_junit([Outcome("thread-57329", None, str(error))], tmp_path / "out.xml")
    (case,) = junit_cases(tmp_path / "out.xml")
    assert isinstance(case.result[0], Error)
    assert case.result[0].message == "cannot start ./none"
    assert "is it there?" in case.result[0].text


def test_the_command_that_repeats_a_run_runs_it_once_with_its_seed() -> None:
    words = (
        "s.toml",
        "--repeat=9",
        "--vary-seed",
        "--seed",
        "4",
        "--flow",
        "none",
        "--",
        "p",
        "{port}",
    )
    command = repeat_command(words, 7)
    assert command == "quecsim check s.toml --flow none --seed 7 -- p '{port}'"


def test_the_payload_is_the_users_or_the_scenarios(tmp_path: Path) -> None:
    path, data, is_compared = payload_of(PLAIN, ["x", "{file}"], None, tmp_path)
    assert path.read_bytes() == data
    assert data.startswith(b"-----BEGIN CERTIFICATE-----")
    assert is_compared
    assert payload_of(PLAIN, ["x"], None, tmp_path)[2] is False
    own = tmp_path / "own"
    own.write_bytes(DATA)
    assert payload_of(PLAIN, ["x"], own, tmp_path) == (own, DATA, True)
    with pytest.raises(QuecsimError, match="cannot read"):
        payload_of(PLAIN, ["x"], tmp_path / "none", tmp_path)


def test_a_program_that_was_not_given_the_file_is_not_measured_by_it(tmp_path: Path) -> None:
    plan = CheckPlan(PLAIN, ("x",), tmp_path / "x", DATA, False)
    assert plan.expected(b"something else") is None
    assert plan.expected(DATA) == DATA


def test_an_unknown_rule_is_the_users_mistake() -> None:
    assert known_rules(("existing-file",)) == {"existing-file"}
    with pytest.raises(QuecsimError, match="no rule 'ack'"):
        known_rules(("ack",))


CHANGES_A_BYTE = """
import os, sys, time, tty
data = open(sys.argv[2], "rb").read()
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(port)
def until(word):
    got = b""
    while word not in got:
        got += os.read(port, 100)
os.write(port, b'AT+QFUPL="ca.pem",%d\\r' % len(data))
until(b"CONNECT\\r\\n")
os.write(port, b"X" + data[1:])
until(b"OK\\r\\n")
"""


@pytest.mark.pty
def test_the_report_of_what_was_kept_agrees_with_the_check(
    tmp_path: Path, signals: Signals
) -> None:
    """The trace does not know the file: all bytes came. The check does: one is wrong."""
    plan = series(tmp_path, sys.executable, "-c", CHANGES_A_BYTE, "{port}", "{file}")
    _, (told,) = run(plan, signals)
    assert told.judgement.verdict == "wrong"
    result = CliRunner().invoke(report, [told.kept], standalone_mode=False)
    assert result.return_value == 1
    text = " ".join(result.stdout.split())
    assert text.startswith("FAILED ec200u: ca.pem wrong: ca.pem differs from byte 0 on")
    assert "wrong ca.pem: ca.pem differs from byte 0 on" in text
    assert "intact" not in text
    as_json = CliRunner().invoke(report, [told.kept, "--json"], standalone_mode=False)
    made = msgspec.json.decode(as_json.stdout)
    assert [each["verdict"] for each in made["uploads"]] == ["wrong"]


LF_ALONE = """
import os, sys, time, tty
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(port)
os.write(port, b'AT\\nAT+QFUPL="ca.pem",10\\n')
time.sleep(0.2)
"""


@pytest.mark.pty
def test_a_program_whose_commands_end_in_lf_is_told_so(tmp_path: Path, signals: Signals) -> None:
    _, (told,) = run(series(tmp_path, sys.executable, "-c", LF_ALONE, "{port}"), signals)
    assert told.judgement.verdict == "none"
    assert [each.kind for each in told.judgement.advice] == ["lf-alone"]
    text = " ".join(render_run("ec200u", told, colour=False).split())
    assert "2 command lines end in LF alone (0x0a), first `AT`" in text
    assert "-> end each command with CR (0x0d)" in text


def test_readings_of_the_device_follow_the_device_as_it_is(tmp_path: Path) -> None:
    """Which runs a check has: of all, the device as it is comes first; of one, only that."""
    plan = replace(series(tmp_path, "true"), quirks=("all",))
    quirks = [variant.quirk for variant in _variants(plan, "UFS:ca.pem")]
    assert quirks[0] == ""
    assert {"missing_delete=file_not_found", "upload_timeout=summary_ok"} <= set(quirks)
    assert len(quirks) == len(set(quirks)) > 25
    one = replace(plan, quirks=("missing_delete",))
    (variant,) = _variants(one, "UFS:ca.pem")
    assert variant.quirk == "missing_delete=file_not_found"
    assert variant.check.scenario.profile().files.missing_delete == "file_not_found"
    assert variant.check.expect == "intact"
    stopped = replace(plan, quirks=("upload_timeout=cme421",))
    assert [each.check.expect for each in _variants(stopped, "UFS:ca.pem")] == ["honest"]


def test_a_reading_that_there_is_not_is_told(tmp_path: Path) -> None:
    plan = replace(series(tmp_path, "true"), quirks=("mising_delete",))
    with pytest.raises(QuecsimError) as told:
        list(_variants(plan, "UFS:ca.pem"))
    assert 'Did you mean "missing_delete"?' in told.value.hint


@pytest.mark.pty
def test_a_failure_names_the_reading_and_how_to_repeat_it(tmp_path: Path, signals: Signals) -> None:
    plan = replace(series(tmp_path, sys.executable, "-c", SAYS_NOTHING), quirks=("missing_delete",))
    result, (told,) = run(plan, signals)
    assert told.quirk == "missing_delete=file_not_found"
    assert "with missing_delete=file_not_found:" in render_run("x", told, colour=False)
    assert "--vary-quirks missing_delete=file_not_found" in told.repeat_with
    assert "missing_delete=file_not_found" in render_sum(result)
    assert result.wanted_runs == 1


@pytest.mark.pty
def test_a_failure_has_its_page_with_what_the_check_said(tmp_path: Path, signals: Signals) -> None:
    plan = series(tmp_path, sys.executable, "-c", SAYS_NOTHING, count=2)
    result, told = run(replace(plan, pages=Pages(tmp_path / "pages")), signals)
    (page,) = (tmp_path / "pages").iterdir()
    assert told[0].page == str(page)
    assert told[1].page == ""  # the first of a cause says it all
    assert f"page: {page}" in render_run("x", told[0], colour=False)
    html = page.read_text()
    assert "What the check said" in html
    assert "the host wrote nothing to the port" in html
    assert not result.passed


@pytest.mark.pty
def test_a_page_that_cannot_be_written_costs_no_judgement(tmp_path: Path, signals: Signals) -> None:
    (tmp_path / "file").write_text("")
    plan = series(tmp_path, sys.executable, "-c", SAYS_NOTHING)
    _, (told,) = run(replace(plan, pages=Pages(tmp_path / "file")), signals)
    assert told.page == ""
    assert any("no page: cannot write" in note for note in told.notes)
    assert Path(told.kept).is_dir()
