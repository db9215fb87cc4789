"""Names with directories in them, on a real littlefs."""

from collections.abc import Callable
from functools import partial

import pytest

from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs, UfsError, UfsFault
from quecsim.flash.volume import Volume
from quecsim.profiles.schema import Directories

BLOCK = 4096


def flash(blocks: int = 64) -> Nor:
    return Nor(BLOCK, blocks, FlashTiming(mode=FlashMode.INSTANT))


def ufs_on(nor: Nor, directories: Directories = "made") -> Ufs:
    return Ufs(nor, directories=directories)


def fault(operation: Callable[[], object]) -> UfsFault:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value.kind


def directories_on(nor: Nor) -> list[str]:
    """What is at the root beside files and the system's directory."""
    view = Volume(nor, 1024)
    found = [name for name, size in view._directory("") if size is None]
    view.unmount()
    return found


def test_a_directory_is_made_with_its_first_file_and_goes_with_its_last() -> None:
    nor = flash()
    ufs = ufs_on(nor)
    empty = ufs.free_bytes()
    ufs.write_file("security/ca.pem", b"ca")
    ufs.write_file("security/deep/key.pem", bytes(9000))
    ufs.write_file("plain", b"x")
    assert ufs.listing() == [("security/ca.pem", 2), ("security/deep/key.pem", 9000), ("plain", 1)]
    assert ufs.files() == sorted(ufs.listing())
    assert ufs.read_file("security/ca.pem") == b"ca"
    assert ufs.stat("security/deep/key.pem") == 9000
    assert ufs_on(nor).listing() == ufs.files(), "it is all on the flash"
    ufs.delete("security/ca.pem")
    assert directories_on(nor) == ["security"]
    ufs.delete("security/deep/key.pem")
    assert directories_on(nor) == []
    ufs.delete("plain")
    assert ufs.free_bytes() == empty


def test_a_directory_where_a_file_should_be_and_the_other_way_round() -> None:
    ufs = ufs_on(flash())
    ufs.write_file("d/a", b"a")
    ufs.write_file("f", b"f")
    before = ufs.listing()
    assert fault(lambda: ufs.create("d")) is UfsFault.EXISTS
    operations: list[Callable[[str], object]] = [ufs.stat, ufs.open, ufs.delete, ufs.read_file]
    for operation in operations:
        assert fault(partial(operation, "d")) is UfsFault.BAD_NAME
    for operation in [ufs.create, *operations]:
        assert fault(partial(operation, "f/a")) is UfsFault.BAD_NAME
        assert fault(partial(operation, "f/a/b")) is UfsFault.BAD_NAME
    assert ufs.listing() == before


def test_what_is_refused_leaves_no_directory_behind() -> None:
    nor = flash()
    ufs = ufs_on(nor)
    assert fault(lambda: ufs.open("d/a", 2)) is UfsFault.NOT_FOUND
    assert fault(lambda: ufs.delete("d/a")) is UfsFault.NOT_FOUND
    ufs.write_file("f", b"f")
    assert fault(lambda: ufs.create("f/d/a")) is UfsFault.BAD_NAME
    assert directories_on(nor) == []


def test_where_they_must_exist_none_is_made_and_none_goes() -> None:
    nor = flash()
    made = ufs_on(nor)
    made.write_file("d/a", b"a")
    ufs = ufs_on(nor, "must_exist")
    assert fault(lambda: ufs.create("other/a")) is UfsFault.NOT_FOUND
    ufs.write_file("d/b", b"b")
    ufs.delete("d/a")
    ufs.delete("d/b")
    assert directories_on(nor) == ["d"]
    assert fault(lambda: ufs.delete("d")) is UfsFault.BAD_NAME
    assert directories_on(nor) == ["d"]


def test_a_device_without_directories_sees_none_of_what_an_image_has() -> None:
    nor = flash()
    ufs_on(nor).write_file("d/a", b"a")
    flat = ufs_on(nor, "none")
    assert flat.listing() == flat.files() == []
    assert fault(lambda: flat.stat("d/a")) is UfsFault.BAD_NAME
    assert fault(lambda: flat.delete("d")) is UfsFault.BAD_NAME
    assert ufs_on(nor).read_file("d/a") == b"a"


def test_the_room_for_a_file_counts_its_directories_and_the_old_one() -> None:
    ufs = ufs_on(flash(16))
    assert ufs.room_for("a", None) == ufs.free_bytes()
    longest = ufs.room_for("d/e/a", None)
    assert longest < ufs.free_bytes() - 3 * BLOCK
    ufs.write_file("d/e/a", bytes(longest))
    assert ufs.room_for("d/e/a", longest) == longest
    ufs.delete("d/e/a")
    ufs.write_file("d/e/a", bytes(longest))


def test_an_open_file_keeps_its_directory() -> None:
    nor = flash()
    ufs = ufs_on(nor)
    first, second = ufs.create("d/a"), ufs.create("d/b")
    second.close()
    ufs.delete("d/b")
    assert directories_on(nor) == ["d"]
    first.write(b"abc")
    first.close()
    assert ufs.read_file("d/a") == b"abc"


# names that no command can say

HOSTILE = ['a"b', "a\rb\nOK", "\x1b[31m", "\xe9", "*", "a:b", "n" * 120, "tab\t"]


@pytest.mark.parametrize("directories", ["none", "made", "must_exist"])
def test_a_listed_file_can_be_removed_whatever_it_is_called(directories: Directories) -> None:
    nor = flash()
    ufs = ufs_on(nor, directories)
    for name in HOSTILE:
        put(nor, name)
    ufs = ufs_on(nor, directories)
    assert [name for name, _ in ufs.listing()] == sorted(HOSTILE)
    for name, _ in ufs.listing():
        ufs.delete_listed(name)
    assert ufs.listing() == []


def test_the_same_in_a_directory_with_such_a_name() -> None:
    nor = flash()
    ufs = ufs_on(nor)
    put(nor, '\xe9"/a"', ['\xe9"'])
    assert [name for name, _ in ufs.listing()] == ['\xe9"/a"']
    ufs.delete_listed('\xe9"/a"')
    assert directories_on(nor) == []


def put(nor: Nor, name: str, directories: list[str] | None = None) -> None:
    """As another maker's tool would."""
    volume = Volume(nor, 1024)
    for path in directories or []:
        volume.call("mkdir", path, "latin-1")
    handle = volume.call("file_open", name, 0x103, "latin-1")
    volume.call("file_write", handle, b"x")
    volume.call("file_close", handle)
    volume.unmount()
