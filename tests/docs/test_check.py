"""docs/CHECK.md lists rules and names as they are; the CI files run as written."""

import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quecsim.check.results import CheckResult, CheckRun
from quecsim.judge.conduct_rules import RULES, Breach
from quecsim.judge.judgement import Judgement
from tests.docs.markdown import ROOT

TEXT = (ROOT / "docs" / "CHECK.md").read_text()
CI = sorted((ROOT / "examples" / "ci").glob("*.yml"))
_PATIENCE_S = 100


def test_the_rules_are_told_as_they_are() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", TEXT, re.MULTILINE))
    assert {name: rows.get(name) for name in RULES} == {n: r.means for n, r in RULES.items()}


@pytest.mark.parametrize("record", [CheckResult, CheckRun, Judgement, Breach])
def test_every_name_of_the_json_is_told(record: Any) -> None:
    told = set(re.findall(r"`(\w+)`", TEXT.partition("## JSON")[2]))
    assert set(record.__struct_fields__) <= told


def commands(path: Path) -> list[str]:
    """The shell commands of a CI file."""
    document = importlib.import_module("yaml").safe_load(path.read_text())
    if "jobs" in document:
        return [step["run"] for step in document["jobs"]["check"]["steps"] if "run" in step]
    script: list[str] = document["module"]["script"]
    return script


@pytest.mark.pty
@pytest.mark.parametrize("path", CI, ids=[path.stem for path in CI])
def test_a_ci_file_does_what_it_says(path: Path, tmp_path: Path) -> None:
    if shutil.which("cc") is None or shutil.which("make") is None:
        pytest.skip("there is no C compiler")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    install, *others = commands(path)
    assert install.startswith("pip install ")
    for line in others:
        words = [sys.executable, "-m", *shlex.split(line)] if "quecsim" in line else line.split()
        subprocess.run(words, cwd=tmp_path, check=True, timeout=_PATIENCE_S, capture_output=True)
    assert "failures" in path.read_text()
    assert 'errors="0"' in (tmp_path / "check.xml").read_text()


@pytest.mark.pty
def test_the_action_checks_as_github_would_run_it(tmp_path: Path) -> None:
    """Its last step, with the inputs in the environment; the first one installs packages."""
    action = importlib.import_module("yaml").safe_load((ROOT / "action.yml").read_text())
    install, step = action["runs"]["steps"]
    assert "$GITHUB_ACTION_PATH" in install["run"]
    inputs = {name: str(value.get("default", "")) for name, value in action["inputs"].items()}
    inputs["scenarios"] = "thread-57329 no-such-thing"
    inputs["html"] = "pages"
    inputs["program"] = f"{sys.executable} {ROOT}/examples/upload_ack.py {{port}} {{file}}"
    told = {
        key: inputs[re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", value)[1]]  # type: ignore[index]
        for key, value in step["env"].items()
    }
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "quecsim").write_text(f'#!/bin/sh\nexec {sys.executable} -m quecsim "$@"\n')
    (bin_folder / "quecsim").chmod(0o755)
    path = f"{bin_folder}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path, env={**os.environ, **told, **github, "PATH": path},
        capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done
    assert "| thread-57329 | passed | intact |" in (tmp_path / "summary.md").read_text()
    assert "::error title=quecsim check no-such-thing::NOT RUN" in done.stderr
    assert (tmp_path / "quecsim.xml").is_file()


def test_there_are_ci_files_for_both() -> None:
    assert {path.stem for path in CI} == {"github-actions", "gitlab-ci"}
