import pytest

from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.volume import UfsError, UfsFault, Volume, format_nor

BLOCK = 4096


def flash(storage: bytearray | None = None) -> Nor:
    return Nor(BLOCK, 64, FlashTiming(mode=FlashMode.INSTANT), storage)


def test_no_littlefs_is_corrupt() -> None:
    for storage in (None, bytearray(64 * BLOCK)):
        with pytest.raises(UfsError) as caught:
            Volume(flash(storage), 1024)
        assert caught.value.kind is UfsFault.CORRUPT


class StuckNor(Nor):
    """A flash that claims to erase."""

    def erase(self, block: int) -> None:
        del block


def test_our_own_fault_passes_through_the_library() -> None:
    """A broken 1-to-0 rule inside a callback must stop the run, not become a file error."""
    formatted = flash()
    format_nor(formatted, 1024)
    storage = bytearray(formatted.read(0, 2 * BLOCK)) + bytes(62 * BLOCK)
    nor = StuckNor(BLOCK, 64, FlashTiming(mode=FlashMode.INSTANT), storage)
    volume = Volume(nor, 1024)
    handle = volume.call("file_open", "a", 0x103)
    with pytest.raises(AssertionError, match="set bits"):
        volume.call("file_write", handle, b"\x01" * 2 * BLOCK)


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
