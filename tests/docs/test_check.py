"""docs/CHECK.md lists rules and names as they are; the CI files run as written."""

import importlib
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
    assert install == "pip install quecsim"
    for command in others:
        line = command.replace("${{ matrix.scenario }}", "thread-57329")
        line = line.replace('"$SCENARIO"', "thread-57329")
        words = [sys.executable, "-m", *shlex.split(line)] if "quecsim" in line else line.split()
        subprocess.run(words, cwd=tmp_path, check=True, timeout=_PATIENCE_S, capture_output=True)
    assert "failures" in path.read_text()
    assert 'errors="0"' in (tmp_path / "check.xml").read_text()


def test_there_are_ci_files_for_both() -> None:
    assert {path.stem for path in CI} == {"github-actions", "gitlab-ci"}
