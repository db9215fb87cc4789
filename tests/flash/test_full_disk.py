"""A full disk: a clear error, what was stored stays, and littlefs never stops the process."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs, UfsError, UfsFault, UfsFile
from quecsim.rng import Stream

BLOCK = 4096


def flash(blocks: int = 64) -> Nor:
    return Nor(BLOCK, blocks, FlashTiming(mode=FlashMode.INSTANT))


def fault(operation: Callable[[], object]) -> UfsFault:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value.kind


def pattern(size: int, seed: int = 0) -> bytes:
    return bytes((index * 7 + index // 251 + seed) & 0xFF for index in range(size))


def write_until_full(file: UfsFile, data: bytes, chunk: int) -> int:
    """How many bytes of `data` the file took."""
    for start in range(0, len(data), chunk):
        try:
            file.write(data[start : start + chunk])
        except UfsError as error:
            if error.kind is not UfsFault.NO_SPACE:
                raise
            return start + error.written
    pytest.fail("the disk did not get full")


@pytest.mark.parametrize("chunk", [100, 1024, 5000, 1_000_000])
def test_full_disk(chunk: int) -> None:
    nor = flash(32)
    ufs = Ufs(nor)
    ufs.write_file("kept", pattern(9_000))
    file = ufs.create("big")
    data = pattern(200_000, seed=3)
    stored = write_until_full(file, data, chunk)
    assert file.size() == file.tell() == stored
    file.close()
    again = Ufs(nor)
    assert again.read_file("kept") == pattern(9_000)
    assert again.read_file("big") == data[:stored]
    assert again.free_bytes() == 0
    assert stored > 24 * BLOCK
    again.delete("big")
    again.write_file("next", data[:80_000])
    assert again.read_file("next") == data[:80_000]


def test_a_full_disk_with_room_again_goes_on() -> None:
    ufs = Ufs(flash(16))
    ufs.write_file("old", bytes(20_000))
    file = ufs.create("new")
    data = pattern(45_000)
    with pytest.raises(UfsError) as caught:
        file.write(data)
    stored = caught.value.written
    ufs.delete("old")
    file.write(data[stored:])
    file.close()
    assert ufs.read_file("new") == data


def write_files_until_full(ufs: Ufs) -> int:
    for count in range(5_000):
        try:
            ufs.write_file(f"{count:080}", pattern(400, count))
        except UfsError as error:
            if error.kind is not UfsFault.NO_SPACE:
                raise
            return count
    pytest.fail("the disk did not get full")


@pytest.mark.parametrize("blocks", [8, 12, 16])
def test_many_small_files_fill_the_directory(blocks: int) -> None:
    ufs = Ufs(flash(blocks))
    count = write_files_until_full(ufs)
    names = [f"{index:080}" for index in range(count)]
    assert [name for name, _ in ufs.files()] == names
    assert all(ufs.read_file(name) == pattern(400, n) for n, name in enumerate(names))
    for name in names:
        ufs.delete(name)
    assert write_files_until_full(ufs) >= count - 20


def test_an_open_file_that_a_full_disk_costs_its_changes_says_so() -> None:
    ufs = Ufs(flash(12))
    kept, changed = ufs.create("kept"), ufs.create("changed")
    kept.write(b"synced")
    kept.sync()
    changed.write(b"not synced")
    write_files_until_full(ufs)
    assert kept.tell() == 6
    kept.close()
    assert ufs.read_file("kept") == b"synced"
    assert fault(changed.tell) is UfsFault.READ_FAILED
    assert fault(lambda: changed.read(1)) is UfsFault.READ_FAILED
    for operation in (changed.sync, lambda: changed.write(b"x"), changed.close):
        assert fault(operation) is UfsFault.WRITE_FAILED
    assert ufs.open_files() == []
    assert ufs.stat("changed") == 0


def test_overwriting_on_a_full_disk_keeps_the_old_file() -> None:
    """littlefs copies a changed file from there to its end: with no room, all stays as it was."""
    ufs = Ufs(flash(16))
    ufs.write_file("old", pattern(30_000))
    ufs.write_file("rest", bytes(ufs.free_bytes() + 2 * BLOCK))
    file = ufs.open("old")
    file.write(b"new")
    assert fault(file.close) is UfsFault.NO_SPACE
    assert ufs.open_files() == []
    assert ufs.read_file("old") == pattern(30_000)


class FullDisk:
    """Writes, syncs, closes and deletes files at random on a disk that is mostly full.

    Some of the files are the system's.
    """

    def __init__(self, seed: int) -> None:
        self.system: dict[str, bytes] = {}
        self.draw = Stream(seed, "test").below
        self.ufs = Ufs(flash(8 + self.draw(24)))
        self.closed: dict[str, bytes] = {}
        self.live: dict[str, tuple[UfsFile, bytearray]] = {}
        self.full = 0

    def step(self) -> None:
        if self.draw(6) == 0:
            self.step_system(f"{self.draw(5):060}")
        else:
            self.step_host()

    def step_system(self, name: str) -> None:
        data = pattern(self.draw(6_000), self.draw(256))
        self.system.pop(name, None)  # what does not fit is not there
        if self.draw(3) == 0:
            self.ufs.delete_system(name)
        else:
            self.ufs.write_system(name, data)
            self.system[name] = data

    def step_host(self) -> None:
        name = f"{self.draw(40):060}"
        file, content = self.live.get(name, (None, bytearray()))
        what = self.draw(8)
        if file is None:
            if what < 6:
                self.live[name] = (self.ufs.open(name), bytearray(self.closed.get(name, b"")))
                self.closed.setdefault(name, b"")
            elif name in self.closed:
                self.ufs.delete(name)
                del self.closed[name]
        elif what < 4:
            self.write(file, content)
        elif what < 5:
            file.sync()
            self.closed[name] = bytes(content)
        else:
            del self.live[name]
            file.close()
            self.closed[name] = bytes(content)

    def write(self, file: UfsFile, content: bytearray) -> None:
        position = self.draw(len(content) + 1) if self.draw(3) == 0 else len(content)
        block = pattern((100, 600, 1024, 9_000)[self.draw(4)], self.draw(256))
        file.seek(position)
        try:
            written = file.write(block)
        except UfsError as error:
            content[position : position + error.written] = block[: error.written]
            raise
        content[position : position + written] = block

    def check(self) -> None:
        assert sorted(self.closed) == [name for name, _ in self.ufs.files()]
        assert all(self.ufs.read_file(name) == data for name, data in self.closed.items())
        for index in range(5):
            name = f"{index:060}"
            assert self.ufs.read_system(name) == self.system.get(name)


@pytest.mark.parametrize("seed", range(25))
def test_a_full_disk_never_harms_a_closed_file(seed: int) -> None:
    disk = FullDisk(seed)
    for count in range(200):
        try:
            disk.step()
        except UfsError as error:
            if error.kind not in (UfsFault.NO_SPACE, UfsFault.READ_FAILED, UfsFault.WRITE_FAILED):
                raise
            disk.full += error.kind is UfsFault.NO_SPACE
        if count % 10 == 0:
            disk.check()
    assert disk.full > 0


def test_write_file_that_does_not_fit_leaves_nothing() -> None:
    ufs = Ufs(flash(16))
    assert fault(lambda: ufs.write_file("a", bytes(100_000))) is UfsFault.NO_SPACE
    assert ufs.listing() == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30_000), max_size=12), st.integers(0, 11))
def test_free_bytes_is_honest(sizes: list[int], delete: int) -> None:
    ufs = Ufs(flash(96))
    for index, size in enumerate(sizes):
        ufs.write_file(f"f{index}", bytes(size))
    if delete < len(sizes):
        ufs.delete(f"f{delete}")
    free_bytes = ufs.free_bytes()
    assert free_bytes <= ufs.total_bytes
    ufs.write_file("rest", bytes(free_bytes))
    assert ufs.stat("rest") == free_bytes
    assert ufs.free_bytes() <= BLOCK
