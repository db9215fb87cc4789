"""A case as an older fuzzer may have saved it: only scenario, payload and host count."""

from pathlib import Path
from typing import NoReturn

import pytest

from quecsim.fuzz.hosts import FuzzHost
from quecsim.fuzz.replay import HostChoice, ReplayOutcome, replay
from tests.fuzz.uploaders import FOLDER

OLD = """
title = "an old case"
shows = "A finding with a cause that the fuzzer of today may call otherwise."
device = "ec200u"

[case]
name = "UFS:client.pem"
function = "HOST:ack_ignored"
cause = "a-name-of-old-times"
quecsim = "0.0.9"

[case.payload]
base64 = "PAYLOAD"
"""
OWN = HostChoice(may_be_files=True)
RIGHT = HostChoice(function=f"{FOLDER / 'right.py'}:upload")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    text = OLD.replace("HOST", str(FOLDER / "wrong.py")).replace("PAYLOAD", "YWFh" * 400)
    path = tmp_path / "old.toml"
    path.write_text(text)
    return path


def no_program(_words: tuple[str, ...]) -> NoReturn:
    raise AssertionError("no program is asked for")


def test_it_fails_with_its_own_host_whatever_its_cause_is_called_now(old: Path) -> None:
    done = replay(old, OWN, no_program)
    assert done.outcome is ReplayOutcome.FAILED
    assert done.finding is not None
    assert done.finding.slug == "no-wait-for-ack"
    assert "saved for a-name-of-old-times" in done.text()


MARK = """
from pathlib import Path
Path(r"RAN").write_text("imported")
def upload(port, name, data): ...
"""


def test_a_host_that_only_the_file_names_is_not_run_unasked(tmp_path: Path, old: Path) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "evil.py").write_text(MARK.replace("RAN", str(ran)))
    for host, named in [
        (f'function = "{tmp_path / "evil.py"}:upload"', "the Python function"),
        ('program = ["rm", "-rf", "a b"]', "the program rm -rf 'a b'"),
    ]:
        text = old.read_text()
        old.write_text("".join(
            f"{host}\n" if line.startswith(("function", "program")) else line
            for line in text.splitlines(True)
        ))  # fmt: skip
        done = replay(old, HostChoice(), no_program)
        assert done.outcome is ReplayOutcome.ERROR
        assert named in done.error
        assert "--run-host" in done.error
        assert not ran.exists()


def test_what_is_run_is_told_before(tmp_path: Path, old: Path) -> None:
    ran, told = tmp_path / "ran", list[str]()
    (tmp_path / "evil.py").write_text(MARK.replace("RAN", str(ran)))
    old.write_text(old.read_text().replace(f"{FOLDER / 'wrong.py'}:ack_ignored", "evil.py:upload"))

    def tell(text: str) -> None:
        assert not ran.exists()
        told.append(text)

    done = replay(old, HostChoice(may_be_files=True, tell=tell), no_program)
    assert done.outcome is ReplayOutcome.ERROR  # it is looked for in the working folder
    assert told == [f"{old} names its host: the Python function evil.py:upload"]


def test_it_is_fixed_by_the_right_host(old: Path) -> None:
    done = replay(old, RIGHT, no_program)
    assert (done.outcome, done.failed_runs, done.runs) == (ReplayOutcome.FIXED, 0, 1)


def test_a_case_without_a_host_needs_one_named(old: Path) -> None:
    old.write_text(
        "".join(line for line in old.read_text().splitlines(True) if "function" not in line)
    )
    assert "does not say which host" in replay(old, HostChoice(), no_program).error
    assert replay(old, RIGHT, no_program).outcome is ReplayOutcome.FIXED


def test_a_program_is_made_by_who_can(old: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def program(words: tuple[str, ...]) -> FuzzHost:
        from quecsim.fuzz.hosts import FunctionHost

        asked.append(words)
        return FunctionHost(lambda _port, _name, _data: None)

    done = replay(old, HostChoice(program=("./mine", "{port}")), program)
    assert asked == [("./mine", "{port}")]
    assert done.outcome is ReplayOutcome.FAILED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = 'x'", "no case"),
        ("nonsense", "not valid TOML"),
        (OLD.replace("PAYLOAD", "%%%"), "not Base64"),
    ],
)
def test_a_file_that_is_no_case_is_an_error(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "x.toml").write_text(text)
    done = replay(tmp_path / "x.toml", RIGHT, no_program)
    assert done.outcome is ReplayOutcome.ERROR
    assert says in done.error
