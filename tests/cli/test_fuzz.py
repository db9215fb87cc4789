import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quecsim.cli.main import cli
from quecsim.errors import QuecsimError
from quecsim.fuzz.case import load_case
from tests.fuzz.uploaders import FOLDER

RIGHT, WRONG = f"{FOLDER / 'right.py'}:upload", f"{FOLDER / 'wrong.py'}"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fuzz(*arguments: str, command: str = "fuzz") -> Result:
    result = CliRunner().invoke(cli, [command, *arguments], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


def test_a_wrong_uploader_is_told_with_its_case_and_the_replay(tmp_path: Path) -> None:
    result = fuzz("--host", f"{WRONG}:ack_ignored", "--max-cases", "20")
    assert result.return_value == 1
    assert result.stdout.startswith("FOUND  no-wait-for-ack at 0.")
    assert "bytes_count = 1025" in result.stdout
    assert (
        "replay with: quecsim replay --run-host quecsim-findings/no-wait-for-ack.toml"
        in result.stdout
    )
    assert "seed 1" in result.stderr
    assert (tmp_path / "quecsim-findings" / "no-wait-for-ack.toml").is_file()


def test_nothing_is_left_behind_by_a_right_uploader(tmp_path: Path) -> None:
    result = fuzz("--host", RIGHT, "--max-cases", "30")
    assert result.return_value == 0
    assert "nothing found" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_finding_is_told_where_no_file_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    result = fuzz("--host", f"{WRONG}:ack_ignored", "--max-cases", "20", "--findings", "taken")
    assert result.return_value == 1
    assert "FOUND  no-wait-for-ack" in result.stdout
    assert "cannot write taken/no-wait-for-ack.toml" in result.stderr


def test_as_json() -> None:
    result = fuzz("--host", f"{WRONG}:println", "--max-cases", "12", "--json", "--findings", "here")
    told = json.loads(result.stdout)
    assert told["cases"] == 12
    (found,) = told["found"]
    assert found["cause"] == "failed-wrong"
    assert found["file"] == "here/failed-wrong.toml"
    assert found["case"] == Path(found["file"]).read_text()
    assert load_case(found["file"]).case_bytes == b"\n"


def test_every_flash_operation() -> None:
    result = fuzz("--host", RIGHT, "--every", "power_cut:flash_op", "--max-time", "100")
    assert result.return_value == 0
    announced = re.search(r"power_cut at (\d+) of \1 flash operations: \1 cases", result.stderr)
    assert announced is not None
    count = announced[1]
    assert int(count) >= 4
    assert f"power_cut: {count} of {count} flash operations" in result.stdout


def test_only_what_is_asked_for_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "mine.bin").write_bytes(b"mine")
    result = fuzz("--host", f"{WRONG}:no_compare", "--file", "mine.bin", "--fault", "connect_late",
                  "--max-cases", "60", "--json")  # fmt: skip
    told = json.loads(result.stdout)
    assert set(told["coverage"]["fired"]) == {"connect_late"}
    assert told["found"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "a function or a program?"),
        (("--host", RIGHT, "--", "cat"), "a function or a program?"),
        (("nothing_57329:upload",), "cannot import nothing_57329"),
        (("--host", RIGHT, "--fault", "gremlin"), "there is no fault 'gremlin'"),
        (("--host", RIGHT, "--file", "none.bin"), "cannot read none.bin"),
        (("--host", RIGHT, "--every", "ack_lost", "--file", "/dev/null"), "no such point"),
        (("--host", RIGHT, "nothing"), "nothing"),
    ],
)
def test_the_users_mistakes(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        fuzz(*arguments)
    assert says in str(caught.value)


def test_replay_says_failed_fixed_and_error(tmp_path: Path) -> None:
    fuzz("--host", f"{WRONG}:ack_ignored", "--max-cases", "20")
    case = "quecsim-findings/no-wait-for-ack.toml"
    refused = fuzz(case, command="replay")
    assert refused.return_value == 2
    assert "wrong.py:ack_ignored" in refused.stdout
    failed = fuzz("--run-host", case, command="replay")
    assert failed.return_value == 1
    assert failed.stdout.startswith(f"FAILED  {case}\n")
    fixed = fuzz(case, "--host", RIGHT, command="replay")
    assert fixed.return_value == 0
    assert fixed.stdout == f"FIXED  {case}\n"
    (tmp_path / "torn.toml").write_text("title = ")
    error = fuzz(case, "torn.toml", "--host", RIGHT, command="replay")
    assert error.return_value == 2
    assert "FIXED" in error.stdout
    assert "ERROR  torn.toml" in error.stdout
    told = json.loads(fuzz(case, "torn.toml", "--host", RIGHT, "--json", command="replay").stdout)
    assert [each["outcome"] for each in told] == ["FIXED", "ERROR"]


def test_replay_of_a_host_that_is_gone_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def upload(port, name, data):\n    return None\n")
    fuzz("mine.py:upload", "--max-cases", "1")
    (case,) = (tmp_path / "quecsim-findings").iterdir()
    (tmp_path / "mine.py").unlink()
    result = fuzz("--run-host", str(case), command="replay")
    assert result.return_value == 2
    assert "there is no file mine.py" in result.stdout


def test_replay_needs_a_case() -> None:
    with pytest.raises(QuecsimError, match="no case is named"):
        fuzz(RIGHT, command="replay")


def test_replay_of_a_plain_scenario_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "plain.toml").write_text('title = "t"\nshows = "s"\n')
    result = fuzz("plain.toml", "--host", RIGHT, command="replay")
    assert result.return_value == 2
    assert "no case" in result.stdout


def test_replay_of_a_folder_runs_what_lies_in_it(tmp_path: Path) -> None:
    fuzz("--host", f"{WRONG}:println", "--max-cases", "12", "--findings", "kept")
    (one,) = (tmp_path / "kept").iterdir()
    (tmp_path / "kept" / "again.toml").write_bytes(one.read_bytes())
    (tmp_path / "kept" / "notes.txt").write_text("no case")
    assert fuzz("kept", "--host", RIGHT, command="replay").stdout == (
        "FIXED  kept/again.toml\nFIXED  kept/failed-wrong.toml\n"
    )
    (tmp_path / "empty").mkdir()
    with pytest.raises(QuecsimError, match="there is no case in empty"):
        fuzz("empty", "--host", RIGHT, command="replay")


def test_a_function_that_cannot_be_called_is_the_users_mistake(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text("def upload(port, data): ...\n")
    with pytest.raises(QuecsimError, match=r"cannot be called as function\(port, name, data\)"):
        fuzz("odd.py:upload")
