"""The record on disk: packed or not, given up on a full disk, spared where nobody wants it."""

import gzip
import os
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live import slow_reader, trace_file
from quecsim.live.trace_file import SparedTraceFile, TraceFile
from quecsim.rng import Stream
from quecsim.trace.event import Event, HostBytes, Urc
from quecsim.trace.jsonl import read_trace

EVENTS: list[Event] = [Urc(number, "RDY") for number in range(50)]


def no_trouble(text: str) -> None:
    raise AssertionError(text)


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.gz"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    trace = TraceFile(path, no_trouble)
    for event in EVENTS:
        trace.write([event])
    trace.close()
    trace.close()
    trace.write(EVENTS)  # too late
    assert read_trace(path)[1] == EVENTS
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")


def test_each_batch_is_in_the_file_at_once(tmp_path: Path) -> None:
    trace = TraceFile(tmp_path / "t.jsonl", no_trouble)
    trace.write(EVENTS[:3])
    assert read_trace(tmp_path / "t.jsonl")[1] == EVENTS[:3]
    trace.close()


def test_a_packed_one_that_was_cut_lacks_its_last_64_kb_at_most(tmp_path: Path) -> None:
    trace = TraceFile(tmp_path / "t.jsonl.gz", no_trouble)
    large = [HostBytes(number, number * 1000, bytes(1000)) for number in range(200)]
    for event in large:
        trace.write([event])
    events = read_trace(tmp_path / "t.jsonl.gz")[1]
    assert events == large[: len(events)]
    assert (len(large) - len(events)) * 1000 < 1 << 16
    trace.close()


@pytest.mark.parametrize("name", ["/dev/full", "full.gz"])
def test_a_full_disk_ends_the_trace_with_one_message(tmp_path: Path, name: str) -> None:
    path = Path(name)
    if not path.is_absolute():
        path = tmp_path / name
        path.symlink_to("/dev/full")
    told: list[str] = []
    trace = TraceFile(path, told.append)
    for _ in range(3):
        trace.write([HostBytes(0, 0, bytes(1 << 17))])
    trace.close()
    assert len(told) == 1
    assert "No space left" in told[0]


def test_a_place_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot write the trace"):
        TraceFile(tmp_path / "none" / "t.jsonl.gz", no_trouble)


def test_spared_unless_it_is_kept(tmp_path: Path) -> None:
    for is_kept in (True, False):
        path = tmp_path / str(is_kept)
        trace = SparedTraceFile(path, no_trouble)
        trace.write(EVENTS)
        assert not path.exists()
        trace.keep() if is_kept else trace.drop()
        assert path.exists() == is_kept
    assert read_trace(tmp_path / "True")[1] == EVENTS


def test_much_of_it_does_not_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_file, "_MOST_SPARED_EVENTS", 10)
    for is_kept in (True, False):
        path = tmp_path / f"{is_kept}.jsonl"
        trace = SparedTraceFile(path, no_trouble)
        for event in EVENTS:
            trace.write([event])
            assert len(trace._events) <= 10
        assert path.exists()
        trace.keep() if is_kept else trace.drop()
        assert path.exists() == is_kept
    assert read_trace(tmp_path / "True.jsonl")[1] == EVENTS


def test_nothing_packed_is_left_open(tmp_path: Path) -> None:
    trace = TraceFile(tmp_path / "t.gz", no_trouble)
    trace.write(EVENTS)
    trace.close()
    with gzip.open(tmp_path / "t.gz") as file:
        assert file.read().count(b"\n") == 1 + len(EVENTS)


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.gz"])
def test_it_is_its_owners_alone(tmp_path: Path, name: str) -> None:
    TraceFile(tmp_path / name, no_trouble).close()
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(QuecsimError, match="a pipe that nobody reads"):
        TraceFile(tmp_path / "fifo", no_trouble)


@pytest.mark.parametrize("name", ["fifo", "fifo.gz"])
def test_a_reader_who_sleeps_ends_the_trace_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(slow_reader, "_PATIENCE_MS", 1)
    os.mkfifo(tmp_path / name)
    reader = os.open(tmp_path / name, os.O_RDONLY | os.O_NONBLOCK)
    told: list[str] = []
    trace = TraceFile(tmp_path / name, told.append)
    noise = Stream(1, "noise")
    for _ in range(4):
        data = bytes(noise.below(256) for _ in range(1 << 16))
        trace.write([HostBytes(0, 0, data)])
    trace.close()
    os.close(reader)
    assert told == [f"trace ended: cannot write {tmp_path / name}: its reader does not keep up"]


def test_without_payload_the_header_says_so(tmp_path: Path) -> None:
    trace = TraceFile(tmp_path / "t.jsonl", no_trouble, payload="digest")
    trace.write([HostBytes(0, 0, b"a secret that nobody is to see")])
    trace.close()
    header, events = read_trace(tmp_path / "t.jsonl")
    assert header.payload == "digest"
    assert [type(event).__name__ for event in events] == ["HostBytes", "PayloadDigest"]
    assert b"secret" not in b"".join(e.data for e in events if isinstance(e, HostBytes))
