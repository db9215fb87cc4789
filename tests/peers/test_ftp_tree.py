"""The files of an FTP server: names, room, and what is in the way of what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.peers.ftp_path import FtpError, path_of, text_of
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.peers.ftp_tree import Tree


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a", "/here/a"),
        ("/a", "/a"),
        ("../a", "/a"),
        ("../../../a", "/a"),
        ("", "/here"),
        (".", "/here"),
        ("/", "/"),
        ("a//b/./c/../d", "/here/a/b/d"),
        ("a\\b", "/here/a\\b"),
        ("fön", "/here/fön"),
        ("x" * 255, "/here/" + "x" * 255),
    ],
)
def test_names(name: str, path: str) -> None:
    assert text_of(path_of(("here",), name)) == path


@pytest.mark.parametrize(
    "name", ["a\x00", "\x1b[2J", "a\rb", "\x7f", "x" * 256, "ö" * 128, "a/" * 40]
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(FtpError) as told:
        path_of((), name)
    assert told.value.code == 553


def test_room() -> None:
    tree = Tree(FtpSettings(files={"/a": FtpFile(text="12345")}, quota_bytes=10))
    assert tree.room == 5
    file = tree.open(("b",), 0, truncates=True)
    assert tree.write(file, 2, b"xy") == 2
    assert file.data == b"\0\0xy"
    assert tree.room == 1
    assert tree.write(file, 3, b"zzz") == 2
    assert file.data == b"\0\0xzz"
    assert tree.room == 0
    assert tree.write(file, 100, b"zzz") == 0
    assert tree.write(file, 0, b"ab") == 2
    tree.remove_file(("a",))
    assert tree.room == 5
    assert tree.open(("b",), 0, truncates=True).data == b""
    assert tree.room == 10


WRITES = st.lists(st.tuples(st.integers(0, 30), st.binary(max_size=20)), max_size=8)


@given(WRITES)
def test_a_write_is_what_a_file_system_does_until_it_is_full(
    writes: list[tuple[int, bytes]],
) -> None:
    tree, expected = Tree(FtpSettings(quota_bytes=32)), bytearray()
    file = tree.open(("a",), 0, truncates=True)
    for offset, data in writes:
        count = tree.write(file, offset, data)
        whole = expected.ljust(offset, b"\0")
        whole[offset : offset + len(data)] = data
        before = len(expected)
        expected = whole[: max(before, min(len(whole), 32))]
        assert count == max(0, min(len(data), 32 - offset))
        assert file.data == expected
        assert tree.room == 32 - len(expected)
