"""Where on the flash a byte of a file lies, for who wants to damage just that one."""

from quecsim.flash.file import READ_ONLY
from quecsim.flash.nor import Nor
from quecsim.flash.volume import Volume


class _Trail(Nor):
    """The same flash, only to be read; knows where it was read last."""

    __slots__ = ("last_address", "last_size")

    def __init__(self, nor: Nor) -> None:
        super().__init__(nor.block_bytes, nor.block_count, nor.timing, nor.storage)
        self.last_address = self.last_size = 0

    def read(self, address: int, size: int) -> bytes | bytearray:
        self.last_address, self.last_size = address, size
        return super().read(address, size)


def address_of(nor: Nor, cache_bytes: int, path: str, position: int) -> int | None:
    """The address of the byte at `position` (from 0) of what the flash has of the file; None: there
    is no such byte. Raises `UfsError` where the file cannot be read.
    """
    trail = _Trail(nor)
    view = Volume(trail, cache_bytes)
    handle = view.call("file_open", path, READ_ONLY)
    try:
        data: bytes = view.call("file_read", handle, view.call("file_size", handle))
        if not 0 <= position < len(data):
            return None
        view.call("file_seek", handle, position, 0)
        view.call("file_read", handle, 1)
    finally:
        view.call("file_close", handle)
        view.unmount()
    return _in_block(trail, data, position)


def _in_block(trail: _Trail, data: bytes, position: int) -> int:
    """In the block that was read last: at its place in a skip-list, or, of a small file, somewhere
    in the directory, of whose entries the last one counts.
    """
    block = trail.last_address // trail.block_bytes * trail.block_bytes
    address = block + _offset(position, trail.block_bytes)
    is_there = trail.last_address <= address < trail.last_address + trail.last_size
    if is_there and trail.storage[address : address + 1] == data[position : position + 1]:
        return address
    return block + bytes(trail.storage[block : block + trail.block_bytes]).rfind(data) + position


def _offset(position: int, block_bytes: int) -> int:
    """Where in its block that byte of a file lies: SPEC.md, "CTZ skip-lists"."""
    room = block_bytes - 8
    index = position // room
    if index:
        index = (position - 4 * ((index - 1).bit_count() + 2)) // room
    return position - room * index - 4 * index.bit_count()
