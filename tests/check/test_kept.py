"""What a check has kept of a failure, found again."""

from pathlib import Path

import pytest

from quecsim.check.kept import judged_run, trace_of
from quecsim.errors import QuecsimError


def kept(folder: Path, *, judgement: bytes | None = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "trace.jsonl").write_bytes(b"")
    if judgement is not None:
        (folder / "judgement.json").write_bytes(judgement)
    return folder


def test_the_trace_of_a_folder(tmp_path: Path) -> None:
    folder = kept(tmp_path / "failures" / "one")
    assert trace_of(folder) == folder / "trace.jsonl"
    assert trace_of(tmp_path / "failures") == folder / "trace.jsonl"  # the only one
    assert trace_of(folder / "trace.jsonl") == folder / "trace.jsonl"


def test_several_are_named(tmp_path: Path) -> None:
    for name in ("b", "a"):
        kept(tmp_path / name)
    with pytest.raises(QuecsimError) as told:
        trace_of(tmp_path)
    assert told.value.message.endswith("holds 2 kept failures")
    assert told.value.hint == f"name one of them: {tmp_path / 'a'}, {tmp_path / 'b'}"


def test_a_folder_without_a_trace(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="holds no trace"):
        trace_of(tmp_path)


def test_a_judgement_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert judged_run(kept(tmp_path / "a") / "trace.jsonl") is None
    assert judged_run(kept(tmp_path / "b", judgement=b"{}") / "trace.jsonl") is None
    assert judged_run(tmp_path / "b" / "other.jsonl") is None
