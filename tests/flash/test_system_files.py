"""System files: out of the host's reach, on the same flash, made only when there is one."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs, UfsError, UfsFault, UfsFile
from tests.flash.timed import timed

BLOCK = 4096
OLD, NEW = b"old" * 900, bytes(range(256)) * 50


def flash(blocks: int = 64, storage: bytearray | None = None, seed: int = 0) -> Nor:
    return Nor(BLOCK, blocks, FlashTiming(mode=FlashMode.TYPICAL), storage, seed=seed)


def image(nor: Nor) -> bytes:
    return bytes(nor.read(0, BLOCK * nor.block_count))


def fault(operation: Callable[[], object]) -> UfsFault:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value.kind


def test_what_is_written_is_read_also_after_a_restart() -> None:
    nor = flash()
    ufs = Ufs(nor)
    ufs.write_system("fota.bin", NEW)
    ufs.write_system("vault.key", b"")
    for view in (ufs, Ufs(nor)):
        assert view.read_system("fota.bin") == NEW
        assert view.read_system("vault.key") == b""
        assert view.system_size("fota.bin") == len(NEW)


def test_what_is_not_there() -> None:
    ufs = Ufs(flash())
    for _ in range(2):
        assert ufs.system_size("a") is None
        assert ufs.read_system("a") is None
        assert fault(lambda: ufs.open_system("a")) is UfsFault.NOT_FOUND
        ufs.delete_system("a")
        ufs.write_system("b", b"x")  # now there is a directory


def test_looking_for_one_leaves_the_flash_alone() -> None:
    nor = flash()
    ufs = Ufs(nor)
    before = image(nor), ufs.free_bytes()
    ufs.delete_system("a")
    assert ufs.read_system("a") is None
    assert ufs.system_size("a") is None
    assert (image(nor), ufs.free_bytes()) == before
    ufs.write_system("a", b"x")
    assert ufs.free_bytes() < before[1]


def test_the_host_sees_nothing_of_them() -> None:
    ufs = Ufs(flash())
    file = ufs.create_system("a")
    file.write(bytes(5_000))
    assert ufs.open_files() == []
    file.close()
    ufs.write_file("a", b"the host's")
    assert ufs.listing() == ufs.files() == [("a", 10)]
    assert ufs.read_system("a") == bytes(5_000)


@pytest.mark.parametrize("name", ["system", ":system", ":system/a", "/:system/a", "./:system/a"])
def test_no_name_of_the_host_reaches_them(name: str) -> None:
    """Also a file of the host called `system` is one like any other."""
    ufs = Ufs(flash())
    ufs.write_system("a", NEW)
    if name == "system":
        ufs.write_file(name, b"x")
        ufs.delete(name)
    else:
        for operation in (ufs.stat, ufs.create, ufs.open, ufs.delete, ufs.read_file):
            assert fault(partial(operation, name)) is UfsFault.BAD_NAME
    ufs.delete_system("b")
    assert ufs.read_system("a") == NEW


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".a", "a/b", "A", "a b", "_\xe9", "\xe9", "a" * 81]
)
def test_names(name: str) -> None:
    ufs = Ufs(flash())
    for operation in (ufs.create_system, ufs.open_system, ufs.system_size, ufs.delete_system):
        assert fault(partial(operation, name)) is UfsFault.BAD_NAME
    ufs.write_system("a-0.b", b"x")


def test_one_is_open_once_and_is_none_of_the_hosts() -> None:
    ufs = Ufs(flash())
    file = ufs.create_system("a")
    host = ufs.create("a")
    assert ufs.open_files() == [host]
    for operation in (ufs.create_system, ufs.open_system, ufs.delete_system, ufs.read_system):
        assert fault(partial(operation, "a")) is UfsFault.ALREADY_OPEN
    file.write(b"123")
    assert ufs.system_size("a") == 3
    file.close()
    ufs.delete_system("a")
    assert ufs.system_size("a") is None


def test_reading_only_reads() -> None:
    ufs = Ufs(flash())
    ufs.write_system("a", b"123")
    file = ufs.open_system("a")
    assert fault(lambda: file.write(b"x")) is UfsFault.READ_ONLY
    assert file.read(9) == b"123"


def test_they_cost_time_like_any_file() -> None:
    nor = flash()
    ufs = Ufs(nor)
    _, work = timed(nor, lambda: ufs.write_system("a", NEW))
    assert work.ops
    assert work.duration_ns >= sum(op.duration_ns for op in work.ops) > 45_000_000
    data, work = timed(nor, lambda: ufs.read_system("a"))
    assert data == NEW
    assert work.duration_ns > 0
    assert work.ops == []


# a full disk


def fill(ufs: Ufs) -> int:
    """Write small system files until one does not fit; how many did."""
    for count in range(5_000):
        try:
            ufs.write_system(f"{count:080}", bytes(400))
        except UfsError as error:
            assert error.kind is UfsFault.NO_SPACE  # noqa: PT017
            return count
    pytest.fail("the disk did not get full")


@pytest.mark.parametrize("room", range(0, 5 * BLOCK, 1500))
def test_what_does_not_fit_is_not_there(room: int) -> None:
    ufs = Ufs(flash(16))
    ufs.write_file("kept", bytes(ufs.free_bytes() - room))
    assert fault(lambda: ufs.write_system("a", bytes(60_000))) is UfsFault.NO_SPACE
    assert ufs.system_size("a") is None
    assert [name for name, _ in ufs.files()] == ["kept"]
    ufs.delete("kept")
    ufs.write_system("a", NEW)
    assert ufs.read_system("a") == NEW


def test_a_full_disk_keeps_open_system_files() -> None:
    ufs = Ufs(flash(12))
    kept, changed = ufs.create_system("kept"), ufs.create_system("changed")
    kept.write(b"synced")
    kept.sync()
    changed.write(b"not synced")
    assert fill(ufs) > 10
    assert kept.tell() == 6
    kept.close()
    assert ufs.read_system("kept") == b"synced"
    assert fault(changed.sync) is UfsFault.WRITE_FAILED
    assert fault(changed.close) is UfsFault.WRITE_FAILED
    assert ufs.system_size("changed") == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 30_000), max_size=8), st.lists(st.integers(0, 30_000), max_size=4))
def test_free_bytes_is_honest(hosts: list[int], systems: list[int]) -> None:
    ufs = Ufs(flash(96))
    for index, size in enumerate(hosts):
        ufs.write_file(f"f{index}", bytes(size))
    for index, size in enumerate(systems):
        ufs.write_system(f"f{index}", bytes(size))
    free_bytes = ufs.free_bytes()
    ufs.write_file("rest", bytes(free_bytes))
    assert ufs.stat("rest") == free_bytes
    assert ufs.free_bytes() <= BLOCK


# power cuts


def survivor(nor: Nor) -> bytes | None:
    """What a restart finds of `a`; the host's file is whole, and the disk works."""
    ufs = Ufs(nor)
    assert ufs.read_file("host") == OLD
    found = ufs.read_system("a")
    ufs.write_system("a", OLD)
    assert ufs.read_system("a") == OLD
    assert [name for name, _ in ufs.files()] == ["host"]
    return found


