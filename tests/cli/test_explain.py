"""`quecsim explain`: options, exit codes, and the user's mistakes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quecsim.checksum import checksum
from quecsim.cli.explain import explain
from quecsim.errors import QuecsimError
from tests.test_checksum import AMAZON


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(AMAZON)
    return path


def run(*arguments: str | Path, data: bytes | None = None) -> tuple[int, Result]:
    result = CliRunner().invoke(
        explain, [str(each) for each in arguments], input=data, standalone_mode=False
    )
    if result.exception is not None:
        raise result.exception
    return result.return_value, result


def test_a_pair(file: Path) -> None:
    code, result = run(file, "389,041E")

    assert code == 0
    assert "only one line in 3 came" in result.stdout
    assert result.stdout.startswith("ca.pem has 1188 bytes")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--command", "+QFUPL: 389,041E"), "only one line in 3 came"),
        (("--command", "+QSECWRITE: 1208,5769"), "each line end sent as CR LF"),
        (("--command", "+QFWRITE: 160,1208"), "if the size tells all"),
        (("--module-list", '+QFLST: "UFS:ca.pem",1187'), "the last line end left out"),
        (("1188,2d13", "--command", "+QFUPL: 389,041E"), "in 1 of 2 attempts"),
    ],
)
def test_lines_of_a_log(file: Path, options: tuple[str, ...], words: str) -> None:
    code, result = run(file, *options)

    assert code == 0
    assert words in result.stdout


def test_what_the_host_has_announced_and_sent(file: Path) -> None:
    command = 'AT+QFUPL="UFS:odd",1188,7'
    got = (command.encode() + b"\r" + AMAZON)[:1188]

    code, result = run(file, f"1188,{checksum(got):x}", "--declared", "1188", "--sent", command)

    assert code == 0
    assert '`AT+QFUPL="UFS:odd",1188,7\\r` is the head of what was stored' in result.stdout


def test_nothing_fits(file: Path) -> None:
    code, result = run(file, "1188,8081")

    assert code == 1
    assert "no story fits" in result.stdout


def test_nothing_is_wrong(file: Path) -> None:
    code, result = run(file, "1188,2d13")

    assert code == 0
    assert "size and checksum are those of the file" in result.stdout


def test_json(file: Path) -> None:
    code, result = run(file, "389,41e", "--json")

    said = json.loads(result.stdout)
    assert code == 0
    assert said["certainty"] == "clear"
    assert said["stories"][0]["kind"] == "lines-kept"


def test_standard_input() -> None:
    code, result = run("-", "389,41e", data=AMAZON)

    assert code == 0
    assert result.stdout.startswith("the file has 1188 bytes")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    code, result = run(tmp_path / "empty", "0,0")

    assert code == 0
    assert "the file is empty, on both sides" in result.stdout


def test_mistakes(file: Path, tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="nothing that the module said is given"):
        run(file)
    with pytest.raises(QuecsimError, match="'389,xyz' is no size and checksum"):
        run(file, "389,xyz")
    with pytest.raises(QuecsimError, match=r"cannot read .*: No such file"):
        run(tmp_path / "none.pem", "389,41e")
    with pytest.raises(QuecsimError, match=r"cannot read .*: Is a directory"):
        run(tmp_path, "389,41e")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate((64 << 20) + 1)

    with pytest.raises(QuecsimError, match="it has more than 64 MiB"):
        run(large, "389,41e")


def test_standard_input_that_has_no_end() -> None:
    with pytest.raises(QuecsimError, match="standard input has more than 64 MiB"):
        run("-", "389,41e", data=bytes((64 << 20) + 1))
