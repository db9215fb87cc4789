"""A trace that was damaged anywhere is read, or refused in one message: never a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.cli.replay import replay
from quecsim.cli.report import report
from quecsim.cli.report_files import OUTPUTS
from quecsim.errors import QuecsimError
from tests.cli.test_report import record, write

WRONG = [0, -1, 1, 2**30, 2**40, 2**62, -(2**62), 10**26, "x", "", None, [], {}, 1.5, True]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    path = tmp_path_factory.mktemp("trace") / "run.jsonl"
    return write(path, record("thread-57329")).read_bytes().splitlines()


def damage(value: Any, data: st.DataObject) -> Any:
    """One place in it is another value, or a key is gone."""
    if isinstance(value, dict | list) and value:
        keys = sorted(value) if isinstance(value, dict) else range(len(value))
        key = data.draw(st.sampled_from(keys))
        if isinstance(value, dict) and data.draw(st.integers(0, 9)) == 0:
            del value[key]
        else:
            value[key] = damage(value[key], data)
        return value
    if type(value) is int and data.draw(st.booleans()):
        return value + data.draw(st.sampled_from([-1, 1, 1000, 10**9]))
    return data.draw(st.sampled_from(WRONG))


def damaged(lines: list[bytes], data: st.DataObject) -> list[bytes]:
    lines, at = list(lines), data.draw(st.integers(1, len(lines) - 1))
    kind = data.draw(st.sampled_from(["value", "value", "value", "order", "gone", "byte"]))
    if kind == "value":
        lines[at] = json.dumps(damage(json.loads(lines[at]), data)).encode()
    elif kind == "order":
        other = data.draw(st.integers(1, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == "gone":
        del lines[at]
    else:
        place = data.draw(st.integers(0, len(lines[at]) - 1))
        line = bytearray(lines[at])
        line[place] = data.draw(st.integers(0, 255))
        lines[at] = bytes(line)
    return lines


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.jsonl"
    path.write_bytes(b"\n".join(damaged(lines, data)))
    for command, words in [(report, [str(path), "--picture"]), (replay, [str(path)])]:
        result = CliRunner().invoke(command, words, standalone_mode=False)
        if result.exception is not None and not isinstance(result.exception, QuecsimError):
            raise result.exception
        assert "Traceback" not in result.stderr


@pytest.mark.filterwarnings("ignore::UserWarning")  # what a file lacks is told so
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_pictures_and_files_are_made_of_it_or_it_is_refused(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, whole = folder / "damaged.jsonl", folder / "whole.jsonl"
    path.write_bytes(b"\n".join(damaged(lines, data)))
    whole.write_bytes(b"\n".join(lines))
    output = data.draw(st.sampled_from(OUTPUTS))
    for words in (
        [str(path), output.option, str(folder / "out")],
        [str(path), "--dialogue"],
        [str(path), str(whole)],
        [str(whole), str(path), "--html", str(folder / "two")],
    ):
        told_or_refused(words)


def told_or_refused(words: list[str]) -> None:
    result = CliRunner().invoke(report, words, standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, QuecsimError):
        raise result.exception


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("RingLevel", "level", 10**26),
        ("RingLevel", "level", 10**9),
        ("Lost", "count", 0),
        ("Lost", "offset", 10**26),
        ("DataBegin", "size", -5),
        ("HostBytes", "at_ns", 10**26),
        ("HostBytes", "at_ns", -1),
        ("Stalled", "until_ns", 10**18),
        ("FlashBusy", "until_ns", 0),
        ("HostLine", "baud", 0),
    ],
)
def test_what_has_been_seen(
    tmp_path: Path, lines: list[bytes], kind: str, field: str, value: int
) -> None:
    events = [json.loads(line) for line in lines]
    for event in events:
        if event.get("type") == kind:
            event[field] = value
    path = tmp_path / "damaged.jsonl"
    path.write_text("\n".join(map(json.dumps, events)))
    for command, words in [(report, [str(path), "--picture"]), (replay, [str(path)])]:
        result = CliRunner().invoke(command, words, standalone_mode=False)
        assert result.exception is None or isinstance(result.exception, QuecsimError)
