"""The script `try`, as far as it goes without a network."""

import os
import subprocess
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["report", "none.jsonl", "--html", "x.html"], "[report]"),
        (["run", "none.toml", "--pcapng=x"], "[report]"),
        (["run", "none.toml", "--tui"], "[tui]"),
        (["run", "none.toml", "--", "program", "--html"], ""),
        (["report", "none.jsonl"], ""),
        (["run", "{}/phone.toml"], "[ble]"),
        (["run", "{}/none.toml", "--", "program", "{}/phone.toml"], ""),
    ],
)
def test_it_installs_what_the_options_need(
    tmp_path: Path, arguments: list[str], extra: str
) -> None:
    """A stand-in notes what pip was asked for, and is the program afterwards."""
    bin_folder = tmp_path / "venv" / "bin"
    bin_folder.mkdir(parents=True)
    (tmp_path / "phone.toml").write_text('[[ble_peer]]\nkind = "phone"\n')
    arguments = [word.format(tmp_path) for word in arguments]
    for name in ("python", "quecsim"):
        (bin_folder / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/asked\n')
        (bin_folder / name).chmod(0o755)
    done = run(*arguments, QUECSIM_VENV=str(tmp_path / "venv"))
    assert done.returncode == 0, done.stderr
    pip, program = (tmp_path / "asked").read_text().splitlines()
    assert pip.endswith(f" -e .{extra}")
    assert program == " ".join(["quecsim", *arguments])
