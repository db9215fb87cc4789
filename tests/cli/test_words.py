"""The words of the command line: each old one goes on, with a note; what was meant is guessed."""

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from quecsim.cli.main import cli
from quecsim.cli.words import OldOption
from quecsim.errors import QuecsimError
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.options import make_scenario
from tests.fuzz.uploaders import FOLDER

RIGHT = f"{FOLDER / 'right.py'}:upload"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words, standalone_mode=False)


def command(*names: str) -> click.Command:
    found: click.Command = cli
    for name in names:
        assert isinstance(found, click.Group)
        made = found.get_command(click.Context(found), name)
        assert made is not None
        found = made
    return found


def parsed(name: str, *words: str) -> dict[str, Any]:
    """What a command makes of its words, without running it."""
    return command(name).make_context(name, list(words)).params


OLD = [
    ("run", ("--port", "usb"), ("--interface", "usb"), "--interface"),
    ("check", ("--port", "usb"), ("--interface", "usb"), "--interface"),
    ("fuzz", ("--port", "usb"), ("--interface", "usb"), "--interface"),
    ("check", ("--time-limit", "0.5"), ("--timeout", "0.5"), "--timeout"),
    ("fuzz", ("--time-limit", "0.5"), ("--timeout", "500ms"), "--timeout"),
    ("replay", ("--time-limit", "3", "x"), ("--timeout", "3s", "x"), "--timeout"),
    ("check", ("--keep", "here"), ("--failures", "here"), "--failures"),
    ("replay", ("--confirm", "7", "x"), ("--repeat", "7", "x"), "--repeat"),
    ("replay", ("--image", "a.img", "x"), ("--ufs", "a.img", "x"), "--ufs"),
    ("upload", ("f", "--port", "p", "--rtscts"), ("f", "--port", "p", "--flow", "rtscts"),
     "--flow rtscts"),
    ("upload", ("f", "--port", "p", "--size", "7"), ("f", "--port", "p", "--declare", "7"),
     "--declare"),
    ("sweep", ("--seeds", "7"), ("--repeat", "7"), "--repeat"),
    ("sweep", ("--bytes", "700"), ("--size", "700"), "--size"),
    ("sweep", ("--out", "x.csv"), ("--output", "x.csv"), "--output"),
    ("ctl", ("--socket", "s"), ("--ctl", "s"), "--ctl"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), OLD)
