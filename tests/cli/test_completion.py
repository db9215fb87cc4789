"""Completion, as the shells ask for it; in bash for real."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete, CompletionItem
from click.testing import CliRunner

from quecsim.cli.main import VARIABLE, cli


def completed(*words: str) -> list[CompletionItem]:
    """What is offered for the last of `words`."""
    asked = BashComplete(cli, {}, "quecsim", VARIABLE)
    return asked.get_completions(list(words[:-1]), words[-1])


def offered(*words: str) -> list[str]:
    return [item.value for item in completed(*words) if item.type == "plain"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("ch",), "check"),
        (("com",), "completion"),
        (("--ver",), "--version"),
        (("ctl", "fi"), "files"),
        (("devices", "sh"), "show"),
        (("run", "ec200u"), "ec200u"),
        (("run", "typical"), "typical-flash"),
        (("check", "ack"), "ack-mode"),
        (("sweep", "m9"), "m95"),
        (("fuzz", "noisy"), "noisy-line"),
        (("run", "ec200u", "--fl"), "--flow"),
        (("run", "ec200u", "--flow", "rts"), "rtscts"),
        (("run", "--device", "fcm"), "fcm242d"),
        (("fuzz", "--fault", "drop"), "drop_bytes"),
        (("fuzz", "--every", "power_cut:"), "power_cut:flash_op"),
        (("ctl", "inject", "ack"), "ack_lost"),
        (("ctl", "wait", "DataB"), "DataBegin"),
        (("check", "--allow", "no-wait"), "no-wait-for-ack"),
        (("check", "--vary-quirks", "al"), "all"),
        (("check", "--vary-quirks", "missing_d"), "missing_delete"),
        (("run", "--quirk", "write_b"), "write_blank_line="),
        (("devices", "show", "ec200"), "ec200t"),
        (("devices", "diff", "ec200u", "m"), "m95"),
        (("commands", "ec200"), "ec200u"),
        (("scenarios", "thread"), "thread-57329"),
        (("report", "--only", "lo"), "lost"),
        (("run", "--log", "--only", "at,po"), "at,power"),
        (("ctl", "log", "--only", "ne"), "net"),
        (("report", "--only", "at,net,f"), "at,net,flash"),
        (("report", "--times", "d"), "delta"),
        (("completion", "z"), "zsh"),
    ],
)
def test_words_are_offered(words: tuple[str, ...], wanted: str) -> None:
    assert wanted in offered(*words)
    assert all(word.startswith(words[-1]) for word in offered(*words))


@pytest.mark.parametrize(
    "words",
    [
        ("run", "./mi"),
        ("run", "ec200u", "--trace", ""),
        ("check", "ec200u", "--", "./up"),
        ("check", "--", "./up"),
        ("replay", ""),
        ("upload", "ca"),
        ("fuzz", "--host", "up"),
    ],
)
def test_files_are_left_to_the_shell(words: tuple[str, ...]) -> None:
    assert [item.type for item in completed(*words)] in (["file"], ["path"])


def test_an_old_word_is_not_offered() -> None:
    assert "--time-limit" not in offered("check", "--time")
    assert "--timeout" in offered("check", "--time")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(shell: str) -> None:
    done = CliRunner().invoke(cli, ["completion", shell], standalone_mode=False)
    assert f"{VARIABLE}={shell}_complete" in done.output
    if binary := shutil.which(shell):
        subprocess.run([binary, "-n"], input=done.output, text=True, check=True)


def test_in_bash_for_real(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    command = tmp_path / "quecsim"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m quecsim "$@"\n')
    command.chmod(0o755)
    script = (
        'eval "$(quecsim completion bash)"; COMP_WORDS=(quecsim run typ); COMP_CWORD=2; '
        '_quecsim_completion quecsim typ run 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"; '
        "complete -p quecsim"
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [bash, "--norc", "-c", script],
        capture_output=True, text=True, check=True, env={**os.environ, "PATH": path},
    )  # fmt: skip
    assert "typical-flash" in done.stdout.split()
    assert "_quecsim_completion quecsim" in done.stdout


@pytest.mark.parametrize(
    "words", [("run",), ("ctl",), ("ctl", "wait"), ("check",), ("devices", "diff"), ("help",)]
)
def test_help_of_a_command_is_its_help(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(cli, ["help", *words], prog_name="quecsim")
    asked = CliRunner().invoke(cli, [*words, "--help"], prog_name="quecsim")
    assert told.output == asked.output
    assert told.output.startswith(f"Usage: quecsim {' '.join(words)} [OPTIONS]")


def test_help_of_all_and_of_none() -> None:
    assert "Commands:" in CliRunner().invoke(cli, ["help"]).output
    error = CliRunner().invoke(cli, ["help", "rnu"], standalone_mode=False).exception
    assert isinstance(error, click.UsageError)
    assert 'Did you mean "run"?' in error.format_message()
