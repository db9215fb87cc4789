"""The command line as a whole: help, mistakes, exit codes, and what it costs to start."""

import io
import json
import subprocess
import sys

import pytest

import quecsim
from quecsim.cli.screen import wants_colour


def quecsim_command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "quecsim", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_lists_every_command_without_importing_them() -> None:
    done = quecsim_command("--help")
    assert done.returncode == 0
    for name in ("run", "upload", "demo", "scenarios", "report"):
        assert name in done.stdout


def test_version() -> None:
    assert quecsim.__version__ in quecsim_command("--version").stdout


@pytest.mark.parametrize(
    "arguments", [("rnu",), ("run", "--nonsense"), ("run", "nodevice"), ("upload",)]
)
def test_a_mistake_is_exit_code_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
    done = quecsim_command(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["run", "upload", "demo", "scenarios", "report"])
def test_every_command_has_help(name: str) -> None:
    done = quecsim_command(name, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_an_output_that_the_shell_closed_is_no_mistake(closed: str) -> None:
    command = f"{sys.executable} -m quecsim run ec200u {closed} -- true"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr


def test_a_full_disk_under_the_output_is_one_message() -> None:
    for short_or_long in ("devices", "scenarios", "commands ec200u --json"):
        command = f"{sys.executable} -m quecsim {short_or_long} > /dev/full"
        done = subprocess.run(
            command, shell=True, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 2
        assert "there is no room for the output" in done.stderr
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", _Terminal())
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(sys.stderr)
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(sys.stderr)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(sys.stderr)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_assertions_must_be_on() -> None:
    done = subprocess.run(
        [sys.executable, "-O", "-m", "quecsim", "scenarios"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "python -O" in done.stderr


def test_run_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys, json; import quecsim.cli.main, quecsim.cli.run;"
        "print(json.dumps([m for m in ('rich', 'plotext', 'serial', 'certifi', 'hypothesis',"
        " 'quecsim.demo', 'quecsim.host') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_help_starts_without_what_only_a_run_needs() -> None:
    heavy = (
        "littlefs",
        "rich",
        "hypothesis",
        "cryptography",
        "OpenSSL",
        "msgspec",
        "serial",
        "plotext",
    )
    script = (
        "import sys; sys.argv = ['quecsim', '--help']\n"
        "from quecsim.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