def test_an_old_word_does_the_same_and_says_what_it_is_called(
    name: str,
    old: tuple[str, ...],
    new: tuple[str, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert parsed(name, *new) == parsed(name, *old)
    out, err = capsys.readouterr()
    (note,) = err.splitlines()
    assert f"is called {told} now; the old word goes with the next release" in note
    assert out == ""


def test_every_old_word_is_tried_and_none_is_shown() -> None:
    tried = {(name, word) for name, old, *_ in OLD for word in old if word.startswith("--")}
    for name in cli.list_commands(click.Context(cli)):
        made = command(name)
        olds = {each.word for each in made.params if isinstance(each, OldOption)}
        assert olds <= {word for of, word in tried if of == name}
        shown = made.get_help(click.Context(made))
        assert not any(f" {word} " in shown.replace(",", " ") for word in olds - {"--port"})


def test_a_value_that_looks_like_an_old_word_is_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert parsed("check", "--name", "--keep")["name"] == "--keep"
    assert capsys.readouterr().err == ""


def test_a_scenario_behind_an_option_as_it_was_once(capsys: pytest.CaptureFixture[str]) -> None:
    from quecsim.cli.device_options import old_scenario

    for words, found in (
        (("--scenario", "ack-mode"), (None, "ack-mode")),
        (("m95", "--scenario", "ack-mode"), ("m95", "ack-mode")),
        (("ack-mode", "--device", "m95"), ("m95", "ack-mode")),
        (("m95",), ("m95", None)),
        (("ack-mode",), (None, "ack-mode")),
        ((), (None, None)),
    ):
        for name in ("run", "fuzz"):
            assert old_scenario(parsed(name, *words)) == found
            err = capsys.readouterr().err
            assert ("NAME alone (SCENARIO)" in err) == ("--scenario" in words)


def test_a_function_behind_the_command_as_it_was_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("fuzz", RIGHT, "--max-cases", "1")
    assert done.return_value == 0
    assert f"TARGET is called --host {RIGHT} now" in done.stderr
    now = run("fuzz", "--host", RIGHT, "--max-cases", "1")
    assert f"TARGET is called --host {RIGHT} now" not in now.stderr
    again = run("replay", "torn.toml", RIGHT)
    assert f"FILE... MODULE:FUNCTION is called FILE... --host {RIGHT} now" in again.stderr
    assert again.return_value == 2


def test_an_old_key_of_a_scenario_and_an_old_option(tmp_path: Path) -> None:
    file = tmp_path / "old.toml"
    file.write_text('title = "t"\nshows = "s"\n[line]\nport = "usb"\n')
    with pytest.warns(FutureWarning, match=r"old.toml:4: line.port is called line.interface now"):
        assert load_scenario(file).line.interface == "usb"
    with pytest.warns(FutureWarning, match="option port is called interface now"):
        assert make_scenario("ec200u", port="usb").line.interface == "usb"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("chekc",), 'no command "chekc". Did you mean "check"?'),
        (("ctl", "fils"), 'no command "fils". Did you mean "files"?'),
        (("devices", "shwo"), 'no command "shwo". Did you mean "show"?'),
        (("run", "--basd", "9600"), 'no option "--basd". Did you mean "--baud"?'),
        (("check", "--kep", "x"), 'no option "--kep"'),
        (("ctl", "wait", "x", "--timout", "5"), 'Did you mean "--timeout"?'),
        (("run", "ec2000u"), 'Did you mean "ec200u"?'),
        (("run", "typical-flsh"), 'Did you mean "typical-flash"?'),
        (("sweep", "typical-flsh"), 'Did you mean "typical-flash"?'),
        (("check", "ec2000u", "--", "true"), 'Did you mean "ec200u"?'),
        (("fuzz", "ec200x", "--host", RIGHT), 'Did you mean "ec200'),
        (("fuzz", "--host", RIGHT, "--fault", "drop_byte"), 'Did you mean "drop_bytes"?'),
        (("fuzz", "--host", RIGHT, "--every", "drop_byte"), 'Did you mean "drop_bytes"?'),
        (("commands", "ec200u", "AT+QFUPLL"), 'Did you mean "AT+QFUPL"?'),
        (("check", "ec200u", "--allow", "no-wait-for-acks", "--", "true"), "no-wait-for-ack"),
        (("scenarios", "typical-flsh"), 'Did you mean "typical-flash"?'),
        (("devices", "show", "ec2000u"), 'Did you mean "ec200u"?'),
    ],
)
def test_what_was_probably_meant(
    words: tuple[str, ...], advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = run(*words).exception
    assert isinstance(error, QuecsimError | click.ClickException)
    said = str(error) if isinstance(error, QuecsimError) else error.format_message()
    assert advice in said


def test_two_devices_are_a_mistake() -> None:
    error = run("run", "m95", "--device", "ec200u").exception
    assert isinstance(error, QuecsimError)
    assert "two devices are named: m95 and ec200u" in str(error)


def test_a_profile_is_a_device_too(tmp_path: Path) -> None:
    from quecsim.cli.device_options import chosen

    file = tmp_path / "board.toml"
    file.write_text('extends = "ec200u"\n')
    assert chosen(None, str(file)) == (str(file), None)
    file.write_text('title = "t"\nshows = "s"\n')
    assert chosen(None, str(file)) == (None, str(file))
    file.write_text('[line]\nbaud = "9600 baud"\n')
    assert chosen(None, str(file)) == (None, str(file))
    assert make_scenario(*chosen(None, str(file))).line.baud == 9600
    file.write_text("extends = \n")
    assert chosen(None, str(file)) == (None, str(file))
