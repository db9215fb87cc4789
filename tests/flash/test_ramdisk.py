"""RAM: the same files as UFS has, in memory of a bounded size."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.ramdisk import RamDisk
from quecsim.flash.ufs import OpenMode, UfsError, UfsFault

TOTAL = 1000


@pytest.fixture
def disk() -> RamDisk:
    return RamDisk(TOTAL, 20)


def fault(operation: Callable[[], object]) -> UfsError:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value


def filled(disk: RamDisk, name: str, data: bytes) -> None:
    file = disk.create(name)
    file.write(data)
    file.close()


def test_a_new_disk_is_empty(disk: RamDisk) -> None:
    assert disk.listing() == []
    assert disk.free_bytes() == disk.total_bytes == TOTAL
    assert disk.stat("a") is None


def test_what_is_written_is_read_back(disk: RamDisk) -> None:
    filled(disk, "b", b"hello")
    filled(disk, "a", b"")
    assert disk.listing() == [("b", 5), ("a", 0)], "in order of creation"
    file = disk.open("b", OpenMode.READ_ONLY)
    assert (file.read(3), file.tell(), file.read(9), file.read(1)) == (b"hel", 3, b"lo", b"")
    assert disk.free_bytes() == TOTAL - 5


def test_the_modes_of_opening(disk: RamDisk) -> None:
    assert fault(lambda: disk.open("a", OpenMode.READ_ONLY)).kind is UfsFault.NOT_FOUND
    filled(disk, "a", b"abc")
    assert fault(lambda: disk.create("a")).kind is UfsFault.EXISTS
    file = disk.open("a", OpenMode.CREATE_OR_OPEN)
    assert fault(lambda: disk.open("a")).kind is UfsFault.ALREADY_OPEN
    assert fault(lambda: disk.delete("a")).kind is UfsFault.ALREADY_OPEN
    file.write(b"X")
    file.close()
    assert disk.open("a", OpenMode.READ_ONLY).read(9) == b"Xbc"


def test_opening_with_truncation_empties_it(disk: RamDisk) -> None:
    filled(disk, "a", b"abc")
    disk.open("a", OpenMode.CREATE_OR_TRUNCATE).close()
    assert disk.stat("a") == 0


def test_a_file_for_reading_takes_no_writing(disk: RamDisk) -> None:
    filled(disk, "a", b"abc")
    file = disk.open("a", OpenMode.READ_ONLY)
    assert fault(lambda: file.write(b"x")).kind is UfsFault.READ_ONLY
    assert fault(file.truncate).kind is UfsFault.READ_ONLY


def test_moving_and_cutting(disk: RamDisk) -> None:
    filled(disk, "a", b"abcdef")
    file = disk.open("a")
    file.seek(2)
    file.truncate()
    assert (file.size(), file.tell()) == (2, 2)
    for position in (3, -1):
        assert fault(partial(file.seek, position)).kind is UfsFault.INVALID


def test_a_full_memory_keeps_what_fitted(disk: RamDisk) -> None:
    file = disk.create("a")
    file.write(bytes(990))
    error = fault(lambda: file.write(bytes(20)))
    assert (error.kind, error.written, file.size()) == (UfsFault.NO_SPACE, 10, TOTAL)
    file.seek(0)
    assert file.write(b"over what is there") == 18
    file.close()
    disk.delete("a")
    assert disk.free_bytes() == TOTAL


def test_room_can_be_reserved(disk: RamDisk) -> None:
    filled(disk, "a", b"abc")
    disk.reserve("a", 600)
    assert (disk.room_bytes("a"), disk.stat("a"), disk.free_bytes()) == (600, 3, 400)
    file = disk.create("b")
    assert fault(lambda: disk.reserve("b", 401)).kind is UfsFault.NO_SPACE
    assert fault(lambda: file.write(bytes(500))).written == 400


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "x" * 21, "..", "\xe4"])
def test_bad_names(disk: RamDisk, name: str) -> None:
    operations: tuple[Callable[[str], object], ...] = (
        disk.stat,
        disk.create,
        disk.open,
        disk.delete,
    )
    for operation in operations:
        assert fault(partial(operation, name)).kind is UfsFault.BAD_NAME


def test_deleting_what_is_not_there(disk: RamDisk) -> None:
    assert fault(lambda: disk.delete("a")).kind is UfsFault.NOT_FOUND


@given(st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=400)), max_size=12))
def test_the_room_is_what_the_files_leave(writes: list[tuple[str, bytes]]) -> None:
    disk = RamDisk(TOTAL, 20)
    model: dict[str, bytes] = {}
    for name, data in writes:
        file = disk.open(name, OpenMode.CREATE_OR_TRUNCATE)
        model[name] = b""
        fits = data[: TOTAL - sum(map(len, model.values()))]
        if fits == data:
            assert file.write(data) == len(data)
        else:
            assert fault(partial(file.write, data)).written == len(fits)
        file.close()
        model[name] = fits
        assert dict(disk.listing()) == {key: len(value) for key, value in model.items()}
        assert disk.free_bytes() == TOTAL - sum(map(len, model.values()))
