import base64
import gzip
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim import __version__
from quecsim.errors import QuecsimError
from quecsim.trace import jsonl
from quecsim.trace.event import End, Event, HostBytes, Start, Stored
from quecsim.trace.jsonl import FORMAT, TraceHeader, TraceWriter, is_trace, read_trace
from tests.trace.strategies import events_of

EVENTS: list[Event] = [
    Start(0, "ec200u", 7, "uart", {"flash": "worst"}),
    HostBytes(5, 0, bytes(range(256))),
    Stored(9, "x.pem", 256, 256),
    End(10, {"sent": 256}),
]


def _written(events: list[Event]) -> bytes:
    stream = io.BytesIO()
    TraceWriter(stream).write(events)
    return stream.getvalue()


@given(st.lists(st.one_of([events_of(kind) for kind in get_args(Event)]), max_size=8))
@settings(max_examples=200, deadline=None)
def test_every_event_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(_written(events))
    assert read_trace(path) == (TraceHeader(FORMAT, __version__), events)


def test_the_file_is_json_lines_with_a_header_and_base64(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in _written(EVENTS).splitlines()]
    assert lines[0] == {"quecsim_trace": FORMAT, "version": __version__}
    assert lines[1]["type"] == "Start"
    assert base64.b64decode(lines[2]["data"]) == bytes(range(256))
    assert len(lines) == 5


def test_writing_keeps_nothing_and_appends_whole_lines() -> None:
    stream = io.BytesIO()
    writer = TraceWriter(stream, version="9")
    pieces = []
    for event in EVENTS:
        before = stream.tell()
        writer.write([event])
        writer.write([])
        pieces.append(stream.getvalue()[before:])
    assert all(piece.endswith(b"\n") and piece.count(b"\n") == 1 for piece in pieces)
    assert b"".join(pieces) == _written(EVENTS).split(b"\n", 1)[1]


def test_cut_anywhere_the_whole_lines_are_read(tmp_path: Path) -> None:
    whole, path = _written(EVENTS), tmp_path / "t.jsonl"
    header_end = whole.index(b"\n") + 1
    torn_somewhere = False
    for size in range(header_end, len(whole) + 1):
        path.write_bytes(whole[:size])
        header, events = read_trace(path)
        is_torn = header.torn_bytes > 0
        complete = whole[:size].count(b"\n") - 1
        # Cut just before its line end, a line is still whole.
        assert len(events) in (complete, complete + 1)
        assert events == EVENTS[: len(events)]
        tail = size - (whole.rfind(b"\n", 0, size) + 1)
        assert header.torn_bytes == (tail if is_torn else 0)
        assert is_torn == (tail > 0 and len(events) == complete)
        torn_somewhere |= is_torn
    assert torn_somewhere


def test_a_crash_that_leaves_zeros_is_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(_written(EVENTS) + bytes(512))
    header, events = read_trace(path)
    assert (header.torn_bytes, events) == (512, EVENTS)


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path) -> None:
    lines = _written(EVENTS).split(b"\n")
    lines[2] = lines[2].replace(b"HostBytes", b"HostBites")
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(QuecsimError, match="HostBites") as caught:
        read_trace(path)
    assert caught.value.where == f"{path}:3"


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b"\xff\xfe\n", b"[1]\n", b'{"type":"Start"}\n']
)
def test_a_file_that_is_no_trace(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(content)
    with pytest.raises(QuecsimError, match="no quecsim trace") as caught:
        read_trace(path)
    assert caught.value.where == str(path)
    assert "--trace" in caught.value.hint


@pytest.mark.parametrize("number", [1, 3])
def test_another_format_says_who_wrote_it(tmp_path: Path, number: int) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b'{"quecsim_trace":%d,"version":"3.1"}\n{"type":"Later"}\n' % number)
    with pytest.raises(QuecsimError, match=f"format {number}, and") as caught:
        read_trace(path)
    assert "3.1" in caught.value.hint


def test_a_line_of_another_version_says_who_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b'{"quecsim_trace":2,"version":"0.0.9"}\n{"type":"Older"}\n{"type":"End"}\n')
    with pytest.raises(QuecsimError, match="no event") as caught:
        read_trace(path)
    assert "0.0.9" in caught.value.hint


def test_a_start_with_values_that_are_not_known_is_read_without_them(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    start = b'{"type":"Start","at_ns":0,"device":"m95","seed":3,"port":"uart","settings":{}'
    path.write_bytes(
        b'{"quecsim_trace":2}\n' + start + b',"profile":{"other":1},"config":{"a":1}}\n'
    )
    assert read_trace(path)[1] == [Start(0, "m95", 3, "uart", {})]


@pytest.mark.parametrize("members", [1, 2])
def test_packed_by_gzip(tmp_path: Path, members: int) -> None:
    path, whole = tmp_path / "t.jsonl.gz", _written(EVENTS)
    half = len(whole) // members
    path.write_bytes(gzip.compress(whole[:half]) + (gzip.compress(whole[half:]) * (members - 1)))
    assert read_trace(path) == (TraceHeader(FORMAT, __version__), EVENTS)
    assert is_trace(path)


def test_packed_and_cut_anywhere(tmp_path: Path) -> None:
    """Within a member, too: what was written before is read."""
    path, file = tmp_path / "t.jsonl.gz", io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb") as stream:
        writer = TraceWriter(stream)  # type: ignore[arg-type]
        stream.flush()
        first = file.tell()
        writer.write(EVENTS[:2])
        stream.flush()
        flushed = file.tell()
        writer.write(EVENTS[2:])
    whole = file.getvalue()
    for size in range(first, len(whole)):
        path.write_bytes(whole[:size])
        _, events = read_trace(path)
        assert events == EVENTS[: len(events)]
        assert len(events) >= (2 if size >= flushed else 0)
    path.write_bytes(whole + bytes(100))
    assert read_trace(path)[1] == EVENTS


def test_packed_and_damaged_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl.gz"
    packed = bytearray(gzip.compress(_written(EVENTS)))
    packed[-6] ^= 0xFF  # the check of it all
    path.write_bytes(packed)
    header, events = read_trace(path)
    assert (header.torn_bytes > 0, events) == (True, EVENTS[: len(events)])


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (_written(EVENTS), gzip.compress(_written(EVENTS))):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        assert read_trace("-")[1] == EVENTS


@pytest.mark.parametrize("content", [b"", b'title = "a case"\n', b"\x1f\x8b", b"\x1f\x8bnonsense"])
def test_what_is_no_trace(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t").write_bytes(content)
    assert not is_trace(tmp_path / "t")
    assert not is_trace(tmp_path)


def test_no_file_or_a_directory(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(QuecsimError, match="cannot be read"):
            read_trace(path)


def test_what_is_no_trace_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(1 << 30)
    with pytest.raises(QuecsimError, match="no quecsim trace"):
        read_trace(tmp_path / "sparse")
    for path in ("/dev/zero", "/dev/tty", str(tmp_path)):
        with pytest.raises(QuecsimError, match="cannot be read"):
            read_trace(path)
        assert not is_trace(path)


def test_what_is_packed_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_MOST_BYTES", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(_written(EVENTS) + b" " * (8 << 20)))
    with pytest.raises(QuecsimError, match="more than 1 MiB"):
        read_trace(path)


def test_a_line_nested_thousands_deep_is_no_event(tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonl"
    path.write_bytes(_written(EVENTS) + b'{"type":"Urc","x":' + b"[" * 9000 + b"\n{}\n")
    with pytest.raises(QuecsimError, match="no event"):
        read_trace(path)
