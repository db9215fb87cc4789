"""What is kept of a program's output."""

import os
from pathlib import Path

from quecsim.check.attempt import OutputCopy


def copied(folder: Path, data: bytes) -> bytes:
    output = OutputCopy(folder / "log", is_shown=False)
    view = memoryview(data)
    while view:
        view = view[os.write(output.write_end, view) :]
    output.close()
    return (folder / "log").read_bytes()


def test_output_is_kept_byte_for_byte(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4000
    assert copied(tmp_path, data) == data


def test_a_program_that_never_stops_talking_does_not_fill_the_disk(tmp_path: Path) -> None:
    data = b"".join(b"%09d\n" % number for number in range(1_500_000))
    kept = copied(tmp_path, data)
    first, rest = kept.split(b"\n", 1)
    assert b"left out" in first
    assert (2 << 20) <= len(rest) <= (4 << 20)
    assert data.endswith(rest)
