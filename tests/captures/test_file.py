"""The file of a capture: read as often as wanted, from wherever it comes, and never whole."""

import gzip
import os
import threading
from pathlib import Path

import pytest

from quecsim.captures.file import LINE_BYTES, CaptureFile
from quecsim.captures.opened import Tally
from quecsim.errors import QuecsimError
from tests.captures.samples import HOST, all_samples
from tests.captures.wire import heard_host, imported

SALEAE = all_samples()["saleae"][1]


def test_two_readers_do_not_disturb_one_another(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\nthree\n")
    file = CaptureFile(path)
    lines, others = file.lines(), file.lines()
    assert [next(lines), next(others), next(lines)] == [b"one\n", b"one\n", b"two\n"]
    assert list(others) == [b"two\n", b"three\n"]
    lines.close()  # type: ignore[attr-defined]


def test_the_mark_of_utf_8_and_long_lines(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbfone\n" + b"x" * (2 * LINE_BYTES) + b"\nlast")
    file = CaptureFile(path)
    assert [len(line) for line in file.lines()] == [4, LINE_BYTES, LINE_BYTES, 1, 4]
    tally = Tally()
    assert b"last" not in list(file.whole_lines(tally))
    assert tally.torn
    assert file.head_lines()[0] == "one"


@pytest.mark.parametrize("cut", [0, 9])
def test_what_gzip_has_packed_is_read(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.csv.gz"
    packed = gzip.compress(SALEAE)
    path.write_bytes(packed[: len(packed) - cut])
    if cut:
        with pytest.raises(QuecsimError, match="cannot be read"):
            imported(path)
    else:
        assert heard_host(imported(path)[1]) == HOST


def test_damage_in_what_is_packed_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    packed = bytearray(gzip.compress(SALEAE))
    packed[100:110] = bytes(10)
    path.write_bytes(packed)
    with pytest.raises(QuecsimError, match="cannot be read"):
        imported(path)


def test_a_pipe_is_read_again_and_again(tmp_path: Path) -> None:
    reading, writing = os.pipe()

    def fill() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(SALEAE)

    thread = threading.Thread(target=fill)
    thread.start()
    try:
        assert heard_host(imported(Path(f"/dev/fd/{reading}"))[1]) == HOST
    finally:
        thread.join()
        os.close(reading)


@pytest.mark.parametrize("content", [b"", b"\xff\xfeA\0", b"\xfe\xff\0A"])
def test_what_nothing_can_be_read_from(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(QuecsimError, match=r"empty|UTF-16"):
        CaptureFile(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere", Path("/dev/zero")):
        with pytest.raises(QuecsimError, match="cannot be read"):
            CaptureFile(path)
