"""`quecsim devices new`."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from quecsim.cli.devices import devices
from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.probe import long, quick


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str) -> str:
    done = CliRunner().invoke(devices, ["new", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def refused(*arguments: str) -> QuecsimError:
    with pytest.raises(QuecsimError) as told:
        new(*arguments)
    return told.value


def test_it_writes_a_file_that_is_a_device_and_says_what_to_do_with_it() -> None:
    said = new("mine", "--like", "EC200U").split("\n")
    assert load_device("./mine.toml").uart == load_device("ec200u").uart
    assert said[0] == "./mine.toml: mine, like Quectel EC200U; all values are commented out"
    assert said[1].endswith("quecsim run ./mine.toml")
    difference = said[2].partition("quecsim devices ")[2].split()
    shown = CliRunner().invoke(devices, [each.lower() for each in difference]).output
    assert shown == "commands only of ec200u: none\ncommands only of mine: none\n"


def test_what_a_probe_measures_names_its_step() -> None:
    new("mine", "--like", "ec200u")
    beside: dict[str, str] = {}
    part = last = ""
    for line in Path("mine.toml").read_text(encoding="utf-8").split("\n"):
        part = line.strip("[]") if line.startswith("[") else part
        beside[f"{part}.{line[1:].partition(' = ')[0]}"] = last
        last = line
    named = {line.removeprefix("# quecsim probe: ") for line in beside.values() if "probe" in line}
    assert named >= {"identity", "ring", "stalls"}
    assert named <= {step.name for step in (*quick.STEPS, *long.STEPS)}
    assert beside["uart.rx_ring_bytes"] == "# quecsim probe: ring"
    assert "nothing is lost on USB" in beside["usb.rx_ring_bytes"]


def test_it_is_written_where_o_says_and_extends_a_file_from_there() -> None:
    new("mine", "--like", "m95")
    Path("deep").mkdir()
    new("second", "--like", "mine.toml", "-o", "deep/board.toml")
    text = Path("deep/board.toml").read_text(encoding="utf-8")
    assert 'extends = "../mine.toml"\n' in text
    assert load_device("deep/board.toml").name == "second"
    assert load_device("deep/board.toml").files == load_device("m95").files


def test_a_file_that_is_there_stays_unless_forced() -> None:
    Path("mine.toml").write_text("what I have measured", encoding="utf-8")
    error = refused("mine", "--like", "ec200u")
    assert (error.message, error.where) == ("the file exists", "mine.toml")
    assert "--force" in error.hint
    assert Path("mine.toml").read_text(encoding="utf-8") == "what I have measured"
    new("mine", "--like", "ec200u", "--force")
    assert load_device("mine.toml").name == "mine"
    assert files() == ["mine.toml"], "no draft is left"


@pytest.mark.parametrize("name", ["ec200u", "M95", "", "a b", "a/b", ".x", "mine.toml", "x" * 41])
def test_a_name_that_cannot_be_one(name: str) -> None:
    assert refused(name, "--like", "ec200u").hint
    assert files() == []


def test_places_that_it_cannot_be_written_to() -> None:
    assert "ends in .toml" in refused("mine", "--like", "ec200u", "-o", "mine.txt").message
    Path("folder.toml").mkdir()
    assert refused("mine", "--like", "ec200u", "-o", "folder.toml").message == "not a regular file"
    error = refused("mine", "--like", "ec200u", "-o", "nowhere/mine.toml")
    assert error.message == "cannot write nowhere/mine.toml: No such file or directory"
    assert files() == ["folder.toml"]


def test_no_such_device_and_no_profile_like_itself() -> None:
    error = refused("mine", "--like", "ec200x")
    assert "ec200" in error.hint
    new("mine", "--like", "ec200u")
    before = Path("mine.toml").read_text(encoding="utf-8")
    error = refused("mine", "--like", "./mine.toml", "--force")
    assert error.message == "a profile cannot be like itself"
    assert Path("mine.toml").read_text(encoding="utf-8") == before
