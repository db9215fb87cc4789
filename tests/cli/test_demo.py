import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ptyprocess import PtyProcessUnicode

from quecsim.cli.demo import demo
from quecsim.demo.play import DemoOutcome
from quecsim.demo.ways import CARGOES, WAYS, Cargo, Way
from quecsim.errors import QuecsimError
from tests.demo.made import outcome

Play = Callable[..., DemoOutcome]


def run(monkeypatch: pytest.MonkeyPatch, play: Play, *arguments: str) -> Result:
    monkeypatch.setattr("quecsim.demo.play.play", play)
    return CliRunner().invoke(demo, arguments, standalone_mode=False)


def as_told(way: Way, cargo: Cargo, _progress: object, **_: bool) -> DemoOutcome:
    return outcome(way, cargo, loses=way.loses)


def test_it_came_out_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, as_told)
    assert result.return_value == 0
    assert result.stdout.index("Flow control is") < result.stdout.index(" NO ")
    assert result.stdout.index("In each stop") < result.stdout.index("Try next")
    assert len(result.stderr.splitlines()) == len(WAYS) * len(CARGOES)


def test_it_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, lambda way, cargo, _, **__: outcome(way, cargo, loses=True))
    assert result.return_value == 1
    assert "This did not come out as told" in result.stdout


def test_json_is_all_of_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, as_told, "--json")
    assert result.return_value == 0
    assert len(json.loads(result.stdout)["uploads"]) == len(WAYS) * len(CARGOES)
    assert result.stderr == ""


def test_quick_plays_the_certificate_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    played = []

    def quick(way: Way, cargo: Cargo, _progress: object, *, is_quick: bool) -> DemoOutcome:
        played.append((cargo.payload, is_quick))
        return outcome(way, cargo, loses=way.loses)

    result = run(monkeypatch, quick, "--quick")
    assert result.return_value == 0
    assert played == [("certificate", True)] * len(WAYS)
    assert "bundle" not in result.stdout


def test_step_needs_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, as_told, "--step")
    assert isinstance(result.exception, QuecsimError)
    assert "there is none" in str(result.exception)


def test_the_page_is_written_too(tmp_path: Path) -> None:
    page = tmp_path / "story.html"
    result = CliRunner().invoke(demo, ["--quick", "--html", str(page)], standalone_mode=False)
    assert result.return_value == 0
    assert "1/7" in result.stdout
    assert "What the broker says" in page.read_text()


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    arguments = ["--quick", "--html", str(tmp_path / "none" / "story.html")]
    result = CliRunner().invoke(demo, arguments, standalone_mode=False)
    assert isinstance(result.exception, QuecsimError)
    assert "choose a place for --html" in result.exception.hint


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_way: Way, _cargo: Cargo, _progress: object, **_: bool) -> DemoOutcome:
        raise KeyboardInterrupt

    result = run(monkeypatch, interrupted)
    assert result.return_value == 130
    assert result.stderr == "quecsim demo: stopped\n"


@pytest.mark.pty
def test_the_whole_demo() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "quecsim", "demo"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    assert "\x1b" not in done.stdout
    assert max(map(len, lines)) <= 80
    rows = [line.split() for line in lines if " ok " in line or " NO " in line]
    assert [("NO" in row) for row in rows] == [way.loses for way in WAYS for _ in CARGOES]
    assert [line[:5] for line in lines if line[:5] in ("busy ", "lost ", "held ")] == [
        "busy ",
        "lost ",
        "busy ",
        "held ",
    ]
    assert "is the first that finds" in " ".join(done.stdout.split())


@pytest.mark.pty
@pytest.mark.parametrize(("key", "code"), [("q", 0), ("\x03", 130)])
def test_step_by_step_on_a_terminal(key: str, code: int) -> None:
    child = PtyProcessUnicode.spawn([sys.executable, "-m", "quecsim", "demo", "--quick", "--step"])
    shown = ""
    while "q stops --" not in shown:
        shown += child.read()
    assert "1/7" in shown
    assert "2/7" not in shown
    child.write("\r")
    while shown.count("q stops --") < 2:
        shown += child.read()
    assert "2/7" in shown
    child.write(key)
    shown += "".join(iter(lambda: _rest(child), ""))
    assert child.wait() == code
    assert ("quecsim demo: stopped" in shown) == (code == 130)
    assert "q stops --quecsim" not in shown.replace("^C", "")  # the prompt has gone before
    assert "Traceback" not in shown


def _rest(child: PtyProcessUnicode) -> str:
    try:
        return str(child.read())
    except EOFError:
        return ""
