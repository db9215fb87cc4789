import pytest

from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.volume import UfsError, UfsFault, Volume, format_nor

BLOCK = 4096


def flash(storage: bytearray | None = None) -> Nor:
    return Nor(BLOCK, 64, FlashTiming(mode=FlashMode.INSTANT), storage)


def test_no_littlefs_is_corrupt() -> None:
    for storage in (None, bytearray(64 * BLOCK)):
        volume = Volume(flash(storage), 1024)
        assert not volume.is_mounted
        with pytest.raises(UfsError, match="not a littlefs") as caught:
            volume.call("file_open", "a", 0x103)
        assert caught.value.kind is UfsFault.OPEN_FAILED


class DeadNor(Nor):
    """A flash that takes nothing."""

    def erase(self, block: int) -> None:
        del block

    def program(self, address: int, data: bytes) -> None:
        del address, data


def test_a_flash_that_takes_nothing_cannot_be_formatted() -> None:
    with pytest.raises(UfsError) as caught:
        format_nor(DeadNor(BLOCK, 64, FlashTiming(mode=FlashMode.INSTANT)), 1024)
    assert caught.value.kind is UfsFault.CORRUPT


class WrongNor(Nor):
    """A flash with a fault of our own."""

    def erase(self, block: int) -> None:
        raise AssertionError(f"block {block}")


def test_our_own_fault_passes_through_the_library() -> None:
    """An assertion inside a callback must stop the run, not become a file error."""
    nor = WrongNor(BLOCK, 64, FlashTiming(mode=FlashMode.INSTANT))
    with pytest.raises(AssertionError, match="block"):
        format_nor(nor, 1024)


def test_power_cut_during_format() -> None:
    for operation in range(1, 20):
        nor = flash()
        nor.cut_after_operations = operation
        try:
            format_nor(nor, 1024)
        except PowerCut:
            continue
        assert operation > 2, "the cut fired at each operation before"
        return
    pytest.fail("a format takes fewer operations than that")
