"""The script `try`, as far as it goes without a network."""

import os
import subprocess
from pathlib import Path

TRY = Path(__file__).parents[2] / "try"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TRY, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_where_nothing_can_be_written_it_says_what_to_do(tmp_path: Path) -> None:
    """Root may write into any folder, but nobody below a file."""
    (tmp_path / "file").touch()
    done = run("demo", QUECSIM_VENV=str(tmp_path / "file" / "venv"))
    assert done.returncode == 2
    assert "name a place where you may: QUECSIM_VENV=" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_older_python_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = run("demo", QUECSIM_VENV=str(tmp_path / "venv"), PYTHON=str(old))
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr


def test_without_arguments_it_explains_itself() -> None:
    done = run()
    assert done.returncode == 2
    assert "./try test" in done.stdout
