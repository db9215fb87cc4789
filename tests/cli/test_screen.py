"""How wide text is, what -q leaves out, and what goes to which output."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quecsim.cli import screen
from quecsim.cli.main import cli


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("columns", "width"), [("20", 40), ("60", 60), ("90", 90), ("300", 100)])
def test_text_has_the_terminals_width(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert screen.width(Terminal()) == width
    assert screen.width(io.StringIO()) == 80


def test_a_message_is_wrapped_on_a_terminal_and_one_line_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "a mistake with many words " * 5 + "\n  and an advice that is long " * 3
    monkeypatch.setenv("COLUMNS", "50")
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        monkeypatch.setattr(sys, "stderr", stream)
        screen.message(text)
    assert max(map(len, terminal.getvalue().splitlines())) <= 50
    assert terminal.getvalue().split() == pipe.getvalue().split()
    assert pipe.getvalue() == f"quecsim: {text}\n"


@pytest.mark.parametrize(("columns", "most"), [(60, 60), (90, 90), (300, 100)])
def test_help_has_the_terminals_width(columns: int, most: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "quecsim", "sweep", "--help"],
        capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": str(columns)},
    )  # fmt: skip
    longest = max(map(len, done.stdout.splitlines()))
    assert most - 15 < longest <= most


def test_quiet_leaves_out_what_is_beside_the_result(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    words = ["sweep", "--size", "1k", "--chunk", "64", "--gap", "0", "--output", str(out)]
    loud = CliRunner().invoke(cli, words, standalone_mode=False)
    out.unlink()
    quiet = CliRunner().invoke(cli, [*words, "-q"], standalone_mode=False)
    assert loud.stdout == quiet.stdout != ""
    assert "quecsim sweep: " in loud.stderr
    assert quiet.stderr == ""


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "quecsim", "run", "ec200u", *words],
        capture_output=True, text=True, check=False, timeout=60, env={**os.environ},
    )  # fmt: skip


HOST = (
    "import serial, sys; port = serial.Serial(sys.argv[1], 115200, timeout=60);"
    "port.write(b'AT+CSQ\\r'); port.read_until(b'OK\\r\\n'); print('the host')"
)


def test_run_is_quiet_or_tells_each_command() -> None:
    program = ("--", sys.executable, "-c", HOST, "{port}")
    quiet, loud = run("-q", *program), run("-v", *program)
    assert quiet.stdout == loud.stdout == "the host\n"
    assert "/dev/" not in quiet.stderr
    assert "Ctrl-C" not in quiet.stderr
    assert "no byte was lost" in quiet.stderr
    assert "->  AT+CSQ" in loud.stderr
    assert "<-  OK" in loud.stderr
