"""`quecsim check` as a user runs it: the words, the exit codes, the files."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quecsim.host.plan import Mistake
from quecsim.judge.conduct_rules import RULES

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "upload_ack.py")
PATIENCE_S = 60
CHECK = (sys.executable, "-m", "quecsim", "check")
HOST = (sys.executable, EXAMPLE, "{port}", "{file}")
UPLOAD = (sys.executable, "-m", "quecsim", "upload", "{file}", "--port", "{port}")
SCENARIO = """
title = "Full"
shows = "A file that is there already."
[files]
"UFS:x" = { text = "old" }
[check]
expect = "honest"
"""


def check(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*CHECK, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.pty
def test_a_right_program_passes(tmp_path: Path) -> None:
    done = check(tmp_path, "thread-57329", "--", *HOST)
    assert done.returncode == 0, done
    assert done.stdout.startswith("passed  thread-57329: claim.pem intact")
    assert done.stderr == "1188 bytes uploaded\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.pty
def test_a_wrong_program_fails_with_its_reason(tmp_path: Path) -> None:
    option = Mistake.IGNORE_ACK.option
    done = check(tmp_path, "thread-57329", "--quiet", "--", *UPLOAD, option)
    assert done.returncode == 1, done
    text = " ".join(done.stdout.split())
    assert "FAILED thread-57329: claim.pem lost" in text
    assert "byte 1024 was lost because you did not wait for `A`" in text
    assert "no-wait-for-ack at" in text
    assert (tmp_path / "quecsim-failures").is_dir()
    command = done.stdout.partition("repeat with: ")[2].strip()
    again = subprocess.run(
        command.replace("quecsim", f"{sys.executable} -m quecsim", 1),
        shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert again.returncode == 1
    assert "because you did not wait for `A`" in " ".join(again.stdout.split())


@pytest.mark.pty
def test_json_and_junit(tmp_path: Path) -> None:
    done = check(tmp_path, "ec200u", "--json", "--junit", "out.xml", "--", *HOST)
    told = json.loads(done.stdout)
    assert told["passed"] is True
    assert told["runs"][0]["judgement"]["verdict"] == "intact"
    assert told["device"] == "ec200u"
    assert 'tests="1"' in (tmp_path / "out.xml").read_text()


@pytest.mark.pty
def test_repeat_sums_up(tmp_path: Path) -> None:
    done = check(tmp_path, "ec200u", "--repeat", "2", "--flash", "instant", "--", *HOST)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "2 of 2 runs passed"


@pytest.mark.pty
def test_what_the_scenario_expects_can_be_said_there_or_here(tmp_path: Path) -> None:
    (tmp_path / "there.toml").write_text(SCENARIO)
    words = ("./there.toml", "--quiet", "--", *UPLOAD, "--name", "UFS:x", "--keep")
    assert check(tmp_path, *words).returncode == 0  # it leaves the file alone, and says so
    done = check(tmp_path, "./there.toml", "--expect", "intact", *words[1:])
    assert done.returncode == 1


def test_the_rules_are_listed(tmp_path: Path) -> None:
    done = check(tmp_path, "--rules")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines() if line[2:3].strip()] == list(
        RULES
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--device", "./plain.toml", "--", "true"), "this is a scenario, and no device"),
        (("ec200u",), "there is no program to check"),
        (("ec200u", "--"), "there is no program to check"),
        (("no-such", "--", "true"), 'no scenario is called "no-such"'),
        (("ec200u", "--allow", "ack", "--", "true"), "there is no rule 'ack'"),
        (("ec200u", "--file", "none.pem", "--", "true"), "cannot read none.pem"),
        (("ec200u", "--", "./none"), "cannot start ./none"),
        (("ec200u", "--", "plain.toml"), "it lies in this folder: write ./plain.toml"),
        (
            ("ec200u", "./mine", "{port}"),
            "put -- before the program: quecsim check SCENARIO... -- PROGRAM {port}",
        ),
        (("ec200u", "--repeat", "0", "--", "true"), "--repeat"),
    ],
)
def test_the_users_own_mistakes(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "plain.toml").write_text(SCENARIO)
    done = check(tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("ec200u", "--sed", "1")])
def test_other_mistakes_are_not_for_want_of_two_dashes(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = check(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage:")
    assert "put -- before" not in done.stderr


@pytest.mark.pty
@pytest.mark.parametrize(("program", "is_told"), [(("true",), True), (("true", "{port}"), False)])
def test_a_program_that_is_not_given_the_port(
    tmp_path: Path, program: tuple[str, ...], is_told: bool
) -> None:
    done = check(tmp_path, "thread-57329", "--", *program)
    assert done.returncode == 1
    text = " ".join(done.stdout.split())
    assert ("note: the program's arguments have no {port}" in text) is is_told


@pytest.mark.pty
def test_a_program_that_does_nothing_is_never_right(tmp_path: Path) -> None:
    for expect in ("intact", "failure", "honest"):
        done = check(tmp_path, "ec200u", "--expect", expect, "--", "false")
        assert done.returncode == 1, expect
        assert "the host wrote nothing to the port" in done.stdout


@pytest.mark.pty
def test_ctrl_c(tmp_path: Path) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "quecsim",
            "check",
            "ec200u",
            "--",
            "sh",
            "-c",
            "echo up; sleep 600",
        ],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"up\n"
        process.send_signal(signal.SIGINT)
        begin_s = time.monotonic()
        assert process.wait(PATIENCE_S) == 130
        assert time.monotonic() - begin_s < PATIENCE_S
        assert process.stderr.read() == b"quecsim check: stopped\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.pty
def test_ctrl_c_in_a_series_leaves_the_sum_and_the_junit_file(tmp_path: Path) -> None:
    script = "test -e mark && { echo second; sleep 600; }; touch mark; exit 1"
    words = ("ec200u", "--repeat", "9", "--junit", "out.xml", "--", "sh", "-c", script)
    with subprocess.Popen(
        [*CHECK, *words], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "second\n"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert "0 of 1 run passed; stopped before the other 8" in out
    text = (tmp_path / "out.xml").read_text()
    assert 'tests="2"' in text
    assert "stopped after 1 of 9 runs" in text


def test_a_program_that_is_missing_is_an_error_in_the_junit_file(tmp_path: Path) -> None:
    assert check(tmp_path, "ec200u", "--junit", "out.xml", "--", "./none").returncode == 2
    text = (tmp_path / "out.xml").read_text()
    assert 'errors="1"' in text
    assert "cannot start ./none" in text
