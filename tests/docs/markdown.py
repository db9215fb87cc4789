"""Reads what a document shows to be run: its sections, their code blocks, the commands in them.

The conventions are told in CONTRIBUTING.md, "Documents".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "examples/README.md"]
)
_PROMPT, _MORE = "$ ", "> "
_NOT_RUN = re.compile(r"<!-- not run: (.+) -->")
_FILE_NAME = re.compile(r"# ([\w.-]+\.\w+)")


@dataclass(slots=True)
class Command:
    """A command line, and the lines that are shown below it."""

    text: str
    shown: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A fenced block: `kind` is the word behind its fence, `reason` why it is not run."""

    kind: str
    reason: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines) + "\n"

    @property
    def file_name(self) -> str:
        """The file that the block is the content of, if its first line names one."""
        match = _FILE_NAME.fullmatch(self.lines[0]) if self.lines else None
        return match[1] if match else ""

    def commands(self) -> list[Command]:
        """The command lines of a console block."""
        made: list[Command] = []
        for line in self.lines:
            if line.startswith(_PROMPT):
                made.append(Command(line.removeprefix(_PROMPT)))
            elif line.startswith(_MORE) and made and made[-1].text.endswith("\\"):
                made[-1].text += "\n" + line.removeprefix(_MORE)
            else:
                made[-1].shown.append(line)
        return made


@dataclass(slots=True)
class Section:
    """What stands below one heading."""

    document: Path
    heading: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def name(self) -> str:
        """For people, and for pytest's -k."""
        return f"{self.document.relative_to(ROOT)}: {self.heading}"

    @property
    def is_runnable(self) -> bool:
        """Something in it is to be run."""
        return any(
            block.kind in ("console", "python") and not block.reason for block in self.blocks
        )


def sections(document: Path) -> Iterator[Section]:
    """The sections of a document that hold code blocks."""
    section, block, reason = Section(document, ""), None, ""
    for line in document.read_text(encoding="utf-8").split("\n"):
        if block is not None:
            if line == "```":
                section.blocks.append(block)
                block, reason = None, ""
            else:
                block.lines.append(line)
        elif line.startswith("```"):
            block = Block(line.removeprefix("```"), reason)
        elif line.startswith("#"):
            if section.blocks:
                yield section
            section = Section(document, line.lstrip("# "))
        elif match := _NOT_RUN.fullmatch(line):
            reason = match[1]
    assert block is None, f"{document}: a block without an end"
    if section.blocks:
        yield section


def all_sections() -> list[Section]:
    """Those of all documents."""
    return [section for document in DOCUMENTS for section in sections(document)]
