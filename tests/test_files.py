"""The user's files: bounded, never waited for, private where they are made."""

import errno
import os
import socket
import stat
from pathlib import Path

import pytest

from quecsim.files import MOST_BYTES, create_private, is_file, open_file, read_file


def refusal(path: str | Path) -> str:
    with pytest.raises(OSError, match=r".") as refused:
        read_file(path)
    return refused.value.strerror or ""


def test_a_file_is_read_whole_up_to_the_bound(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345678")
    assert read_file(path) == read_file(path, 8) == b"12345678"
    with pytest.raises(OSError, match="more than 7 bytes") as refused:
        read_file(path, 7)
    assert refused.value.errno == errno.EFBIG


def test_what_has_no_end_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
        assert refusal(tmp_path / "fifo") == "it is a pipe, and no file"
        assert refusal("/dev/zero") == "it is a device, and no file"
        assert refusal(tmp_path) == os.strerror(errno.EISDIR)
        assert refusal(tmp_path / "socket")
    assert read_file("/dev/null") == b""
    assert "name" in refusal("a\0b")
    assert "name" in refusal("\ud800")
    assert refusal("x" * 5000) == os.strerror(errno.ENAMETOOLONG)


def test_a_huge_sparse_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    assert refusal(tmp_path / "sparse") == f"it has more than {MOST_BYTES >> 20} MiB"
    with pytest.raises(OSError, match="MiB"):
        open_file(tmp_path / "sparse")


def test_a_pipe_that_the_shell_has_opened_is_read() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"from a pipe")
    os.close(writer)
    assert read_file(f"/dev/fd/{reader}") == b"from a pipe"
    os.close(reader)


def test_what_is_made_is_private_and_what_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"long ago")
    (tmp_path / "old").chmod(0o644)
    for name, mode in [("new", 0o600), ("old", 0o644)]:
        with create_private(tmp_path / name) as file:
            file.write(b"x")
        assert (tmp_path / name).read_bytes() == b"x"
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "new", is_new=True)


def test_a_pipe_without_a_reader_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(OSError, match="a pipe that nobody reads"):
        create_private(tmp_path / "fifo")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "nothing", "."])
def test_what_is_no_file_by_name(name: str) -> None:
    assert not is_file(name)
