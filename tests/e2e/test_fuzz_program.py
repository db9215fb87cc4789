"""`quecsim fuzz -- PROGRAM` and `quecsim replay` in real time, on a pty."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fuzz.uploaders import FOLDER

pytestmark = pytest.mark.pty

QUECSIM = [sys.executable, "-m", "quecsim"]
WRONG = [sys.executable, str(FOLDER / "wrong.py"), "no_wait_for_connect", "{port}", "{file}"]
RIGHT = [sys.executable, str(FOLDER / "right.py"), "{port}", "{file}"]
# Says that all went well, every second time without having done anything.
FLAKY = """
import pathlib, subprocess, sys
mark = pathlib.Path("mark")
if mark.exists():
    mark.unlink()
    sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))
mark.touch()
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*QUECSIM, *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_program_is_found_confirmed_reduced_and_replayed(tmp_path: Path) -> None:
    done = run(tmp_path, "fuzz", "--max-cases", "1", "--confirm", "2", "--json", "--", *WRONG)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    (found,) = told["found"]
    assert found["cause"] == "data-before-connect"
    assert found["fails"] == "every time"
    replayed = run(tmp_path, "replay", "--run-host", "--repeat", "1", found["file"])
    assert replayed.returncode == 1, replayed.stderr
    assert replayed.stdout.startswith("FAILED")
    fixed = run(tmp_path, "replay", "--repeat", "1", found["file"], "--", *RIGHT)
    assert (fixed.returncode, fixed.stdout) == (0, f"FIXED  {found['file']}\n")
    checked = run(tmp_path, "check", found["file"], "--quiet", "--", *WRONG)
    assert checked.returncode == 1
    assert "data-before-connect" in checked.stdout


def test_a_flaky_program_is_said_to_be_flaky(tmp_path: Path) -> None:
    (tmp_path / "flaky.py").write_text(FLAKY)
    program = [sys.executable, "flaky.py", *RIGHT[1:]]
    done = run(tmp_path, "fuzz", "--max-cases", "3", "--confirm", "3", "--json", "--", *program)
    told = json.loads(done.stdout)
    causes = [(each["cause"], each["fails"]) for each in told["found"]]
    assert told["not_confirmed"] or causes, "some of its runs fail"
    assert all(fails.endswith(" of 10 times") for _, fails in causes)


def test_ctrl_c_ends_a_search_and_what_was_found_is_told(tmp_path: Path) -> None:
    target = f"{FOLDER / 'wrong.py'}:no_wait_for_connect"
    process = subprocess.Popen(
        [*QUECSIM, "fuzz", "--host", target, "--max-time", "100"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    saved = tmp_path / "quecsim-findings" / "data-before-connect.toml"
    try:
        assert process.stderr is not None
        assert "seed 1" in process.stderr.readline()
        while not saved.exists():
            assert process.poll() is None
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert out.startswith("FOUND  data-before-connect")
    assert error.endswith("quecsim fuzz: stopped\n")


def test_a_program_that_outlasts_the_search_is_stopped_with_it(tmp_path: Path) -> None:
    begin_s = time.monotonic()
    done = run(tmp_path, "fuzz", "--max-time", "0.1", "--", "sh", "-c", "sleep 600 # {port}")
    assert time.monotonic() - begin_s < 60, "not the 60 s of --timeout and the start besides"
    assert done.returncode == 2
    assert "not one run came to its end in --max-time" in done.stderr