@pytest.mark.parametrize("before", [None, OLD])
def test_a_cut_at_every_operation_leaves_the_old_or_the_new(before: bytes | None) -> None:
    whole = flash(32)
    ufs = Ufs(whole)
    ufs.write_file("host", OLD)
    if before is not None:
        ufs.write_system("a", before)
    start = image(whole)
    survived: list[bytes | None] = []
    for operation in range(1, 200):
        nor = flash(32, bytearray(start), seed=operation)
        ufs = Ufs(nor)
        nor.cut_after_operations = operation
        try:
            ufs.write_system("a", NEW)
        except PowerCut:
            survived.append(survivor(nor))
        else:
            break
    assert len(survived) > 8
    # A new file is there, but empty, as soon as it is created.
    assert set(survived) <= {before, NEW, *([b""] if before is None else [])}
    assert before in survived


def test_what_was_not_synced_is_gone() -> None:
    nor = flash()
    file: UfsFile = Ufs(nor).create_system("a")
    file.write(OLD)
    file.sync()
    file.write(NEW)
    nor.cut(0)
    with pytest.raises(PowerCut):
        file.write(b"x")
    assert Ufs(nor).read_system("a") == OLD


def owned(nor: Nor, owner: str = "MODEL") -> Ufs:
    ufs = Ufs(nor)
    ufs.owner = owner
    return ufs


def test_the_owner_is_recorded_with_the_first_of_them_and_never_again() -> None:
    nor = flash()
    ufs = owned(nor)
    ufs.write_file("a", OLD)
    assert ufs.recorded_owner() == ""
    ufs.write_system("first", b"1")
    assert Ufs(nor).recorded_owner() == "MODEL"
    owned(nor, "OTHER").write_system("second", b"2")
    assert Ufs(nor).recorded_owner() == "MODEL"


def test_without_system_files_an_owner_changes_nothing() -> None:
    images = []
    for owner in ("", "MODEL"):
        nor = flash()
        ufs = owned(nor, owner)
        ufs.write_file("a", OLD)
        ufs.delete_system("b")
        ufs.delete("a")
        images.append(image(nor))
    assert images[0] == images[1]


@pytest.mark.parametrize("damaged", [b"", b"\xff\xfe", b"TWO\r\nLINES"])
def test_an_illegible_owner_is_none_and_is_recorded_anew(damaged: bytes) -> None:
    nor = flash()
    Ufs(nor).write_system("owner", damaged)  # empty: power went before it was written
    ufs = owned(nor)
    assert ufs.recorded_owner() == ""
    ufs.write_system("a", b"1")
    assert ufs.recorded_owner() == "MODEL"


def test_a_line_that_is_not_there() -> None:
    ufs = Ufs(flash())
    assert ufs.read_system_line("a") == ""
    ufs.write_system("a", b"plain ASCII ~")
    assert ufs.read_system_line("a") == "plain ASCII ~"
