"""The example hosts as programs: how each is built and started, and runs of them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

HOSTS = Path(__file__).parents[2] / "examples" / "hosts"
RUN_S, BUILD_S = 90, 120
Done: TypeAlias = subprocess.CompletedProcess[str]
# Not ASCII throughout, and three blocks of ACK mode with a rest.
TEXT = "# Für den Prüfstand: +++ ATE0 \N{EURO SIGN}\nAAAAAAAAAAAAAAAA\n" * 54
PAYLOAD = TEXT.encode()
PLAIN = b"# For the bench\nMIIDQTCCAimgAwIBAgITBmyfz5m\n" * 30


def need(program: str) -> str:
    """The program's path; the test is skipped without it, but never where all must run."""
    path = shutil.which(program)
    if path is None:
        cannot(f"{program} is not installed")
    assert path is not None
    return path


def cannot(why: str) -> None:
    """Skip the test, or let it fail where all must run."""
    if os.environ.get("QUECSIM_TEST_ALL"):
        pytest.fail(f"{why}, and QUECSIM_TEST_ALL is set")
    pytest.skip(why)


def python_host(which: str, *arguments: str) -> list[str]:
    """`right` or `wrong` with its mistake."""
    return [sys.executable, str(HOSTS / "python" / f"{which}.py"), *arguments]


def shell_host(which: str) -> list[str]:
    return [need("bash"), str(HOSTS / "shell" / f"{which}.sh")]


def c_host(which: str, folder: Path) -> list[str]:
    """Compiled in `folder`, and clean of warnings."""
    program = folder / which
    if not program.exists():
        flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2"]
        source = str(HOSTS / "c" / f"{which}.c")
        compiler = [need("cc"), *flags, "-o", str(program), source]
        subprocess.run(compiler, check=True, timeout=BUILD_S)
    return [str(program)]


def node_host(which: str, folder: Path) -> list[str]:
    """In `folder`, with its packages as the lock file has them."""
    node, npm = need("node"), need("npm")
    if not (folder / "node_modules").exists():
        shutil.copytree(
            HOSTS / "node",
            folder,
            ignore=shutil.ignore_patterns("node_modules"),
            dirs_exist_ok=True,
        )
        install = [npm, "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(
            install, cwd=folder, capture_output=True, text=True, timeout=BUILD_S, check=False
        )
        if done.returncode:
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
            cannot(f"npm ci does not work here: {done.stderr[-300:]}")
    return [node, str(folder / f"{which}.js")]


def run(
    scenario: str, program: list[str], file: Path, *options: str, more: Sequence[str] = ()
) -> Done:
    """`quecsim run SCENARIO ... -- PROGRAM {port} FILE MORE`, to its end."""
    arguments = ["run", found(scenario), *options]
    return quecsim_done([*arguments, "--", *program, "{port}", str(file), *more], file.parent)


def check(
    scenario: str, program: list[str], file: Path, *options: str, more: Sequence[str] = ()
) -> Done:
    """`quecsim check SCENARIO --file FILE ... -- PROGRAM {port} {file} MORE`, to its end."""
    arguments = ["check", found(scenario), "--file", str(file), *options]
    return quecsim_done([*arguments, "--", *program, "{port}", "{file}", *more], file.parent)


def found(scenario: str) -> str:
    """A scenario of the hosts' own by its path, any other by its name."""
    return str(HOSTS / scenario) if (HOSTS / scenario).exists() else scenario


def quecsim_done(arguments: list[str], folder: Path) -> Done:
    """`quecsim` with these arguments, in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "quecsim", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=RUN_S,
        check=False,
    )
