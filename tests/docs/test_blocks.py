"""Every block of code in the documents is run, or checked in its own way, or listed with a reason.

Console and Python blocks are run by `test_commands`. What is no program is looked at here: TOML as
a scenario, JSON and YAML as such, C by a compiler, a dialogue by the commands that are in it.
"""

import importlib
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from quecsim.cli.commands import reference_of
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.toml_check import Checker, FileError
from quecsim.profiles.toml_source import TomlSource
from quecsim.render.files.perfetto import write_perfetto
from quecsim.run.recorded import recorded
from quecsim.scenario.schema import ScenarioFile
from tests.cli.test_report import record
from tests.docs.markdown import DOCUMENTS, ROOT, Block, Section, all_sections
from tests.render.files.trace_processor import ask
from website.pictures import PICTURES, letters

SECTIONS = all_sections()
_RUN = ("console", "python")
_COMMAND = re.compile(r"\bAT(\+[A-Z]\w+)")
_WAITS = re.compile(r"^[<>]{1,2} |^AT|^\S.*\bAT\+", re.MULTILINE)

# Text that nobody can run, by its document and the words that it begins with.
_SERVERS = "servers and devices that run until they are stopped"
_TERMINAL = "the bottom of a terminal at one moment of a run"
NOT_CHECKED = {
    ("docs/NETWORK.md", "# mosquitto.conf"): "the settings of a broker that is started by hand",
    ("docs/NETWORK.md", "--route ftp.example"): "options, for a server that is not there",
    ("docs/NETWORK.md", "the device's port"): "a line that a run says, once it listens",
    ("docs/NETWORK.md", "python3 -m http.server"): _SERVERS,
    ("docs/NETWORK.md", "python3 -m pyftpdlib"): _SERVERS,
    ("docs/NETWORK.md", "quecsim package app.bin"): _SERVERS,
    ("docs/TUI.md", "/dev/pts/4"): _TERMINAL,
    ("docs/TUI.md", "!! 1529"): _TERMINAL,
    ("docs/TUI.md", "!! 580"): "the screen with which `tests/tui` compares it",
    ("docs/TUI.md", "pip install"): "it installs packages, and fills a terminal",
}

# Commands that the documents name and no device of ours has: mistakes that are shown, and others.
NO_COMMANDS = {
    "+QFULP": "a misspelling that is explained",
    "+QFMKDIR": "of other modules, and left out here",
    "+QSIMPROBE": "what a probe asks for, to see what an unknown command brings",
    "+QGPS": "not modelled: an example of canned replies",
    "+QGPSCFG": "not modelled: an example of canned replies",
    "+QGPSLOC": "not modelled: an example of canned replies",
}


@cache
def known_commands() -> frozenset[str]:
    """All that any device has, or its documents have."""
    profiles = [load_profile(name) for name in profile_names()]
    had = {entry.name for profile in profiles for entry in reference_of(profile)}
    waiting = {name for one in profiles for some in one.commands.waiting for name in some.names}
    return frozenset(had | waiting)


def check_toml(text: str) -> None:
    """A scenario, or a part of one: every key is known, and takes such a value."""
    check = Checker(TomlSource(Path("shown.toml"), text, tomllib.loads(text)))
    check.record((), tomllib.loads(text), ScenarioFile)
    check.finish()


def check_json(text: str) -> None:
    for line in text.splitlines():
        json.loads(line)


def check_yaml(text: str) -> None:
    importlib.import_module("yaml").safe_load(text)


def check_c(text: str) -> None:
    if (compiler := shutil.which("cc")) is None:
        pytest.skip("there is no C compiler")
    command = [compiler, "-std=c99", "-fsyntax-only", "-x", "c", "-"]
    subprocess.run(command, input=text, text=True, check=True, capture_output=True)


def check_sql(text: str) -> None:
    """Questions to a trace for Perfetto: each finds the loss of a run that had one."""
    trace = BytesIO()
    write_perfetto(recorded(record("thread-57329")), trace)
    for rows in ask(trace.getvalue(), *filter(str.strip, text.split(";"))):
        assert len(rows) == 1
        assert 153 in rows[0]


def check_text(text: str) -> None:
    """A picture that is made anew, or a dialogue."""
    if text not in {f"{letters(name)}\n" for name in PICTURES}:
        assert _WAITS.search(text), "text that nothing is known of"


CHECKS: dict[str, Callable[[str], None]] = {
    "toml": check_toml,
    "json": check_json,
    "yaml": check_yaml,
    "c": check_c,
    "sql": check_sql,
    "text": check_text,
}


def reason(section: Section, block: Block) -> str:
    """Why a block is looked at by nobody; empty for all others."""
    document, text = section.document.relative_to(ROOT).as_posix(), block.text.lstrip()
    for (name, begin), why in NOT_CHECKED.items():
        if name == document and text.startswith(begin):
            return why
    return ""


def to_check() -> list[tuple[Section, str, str]]:
    """(section, kind, text) of what is neither run nor a file. The parts of one scenario that a
    section shows one after the other are one.
    """
    found = []
    for section in SECTIONS:
        blocks = [b for b in section.blocks if b.kind not in _RUN and not b.file_name]
        blocks = [block for block in blocks if not reason(section, block)]
        if parts := [block.text for block in blocks if block.kind == "toml"]:
            found.append((section, "toml", "\n".join(parts)))
        found += [(section, b.kind, b.text) for b in blocks if b.kind != "toml"]
    return found


@pytest.mark.parametrize(
    ("section", "kind", "text"),
    [pytest.param(*one, id=f"{one[0].name}, {one[1]}") for one in to_check()],
)
def test_a_block_that_is_not_run_is_right(section: Section, kind: str, text: str) -> None:
    CHECKS[kind](text)


def test_a_file_is_used_by_what_is_run() -> None:
    files = [(s, block) for s in SECTIONS for block in s.blocks if block.file_name]
    unused = [
        f"{section.name}: {block.file_name}"
        for section, block in files
        if not _is_used(block, section) and not reason(section, block)
    ]
    assert len(files) > 10
    assert unused == []


def _is_used(block: Block, section: Section) -> bool:
    """Another block of the section names the file, or is Python and imports it."""
    stem = re.escape(block.file_name.rpartition(".")[0])
    named = re.compile(rf"{re.escape(block.file_name)}|^(?:from|import) {stem}\b", re.MULTILINE)
    return any(named.search(each.text) for each in section.blocks if each is not block)


def test_python_is_left_out_nowhere() -> None:
    assert [s.name for s in SECTIONS for b in s.blocks if b.kind == "python" and b.reason] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_commands_that_are_named_exist(document: Path) -> None:
    named = set(_COMMAND.findall(document.read_text(encoding="utf-8")))
    assert sorted(named - known_commands() - set(NO_COMMANDS)) == []


def test_every_reason_is_needed() -> None:
    found = [
        (s.document.relative_to(ROOT).as_posix(), block.text.lstrip())
        for s in SECTIONS
        for block in s.blocks
    ]
    for name, begin in NOT_CHECKED:
        assert any(each == name and text.startswith(begin) for each, text in found), begin
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    for name in NO_COMMANDS:
        assert f"AT{name}" in text
        assert name not in known_commands()


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("toml", "[line]\nbuad = 9600\n", FileError),
        ("json", '{"v":1\n', json.JSONDecodeError),
        ("c", "int main(void) { return nothing; }\n", subprocess.CalledProcessError),
        ("text", "anything\n", AssertionError),
    ],
)
def test_a_mistake_is_found(kind: str, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        CHECKS[kind](text)
