from collections.abc import Callable
from functools import partial

import pytest

from quecsim.flash.names import check_name
from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import OpenMode, Ufs, UfsError, UfsFault
from tests.flash.timed import timed

BLOCK = 4096


def flash(blocks: int = 64, mode: FlashMode = FlashMode.INSTANT) -> Nor:
    return Nor(BLOCK, blocks, FlashTiming(mode=mode))


def fault(operation: Callable[[], object]) -> UfsFault:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value.kind


def pattern(size: int, seed: int = 0) -> bytes:
    return bytes((index * 7 + index // 251 + seed) & 0xFF for index in range(size))


# names


@pytest.mark.parametrize("name", ["a", "x" * 80, "ca.pem", "with space", ".hidden", "~!@#$%^&()"])
def test_good_names(name: str) -> None:
    check_name(name)
    ufs = Ufs(flash())
    ufs.write_file(name, b"x")
    assert ufs.listing() == [(name, 1)]


BAD_NAMES = [".", "..", "../x", "a/b", "/a", "a\\b", "C:x", "a*", "a?", 'a"b', "<a", ">a", "a|b"]
BAD_NAMES += ["", "x" * 81, "a\0b", "\0", "a\nb", "a\x7f", "\xe9", "\u4e2d", "\udc80"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_bad_names_reach_no_file(name: str) -> None:
    ufs = Ufs(flash())
    for operation in (ufs.stat, ufs.create, ufs.open, ufs.delete, ufs.read_file):
        assert fault(partial(operation, name)) is UfsFault.BAD_NAME
    assert ufs.listing() == []


def test_name_length_is_the_devices() -> None:
    check_name("x" * 12, name_bytes=12)
    assert fault(lambda: check_name("x" * 13, name_bytes=12)) is UfsFault.BAD_NAME


# the directory


def test_empty() -> None:
    ufs = Ufs(flash())
    assert ufs.listing() == []
    assert ufs.stat("a") is None
    assert ufs.free_bytes() == ufs.total_bytes == 58 * BLOCK - 4 * (2 * 57 - 4)


def test_a_listing_is_in_order_of_creation_and_counts() -> None:
    ufs = Ufs(flash())
    for name, size in (("b", 5), ("a", 700), ("B", 0), ("a.pem", 9000)):
        ufs.write_file(name, bytes(size))
    assert ufs.listing() == [("b", 5), ("a", 700), ("B", 0), ("a.pem", 9000)]
    assert ufs.files() == sorted(ufs.listing())
    assert ufs.stat("a.pem") == 9000


class _CountingNor(Nor):
    reads = 0

    def read(self, address: int, size: int) -> bytes | bytearray:
        self.reads += 1
        return super().read(address, size)


@pytest.mark.parametrize("cache_bytes", [256, 1024])
def test_many_files_at_once_are_as_one_by_one_and_read_a_tenth(cache_bytes: int) -> None:
    files = {f"{number}.txt": pattern(number * 9) for number in range(100)}
    slow, quick = (_CountingNor(BLOCK, 256, FlashTiming(mode=FlashMode.INSTANT)) for _ in "12")
    one_by_one = Ufs(slow, cache_bytes=cache_bytes)
    for name, data in files.items():
        one_by_one.write_file(name, data)
    at_once = Ufs(quick, cache_bytes=cache_bytes)
    at_once.write_files(files)
    assert at_once.files() == sorted((name, len(data)) for name, data in files.items())
    assert bytes(quick.storage[0 : 256 * BLOCK]) == bytes(slow.storage[0 : 256 * BLOCK])
    assert quick.reads * (10 if cache_bytes == 1024 else 3) < slow.reads


def test_delete() -> None:
    ufs = Ufs(flash())
    ufs.write_file("a", bytes(50_000))
    ufs.delete("a")
    assert ufs.stat("a") is None
    assert ufs.free_bytes() == ufs.total_bytes
    assert fault(lambda: ufs.delete("a")) is UfsFault.NOT_FOUND


# open files


def test_create_must_not_exist() -> None:
    ufs = Ufs(flash())
    ufs.create("a").close()
    assert fault(lambda: ufs.create("a")) is UfsFault.EXISTS


def test_open_modes() -> None:
    ufs = Ufs(flash())
    assert fault(lambda: ufs.open("a", OpenMode.READ_ONLY)) is UfsFault.NOT_FOUND
    ufs.write_file("a", b"hello")
    file = ufs.open("a", 0)
    assert (file.size(), file.tell(), file.read(9)) == (5, 0, b"hello")
    file.close()
    file = ufs.open("a", 2)
    assert fault(lambda: file.write(b"x")) is UfsFault.READ_ONLY
    assert fault(file.truncate) is UfsFault.READ_ONLY
    assert file.read(3) == b"hel"
    file.close()
    file = ufs.open("a", 1)
    assert file.size() == 0
    file.close()
    assert ufs.stat("a") == 0


def test_a_file_is_open_once() -> None:
    ufs = Ufs(flash())
    file = ufs.create("a")
    assert fault(lambda: ufs.open("a", 2)) is UfsFault.ALREADY_OPEN
    assert fault(lambda: ufs.delete("a")) is UfsFault.ALREADY_OPEN
    assert ufs.open_files() == [file]
    file.close()
    assert ufs.open_files() == []
    ufs.delete("a")


def test_a_closed_file_is_ours_to_leave_alone() -> None:
    file = Ufs(flash()).create("a")
    file.close()
    for operation in (file.close, file.tell, lambda: file.write(b"x")):
        with pytest.raises(AssertionError, match="closed"):
            operation()


def test_forgotten_handles_stay_alive() -> None:
    """littlefs aborts the process when an open handle's memory goes; so we keep it."""
    ufs = Ufs(flash())
    for name in "abc":
        ufs.create(name)  # and drop the handle
    ufs.write_file("d", b"x")
    assert len(ufs.listing()) == 4


def test_seek_read_write_truncate() -> None:
    ufs = Ufs(flash())
    file = ufs.create("a")
    file.write(pattern(10_000))
    file.seek(9_000)
    assert file.read(5_000) == pattern(10_000)[9_000:]
    assert file.read(1) == b""
    file.seek(4_000)
    file.write(b"\x00\x01")
    assert file.tell() == 4_002
    file.truncate()
    assert file.size() == 4_002
    file.truncate()  # at the end: nothing to drop
    file.close()
    assert ufs.read_file("a") == pattern(4_000) + b"\x00\x01"


def test_seek_beyond_the_end_fills_with_zeros() -> None:
    ufs = Ufs(flash())
    file = ufs.create("a")
    file.seek(600)
    assert file.read(1) == b""
    file.write(b"x")
    file.close()
    assert ufs.read_file("a") == bytes(600) + b"x"
    file = ufs.open("a")
    assert fault(lambda: file.seek(-1)) is UfsFault.INVALID
    assert fault(lambda: file.seek(1 << 40)) is UfsFault.INVALID


def test_a_huge_read_takes_no_huge_memory() -> None:
    ufs = Ufs(flash())
    ufs.write_file("a", b"abc")
    assert ufs.open("a", 2).read(1 << 60) == b"abc"


def test_open_files_show_their_live_size_and_the_flash_what_was_synced() -> None:
    ufs = Ufs(flash())
    file = ufs.create("a")
    file.write(bytes(3000))
    assert ufs.stat("a") == 3000
    assert ufs.listing() == [("a", 3000)]
    assert ufs.files() == [("a", 0)]
    assert ufs.read_file("a") == b""
    file.sync()
    assert ufs.files() == [("a", 3000)]


# time


def test_operations_are_work_for_the_flash() -> None:
    nor = flash(mode=FlashMode.TYPICAL)
    ufs = Ufs(nor)
    file, created = timed(nor, lambda: ufs.create("a"))
    written, work = timed(nor, lambda: file.write(bytes(1024)))
    assert written == 1024
    assert created.duration_ns > 0
    assert work.ops[0].kind.value == "erase"  # a new file's first block
    assert work.duration_ns >= sum(op.duration_ns for op in work.ops) > 45_000_000
    assert [op.start_ns for op in work.ops] == sorted(op.start_ns for op in work.ops)


def test_what_fails_takes_time_too() -> None:
    nor = flash(8, mode=FlashMode.TYPICAL)
    ufs = Ufs(nor)
    file = ufs.create("a")
    kind, work = timed(nor, lambda: fault(lambda: file.write(bytes(100_000))))
    assert kind is UfsFault.NO_SPACE
    assert work.duration_ns > 45_000_000
    timed(nor, file.close)


def test_people_looking_change_no_timing() -> None:
    def run(look: bool) -> list[int]:
        nor = flash(mode=FlashMode.DRAWN)
        ufs = Ufs(nor)
        ufs.write_file("old", pattern(20_000))
        file = ufs.create("new")
        durations = []
        for _ in range(40):
            durations.append(timed(nor, lambda: file.write(bytes(700)))[1].duration_ns)
            durations.append(timed(nor, lambda: ufs.stat("old"))[1].duration_ns)
            if look:
                assert ufs.read_file("old") == pattern(20_000)
                assert len(ufs.files()) == 2
        return durations

    assert run(look=True) == run(look=False)
