import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs, UfsError, UfsFault

BLOCK = 1024


def pattern(size: int, seed: int) -> bytes:
    return bytes((index * 7 + index // 251 + seed) & 0xFF for index in range(size))


@given(st.integers(1, 9000) | st.integers(1, 200), st.data())
def test_a_bit_there_is_a_bit_of_that_byte(size: int, data: st.DataObject) -> None:
    """Of a file in blocks of its own; one within the directory is guarded by its checksum."""
    image = bytearray(b"\xff" * BLOCK * 64)
    nor = Nor(BLOCK, 64, FlashTiming(mode=FlashMode.INSTANT), image)
    ufs = Ufs(nor, cache_bytes=256)
    ufs.write_file("x", pattern(size, 1))  # an older one, which is still there
    ufs.write_file("a", pattern(9000, 2))
    ufs.write_file("x", pattern(size, 1))
    position = data.draw(st.integers(0, size - 1))
    address = ufs.address_of("x", position)
    assert address is not None
    assert image[address] == pattern(size, 1)[position]
    nor.flip(address, 3)
    changed = bytearray(pattern(size, 1))
    changed[position] ^= 8
    if size > BLOCK // 8:
        assert ufs.read_file("x") == changed
    else:
        assert ("x", size) not in ufs.files() or ufs.read_file("x") == pattern(size, 1)
    nor.flip(address, 3)
    assert ufs.read_file("x") == pattern(size, 1)


def test_what_is_not_there_has_no_address() -> None:
    ufs = Ufs(Nor(BLOCK, 64, FlashTiming()))
    ufs.write_file("a", b"abc")
    assert ufs.address_of("a", 3) is None
    with pytest.raises(UfsError) as caught:
        ufs.address_of("b", 0)
    assert caught.value.kind is UfsFault.NOT_FOUND
