"""`quecsim compare`: of a record, and of what answers at a port."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

import quecsim
from quecsim.cli.compare import compare
from quecsim.errors import QuecsimError
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.trace.jsonl import read_trace
from quecsim.trace.redact import Redactor
from tests.cli.test_report import write
from tests.likeness.device import asks, session, uploads

SHORT = '> AT\n> AT+QFLST="{file}"\n> AT+QFUPL="{file}",5,1\n>> hello\n> AT+QFDEL="{file}"\n'


def run(*arguments: str | Path) -> Result:
    words = [str(each) for each in arguments]
    result = CliRunner().invoke(compare, words, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


def fails(message: str, *arguments: str | Path) -> None:
    with pytest.raises(QuecsimError, match=message) as caught:
        run(*arguments)
    assert caught.value.hint or caught.value.message.startswith("--")


@pytest.fixture(scope="module")
def alike() -> list[Event]:
    return session(uploads(b"x" * 300))


@pytest.fixture(scope="module")
def other() -> list[Event]:
    lines = ("ATE0", "ATI", 'AT+QFLST="none"', 'AT+QFDEL="none"')
    return session(asks(*lines), quirks={"missing_list": "file_not_found"})


def test_a_record_that_is_like_its_profile(tmp_path: Path, alike: list[Event]) -> None:
    result = run(write(tmp_path / "t.jsonl", alike))
    assert result.return_value == 0
    assert result.stdout == (
        "ec200u beside a listener: like: the replies of all 3 exchanges agree\n"
    )


def test_a_record_that_differs_names_the_value(tmp_path: Path, other: list[Event]) -> None:
    result = run(write(tmp_path / "t.jsonl", other))
    assert result.return_value == 1
    assert "differs in 1 of 4 exchanges" in result.stdout
    assert r"module   \r\n+CME ERROR: 405\r\n" in result.stdout
    assert r"profile  \r\n+CME ERROR: 417\r\n" in result.stdout
    assert 'explained by files.missing_list = "file_not_found"' in result.stdout
    assert "or errors.numbers.list_failed = 405" in result.stdout
    assert 'with files.missing_list = "file_not_found": all agree' in result.stdout


def test_quiet_is_the_verdict(tmp_path: Path, other: list[Event]) -> None:
    trace = write(tmp_path / "t.jsonl", other)
    assert run(trace, "-q").stdout == "differs in 1 of 4 exchanges\n"


def test_as_json(tmp_path: Path, other: list[Event]) -> None:
    result = run(write(tmp_path / "t.jsonl", other), "--json")
    assert result.return_value == 1
    told = json.loads(result.stdout)
    assert told["like"] is False
    assert (told["differing"], told["exchanges"]) == (1, 4)
    (difference,) = told["differences"]
    assert difference["line"] == 'AT+QFLST="none"'
    assert difference["explained_by"][0] == {
        "key": "files.missing_list",
        "value": "file_not_found",
    }
    assert {pair["what"] for pair in told["times"]} >= {"ATI", "ATE"}


def test_without_a_search(tmp_path: Path, other: list[Event]) -> None:
    result = run(write(tmp_path / "t.jsonl", other), "--no-search")
    assert "explained by" not in result.stdout


def test_beside_another_profile(tmp_path: Path, alike: list[Event]) -> None:
    result = run(write(tmp_path / "t.jsonl", alike), "--profile", "m95", "--no-search")
    assert result.return_value == 1
    assert result.stdout.startswith("m95 beside a listener: differs in ")


def test_what_is_kept_is_compared_again(tmp_path: Path, other: list[Event]) -> None:
    trace, kept = write(tmp_path / "t.jsonl", other), tmp_path / "kept.jsonl"
    first = run(trace, "-o", kept)
    (start, *events) = read_trace(kept)[1]
    assert isinstance(start, ev.Start)
    assert start.observed is not None
    assert start.observed.compared["verdict"] == "differs in 1 of 4 exchanges"
    assert events == other[1:]
    again = run(kept).stdout.splitlines()
    assert again.pop(1) == "as compared when it was made: differs in 1 of 4 exchanges"
    assert again == first.stdout.splitlines()


def test_a_folder_has_both_apart(tmp_path: Path, other: list[Event]) -> None:
    folder = tmp_path / "kept"
    run(write(tmp_path / "t.jsonl", other), "-o", folder)
    assert json.loads((folder / "differences.json").read_text())["differing"] == 1
    assert run(folder, "-q").stdout == "differs in 1 of 4 exchanges\n"


# at a port


def test_a_device_on_a_pty_is_like_its_profile(tmp_path: Path) -> None:
    script = tmp_path / "short.txt"
    script.write_text(SHORT)
    with quecsim.open("ec200u") as device:
        result = run("ec200u", device.port, "--script", script, "--runs", "2")
        assert device.files() == {}
    assert result.return_value == 0
    assert "like: the replies of all 4 exchanges agree, in 2 runs" in result.stdout
    assert result.stderr.startswith(f"{device.port} beside Quectel EC200U: the 5 steps of short")


def test_a_journey_is_a_script_too(tmp_path: Path) -> None:
    script = tmp_path / "mine.toml"
    script.write_text(
        'title = "Mine"\nshows = "a journey"\ndevice = "ec200u"\n[journey]\n'
        'dialogue = """\n> AT\n< OK\n> AT+QFUPL="{file}",3,2\n< CONNECT\n>> @three\n... OK\n"""\n'
        'data.three = { text = "one" }\n'
    )
    with quecsim.open("ec200u") as device:
        result = run("ec200u", device.port, "--script", script, "--runs", "1", "--no-search", "-q")
    assert result.stdout.startswith("like: the replies of all 2 exchanges agree")


# mistakes


def test_no_trace(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all,\n")
    fails("this file is no quecsim trace", tmp_path / "letter.txt")
    fails("cannot be read", tmp_path / "none.jsonl")


def test_a_profile_alone() -> None:
    fails("with what is it to be compared", "ec200u")


def test_an_unknown_profile(tmp_path: Path, alike: list[Event]) -> None:
    fails('no device is called "ec200x"', write(tmp_path / "t.jsonl", alike), "--profile", "ec200x")
    fails('no device is called "ec200x"', "ec200x", "/dev/null")


def test_a_record_without_its_start(tmp_path: Path, alike: list[Event]) -> None:
    fails("does not begin with the start", write(tmp_path / "t.jsonl", alike[1:]))


def test_a_record_that_is_cut_is_compared_as_far_as_it_goes(
    tmp_path: Path, alike: list[Event]
) -> None:
    trace = write(tmp_path / "t.jsonl", alike)
    whole = trace.read_bytes()
    trace.write_bytes(whole[:-30])
    result = run(trace)
    assert "is torn" in result.stderr
    assert result.return_value == 0
    assert "like: " in result.stdout


def test_a_record_of_nothing(tmp_path: Path, alike: list[Event]) -> None:
    fails("the host says nothing", write(tmp_path / "t.jsonl", [alike[0], alike[-1]]))


def test_a_record_of_one_side(tmp_path: Path, alike: list[Event]) -> None:
    start = alike[0]
    assert isinstance(start, ev.Start)
    assert start.observed is not None
    one_sided: Any = replace(start, observed=replace(start.observed, lacks=("device-bytes",)))
    fails("lacks what the device said", write(tmp_path / "t.jsonl", [one_sided, *alike[1:]]))


def test_a_record_without_the_payload(tmp_path: Path, alike: list[Event]) -> None:
    redactor = Redactor()
    hidden = [*redactor.feed(alike)]
    fails("was left out of this record", write(tmp_path / "t.jsonl", hidden))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("t.jsonl", "--runs", "2"), "--runs is for a PORT"),
        (("t.jsonl", "--script", "x"), "--script is for a PORT"),
        (("t.jsonl", "--baud", "9600"), "--baud is for a PORT"),
        (("ec200u", "/dev/x", "--profile", "m95"), "--profile is for a TRACE"),
        (("ec200u", "/dev/none-such"), "no such port"),
        (("ec200u", "/dev/none-such", "--script", "/none"), "cannot read /none"),
    ],
)
def test_words_that_do_not_go_together(words: tuple[str, ...], message: str) -> None:
    fails(message, *words)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "says nothing"), ("AT\n", "begins no step"), (">> @1024000\n", "no data.|too many")],
)
def test_a_script_that_is_none(tmp_path: Path, text: str, message: str) -> None:
    script = tmp_path / "s.txt"
    script.write_text(text)
    fails(message, "ec200u", "/dev/none-such", "--script", script)
