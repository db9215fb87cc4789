"""`quecsim check` of several scenarios, as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_check import CHECK, HOST, PATIENCE_S, check


@pytest.mark.pty
def test_names_together_with_one_table_one_junit_and_one_exit_code(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"x" * 1500)
    done = check(
        tmp_path, "thread-57329", "ec200u", "--file", "ca.pem", "--junit", "out.xml", "--", *HOST
    )
    assert done.returncode == 0, done
    table = done.stdout.splitlines()
    assert table[1].split() == ["thread-57329", "passed", "intact"]
    assert table[2].split() == ["ec200u", "passed", "intact"]
    assert table[-1] == "2 of 2 checks passed"
    junit = (tmp_path / "out.xml").read_text()
    assert junit.count("<testsuite ") == 2


@pytest.mark.pty
def test_a_failure_is_told_whole_and_repeats_alone(tmp_path: Path) -> None:
    wrong = str(Path(HOST[1]).parent / "hosts" / "python" / "wrong.py")
    program = (sys.executable, wrong, "ack_ignored", "{port}", "{file}")
    done = check(tmp_path, "thread-57329", "full-disk", "--timeout", "60s", "--", *program)
    assert done.returncode == 1, done
    assert "FAILED  thread-57329: ca.pem lost" in done.stdout
    assert "repeat with: quecsim check thread-57329 --timeout=60s --seed 1" in done.stdout
    assert "one-of-many" not in done.stdout
    assert "of 2 checks passed" in done.stdout


@pytest.mark.pty
def test_a_suite_and_json(tmp_path: Path) -> None:
    (tmp_path / "f.bin").write_bytes(b"y" * 700)
    (tmp_path / "mine.toml").write_text('title = "t"\nshows = "s"\ndevice = "ec200s"\n')
    (tmp_path / "suite.toml").write_text(
        'file = "f.bin"\n[[check]]\nscenario = "./mine.toml"\n[[check]]\nscenario = "ec200u"\n'
    )
    done = check(tmp_path, "--suite", "suite.toml", "--json", "-j", "1", "--", *HOST)
    page = json.loads(done.stdout)
    assert done.returncode == 0, done
    assert page["passed"] is True
    assert [each["device"] for each in page["checks"]] == ["ec200s", "ec200u"]


def test_mistakes(tmp_path: Path) -> None:
    assert "there is no program to check" in check(tmp_path, "a", "b").stderr
    forgotten = check(tmp_path, "ec200u", "m95", "./upload", "{port}").stderr
    assert "put -- before the program" in forgotten
    none = check(tmp_path, "--all", "--device", "nothing", "--", *HOST)
    assert (none.returncode, 'no device is called "nothing"' in none.stderr) == (2, True)
    lost = check(tmp_path, "--suite", "nowhere.toml", "--", *HOST)
    assert (lost.returncode, "nowhere.toml" in lost.stderr) == (2, True)


@pytest.mark.pty
def test_all_of_a_profile_run_on_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "m95"\ntitle = "Our M95"\n')
    done = check(tmp_path, "--all", "--device", "mine.toml", "--json", "--", "true")
    assert {each["device"] for each in json.loads(done.stdout)["checks"]} == {"mine"}


@pytest.mark.pty
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_the_like_end_all_of_them(tmp_path: Path, number: int) -> None:
    ready = tmp_path / "ready"
    ready.mkdir()
    program = (
        sys.executable, "-c",
        "import os, sys, time; open(f'{sys.argv[1]}/{os.getpid()}', 'w'); time.sleep(600)",
        str(ready), "{port}",
    )  # fmt: skip
    running = subprocess.Popen(
        [*CHECK, "ec200u", "ec200s", "--", *program],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while running.poll() is None and len(list(ready.iterdir())) < 2:
        time.sleep(0.01)
    hosts = [int(path.name) for path in ready.iterdir()]
    running.send_signal(number)
    output, errors = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 130, (output, errors)
    assert "quecsim check: stopped" in errors
    for pid in hosts:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.pty
@pytest.mark.parametrize("count", [1, 2])
def test_nobody_loses_the_result_for_a_file_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    options = ("--json", "--junit", "nowhere/out.xml")
    done = check(tmp_path, *["ec200u"] * count, *options, "--", *HOST)
    assert done.returncode == 2, done
    assert json.loads(done.stdout)["passed"] is True
    assert "cannot write nowhere/out.xml" in done.stderr
    assert (tmp_path / "summary.md").read_text().count("passed")


@pytest.mark.pty
def test_the_same_check_twice_keeps_two_failures(tmp_path: Path) -> None:
    done = check(tmp_path, *["ec200u"] * 4, "-j", "4", "--json", "--", "false")
    page = json.loads(done.stdout)
    kept = [run["kept"] for each in page["checks"] for run in each["runs"]]
    assert len(set(kept)) == 4, done
