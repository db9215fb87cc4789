"""What an encoding lacks is shown in a plain form, in as many columns."""

import codecs
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quecsim.cli.plain_output import ERRORS, _in_plain_form, plain
from tests.cli.test_report import record, write

SHOWN = "\u250c\u2500\u252c\u2510\u2502\u2588\u2592\u2192\u2026\u00b7\u00d7\u2800\u2840\u00e9"


def test_lines_dots_and_signs_have_a_plain_form() -> None:
    codecs.register_error(ERRORS, _in_plain_form)
    assert SHOWN.encode("ascii", ERRORS) == b"+-++|##>..x *?"
    assert "\u00e9\u2500".encode("latin-1", ERRORS) == b"\xe9-"
    assert plain("\u2500") == "-"


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "latin-1", "cp437"])
def test_the_bytes_of_a_name_come_out_as_they_are(encoding: str) -> None:
    codecs.register_error(ERRORS, _in_plain_form)
    assert os.fsdecode(b"a\xffb").encode(encoding, ERRORS) == b"a\xffb"


def quecsim(encoding: str, *words: str | Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", **more}
    command = [sys.executable, "-m", "quecsim", *map(str, words)]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "ascii:strict"])
def test_a_picture_where_there_is_no_unicode(tmp_path: Path, encoding: str) -> None:
    trace = write(tmp_path / "run.jsonl", record("thread-57329"))
    done = quecsim(encoding, "report", trace, "--picture")
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"+-----" in done.stdout
    assert done.stdout.isascii()


def test_a_picture_on_a_terminal_of_five_columns(tmp_path: Path) -> None:
    trace = write(tmp_path / "run.jsonl", record("thread-57329"))
    done = quecsim("utf-8", "report", trace, "--picture", COLUMNS="5", LINES="3")
    assert (done.returncode, done.stderr) == (1, b"")
    assert "\u2500" * 30 in done.stdout.decode()


@pytest.mark.parametrize("most", [6, 8, 10])
def test_too_few_descriptors_are_one_message(most: int) -> None:
    words = f"ulimit -n {most}; exec {sys.executable} -m quecsim run ec200u --link /nowhere/x"
    done = subprocess.run(["bash", "-c", words], capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"quecsim: ")
    assert b"Traceback" not in done.stderr
