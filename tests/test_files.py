"""The user's files: bounded, never waited for, private where they are made."""

import errno
import os
import socket
import stat
from pathlib import Path

import pytest

from quecsim.files import MOST_BYTES, create_private, create_whole, is_file, open_file, read_file


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


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "new"
    with create_whole(place) as file:
        file.write(b"half")
        file.flush()
        assert not place.exists()
    assert place.read_bytes() == b"half"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert left_in(tmp_path) == ["new"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    place = tmp_path / "old"
    place.write_bytes(b"long ago")
    file = create_whole(place)
    file.__enter__().write(b"half")
    assert len(left_in(tmp_path)) == 2
    assert not file.__exit__(type(error), error, None)
    assert place.read_bytes() == b"long ago"
    assert left_in(tmp_path) == ["old"]


def test_what_is_replaced_keeps_its_mode_and_its_links(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"long ago")
    (tmp_path / "old").chmod(0o644)
    (tmp_path / "link").symlink_to("old")
    with create_whole(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "old").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("name", "told"),
    [("", "directory"), ("no/where", "there is no folder"), ("a\0b", "name"), ("x" * 300, "long")],
)
def test_where_no_file_can_be_made_nothing_is(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(OSError, match=told), create_whole(f"{tmp_path}/{name}"):
        pass
    assert left_in(tmp_path) == []


def test_a_device_is_written_into() -> None:
    with create_whole("/dev/null") as file:
        file.write(b"gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OSError, match="No space"), create_whole("/dev/full") as file:
        file.write(b"no room")
