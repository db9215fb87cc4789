"""`quecsim replay` of recorded traces; of saved cases, see `test_fuzz.py`."""

import gzip
import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from quecsim.cli.replay import replay
from quecsim.rig import Rig, RigConfig
from quecsim.rig.setup import flash_image, with_origin
from quecsim.trace.event import Event
from quecsim.trace.jsonl import TraceWriter
from quecsim.trace.redact import Redactor
from quecsim.units import s
from tests.cli.test_report import CERTIFICATE, record, write
from tests.device.bench import shipped


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    words = [str(each) for each in arguments]
    result = CliRunner().invoke(replay, words, standalone_mode=False, input=stdin)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return record("thread-57329")


@pytest.fixture
def trace(tmp_path: Path, events: list[Event]) -> Path:
    return write(tmp_path / "run.jsonl", events)


def test_the_same(trace: Path, events: list[Event]) -> None:
    result = run(trace)
    assert result.stdout == f"same: {len(events)} events\n"
    assert result.return_value == 0


def test_the_folder_of_a_failure(tmp_path: Path, trace: Path, events: list[Event]) -> None:
    trace.rename(tmp_path / "trace.jsonl")
    assert run(tmp_path).stdout == f"same: {len(events)} events\n"


def test_packed_and_from_standard_input(tmp_path: Path, trace: Path, events: list[Event]) -> None:
    packed = gzip.compress(trace.read_bytes())
    (tmp_path / "run.jsonl.gz").write_bytes(packed)
    for result in (run(tmp_path / "run.jsonl.gz"), run("-", stdin=packed)):
        assert (result.stdout, result.return_value) == (f"same: {len(events)} events\n", 0)


def test_cut_short(trace: Path) -> None:
    trace.write_bytes(trace.read_bytes()[:-500])
    result = run(trace)
    assert result.stdout.startswith("same: ")
    assert result.stdout.endswith(" events; the record ends before the run did\n")
    assert result.return_value == 0


def test_the_first_event_that_differs_with_both_sides(trace: Path) -> None:
    trace.write_text(trace.read_text().replace('"total":256', '"total":257', 1))
    result = run(trace)
    first, recorded, replayed = result.stdout.splitlines()
    assert first.startswith("event ")
    assert first.endswith(" differs in total")
    assert recorded.startswith("  recorded: Stored at ")
    assert "total=257" in recorded
    assert "total=256" in replayed
    assert result.return_value == 1


def test_as_json(tmp_path: Path, trace: Path, events: list[Event]) -> None:
    result = run(trace, tmp_path / "none.jsonl", "--json")
    same, error = json.loads(result.stdout)
    assert (same["outcome"], same["events"], same["same"]) == ("SAME", len(events), len(events))
    assert (error["outcome"], result.return_value) == ("ERROR", 2)
    assert "No such file" in error["sentence"]


def test_a_record_whose_device_had_other_values(trace: Path) -> None:
    trace.write_text(trace.read_text().replace('"rx_ring_bytes":512', '"ring_octets":512'))
    result = run(trace)
    assert "not one that this quecsim knows" in result.stdout
    assert result.return_value == 2


def test_an_image_that_the_record_does_not_hold(tmp_path: Path) -> None:
    files = shipped().files
    storage = bytearray(b"\xff" * (files.block_bytes * files.block_count))
    image = tmp_path / "image"
    image.write_bytes(storage)
    told = msgspec.structs.replace(flash_image(storage), packed=b"")
    rig = Rig(shipped(), with_origin(RigConfig(), image=told), storage=storage)
    rig.start()
    rig.finish(s(1))
    path = tmp_path / "run.jsonl"
    with path.open("wb") as stream:
        TraceWriter(stream).write(rig.take_events())
    assert "--ufs" in run(path).stdout
    assert run(path, "--ufs", image).return_value == 0
    assert "cannot be read" in run(path, "--ufs", tmp_path / "none").stdout


def test_without_its_payload_and_with_it(tmp_path: Path, events: list[Event]) -> None:
    redactor = Redactor()
    record = [*redactor.feed(events), *redactor.end()]
    trace = write(tmp_path / "run.jsonl", record)
    (tmp_path / "ca.pem").write_bytes(CERTIFICATE)
    (tmp_path / "other.pem").write_bytes(CERTIFICATE[::-1])
    assert CERTIFICATE[100:140] not in trace.read_bytes()
    given = run(trace, "--payload", tmp_path / "ca.pem")
    assert (given.stdout, given.return_value) == (f"same: {len(events)} events\n", 0)
    for more, says in [((), "--payload FILE"), (("--payload", tmp_path / "other.pem"), "nothing")]:
        refused = run(trace, *more)
        assert refused.return_value == 2
        assert says in refused.stdout
