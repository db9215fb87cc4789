"""The man pages: one for each command, and nothing wrong with them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from website.generated.command_line import commands


def test_every_command_has_one(site: Path) -> None:
    names = {"quecsim.1", *(f"quecsim-{name}.1" for name in commands())}
    assert {path.name for path in (site / "man").glob("*.1")} == names


def test_a_page_has_the_usual_parts(site: Path) -> None:
    text = (site / "man/quecsim-run.1").read_text(encoding="utf-8")
    assert [
        part for part in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS") if part not in text
    ] == []
    assert r"\-\-trace FILE" in text


def test_the_first_page_names_the_others_and_does_not_repeat_them(site: Path) -> None:
    text = (site / "man/quecsim.1").read_text(encoding="utf-8")
    assert [name for name in commands() if f"quecsim {name}" not in text] == []
    assert r"\-\-trace FILE" not in text


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="there is no mandoc")
def test_mandoc_finds_no_error(site: Path) -> None:
    pages = sorted((site / "man").glob("*.1"))
    command = ["mandoc", "-Tlint", "-Werror", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == ""
