"""Runs what the documents show, as written, each section in a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from quecsim.scenario.payload import payload_bytes
from tests.docs.markdown import DOCUMENTS, ROOT, Block, Command, Section, all_sections
from tests.docs.transcript import says

# What is shown and not run, and why; CONTRIBUTING.md asks for the reason here too.
NOT_RUN = {
    "./try test": "it runs this very test",
    ".ci/run": "it runs this very test",
    "pip install . pytest": "it installs packages",
    "python3 -m venv ~/quecsim-venv && . ~/quecsim-venv/bin/activate": "it installs packages",
    "pip install .": "it installs packages",
    "python -m serial.tools.miniterm rfc2217://127.0.0.1:2217 115200": "it is a terminal",
    "docker run --rm -p 127.0.0.1:2217:2217 quecsim \\\n"
    "  quecsim run ec200u --rfc2217 0.0.0.0:2217 --allow-remote": "it needs a container's image",
    "quecsim run ec200u --serial /dev/ttyUSB0 --trace board.jsonl": "it needs a board",
    "quecsim tap /dev/ttyUSB2 --link ./modem": "it needs a module",
    "quecsim tap /dev/ttyUSB2 -- ./uploader {port}": "it needs a module",
    "socat /dev/ttyUSB0,rawer,b115200 ./modem,rawer,b115200": "it needs a board",
    "sigrok-cli -i session.sr -P uart:tx=D0:rx=D1:baudrate=115200 -A uart=rx-data:tx-data"
    " --protocol-decoder-jsontrace > session.json": "it needs your capture",
    "strace -f -tt -xx -s 65536 -e trace=openat,read,write,ioctl -o session.log"
    " ./my_uploader /dev/ttyUSB2 ca.pem": "it needs your program",
    "socat pty,raw,echo=0,link=$HOME/modem tcp:127.0.0.1:2218": "it runs until it is stopped",
}
_ENDED_BY_CTRL_C = 130
_PATIENCE_S = 400  # a hang, not a slow machine
SECTIONS = all_sections()
RUNNABLE = [section for section in SECTIONS if section.is_runnable]


def _lasts(command: Command) -> bytes:
    """What a program says as soon as it is there, if it then runs until it is stopped."""
    if command.text.startswith("mosquitto "):
        return b" running"
    if command.text.startswith("socat -d -d "):
        return b"starting data transfer loop"
    has_port = command.text.startswith(("quecsim run", "quecsim tap"))
    is_port = has_port and " -- " not in command.text
    return b"\n" if is_port else b""


def _ends(command: Command) -> tuple[int, ...]:
    """The exit codes that such a program may have when it is stopped."""
    if command.text.startswith("socat "):
        return 0, _ENDED_BY_CTRL_C
    return (1,) if any(line.startswith("lost ") for line in command.shown) else (0,)


class Terminal:
    """Where a section's commands run. A port that is served in the background lasts to its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0
        self._runtime = tempfile.TemporaryDirectory(prefix="q")  # a short path: it holds sockets
        self._background: list[tuple[Command, subprocess.Popen[bytes], bytes]] = []

    def run(self, command: Command) -> None:
        """Run one command line; look at what it says."""
        if command.text == "echo $?":
            self._compare(command, f"{self.code}\n")
            assert [str(self.code)] == command.shown
            self.code = 0
            return
        self._must_be_well()
        if ready := _lasts(command):
            self._begin(command, ready)
            return
        done = subprocess.run(
            command.text,
            shell=True,
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        self.code = done.returncode
        self._compare(command, done.stdout)

    def end(self) -> None:
        """The section is over: Ctrl-C for what still runs, the newest first."""
        self._must_be_well()
        for command, process, first_line in reversed(self._background):
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=_PATIENCE_S)
            self._compare(command, (first_line + rest).decode())
            assert process.returncode in _ends(command), (command.text, rest)

    def kill(self) -> None:
        """Leave nothing behind, whatever happened."""
        for _, process, _ in self._background:
            process.kill()
            process.communicate()
        self._runtime.cleanup()

    def _begin(self, command: Command, ready: bytes) -> None:
        """It is there when it has said a line with `ready` in it."""
        process = subprocess.Popen(
            f"exec {command.text}",
            shell=True,
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,  # what follows the first line is left for `communicate`
        )
        assert process.stdout is not None
        said = [process.stdout.readline()]
        while said[-1] and ready not in said[-1]:
            said.append(process.stdout.readline())
        self._background.append((command, process, b"".join(said)))

    def _must_be_well(self) -> None:
        assert self.code == 0, "a command ended with this exit code, and the document shows none"

    def _compare(self, command: Command, output: str) -> None:
        shown = "\n".join(command.shown)
        assert says(output, command.shown), f"$ {command.text}\n{output}\n-- is shown as:\n{shown}"

    def _environment(self) -> dict[str, str]:
        tools = Path(sys.executable).parent
        return {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}:/usr/sbin",
            "QUECSIM_VENV": str(self.folder / "venv"),
            "XDG_RUNTIME_DIR": self._runtime.name,
            "COLUMNS": "80",
        }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the documents take for granted: the checkout, its environment, and the user's files."""
    for name in ("examples", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("try", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv/bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "venv/.quecsim").touch()
    (tmp_path / "ca.pem").write_bytes(payload_bytes("certificate"))
    (tmp_path / "bundle.pem").write_bytes(payload_bytes("bundle"))
    return tmp_path


@pytest.mark.pty
@pytest.mark.parametrize("section", RUNNABLE, ids=[section.name for section in RUNNABLE])
def test_a_section_runs_as_written(section: Section, folder: Path) -> None:
    _need_programs(section)
    terminal = Terminal(folder)
    try:
        for block in section.blocks:
            if not block.reason:
                _play(block, terminal)
        terminal.end()
    finally:
        terminal.kill()


def _need_programs(section: Section) -> None:
    """A server that a section starts may not be installed."""
    shown = [b.commands() for b in section.blocks if b.kind == "console" and not b.reason]
    for name in ("mosquitto", "socat"):
        starts = any(each.text.startswith(f"{name} ") for commands in shown for each in commands)
        if starts and shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            pytest.skip(f"there is no {name}")


def _play(block: Block, terminal: Terminal) -> None:
    if block.file_name:
        (terminal.folder / block.file_name).write_text(block.text, encoding="utf-8")
    elif block.kind == "console":
        for command in block.commands():
            terminal.run(command)
    elif block.kind == "python":
        (terminal.folder / "shown.py").write_text(block.text, encoding="utf-8")
        terminal.run(Command("python -W error shown.py"))


def test_there_is_something_to_run() -> None:
    names = {section.document.name for section in RUNNABLE}
    assert {
        "README.md",
        "CONTROL.md",
        "PYTHON.md",
        "SCENARIOS.md",
        "TRACE.md",
        "UPLOAD.md",
    } <= names


def test_what_is_not_run_is_listed_with_its_reason() -> None:
    blocks = [block for section in SECTIONS for block in section.blocks]
    shown = {c.text for b in blocks if b.kind == "console" and b.reason for c in b.commands()}
    assert shown == set(NOT_RUN)


def test_a_block_says_what_it_is() -> None:
    known = {"console", "python", "toml", "json", "yaml", "text", "c", "diff", "sql"}
    for section in SECTIONS:
        assert {block.kind for block in section.blocks} <= known, section.name


def test_prompts_stand_only_where_they_are_run() -> None:
    for section in SECTIONS:
        for block in section.blocks:
            if block.kind != "console":
                assert not any(line.startswith("$ ") for line in block.lines), section.name


def test_the_documents_are_found() -> None:
    assert {path.name for path in DOCUMENTS} >= {"README.md", "CONTRIBUTING.md", "FIDELITY.md"}
