"""The bytes of a flash that nothing keeps: only the blocks that have been written take memory.

A new flash is all 0xFF, and most devices never use more than a few of its blocks. So a block gets
memory of its own with its first write, and gives it back when it is erased.
"""

from itertools import pairwise


class SparseStorage:
    """`block_count` blocks of 0xFF, as a `Storage`: slices with both ends, and no step."""

    __slots__ = ("_blank", "_block_bytes", "_blocks", "_size_bytes")

    def __init__(self, block_bytes: int, block_count: int) -> None:
        self._block_bytes = block_bytes
        self._size_bytes = block_bytes * block_count
        self._blank = b"\xff" * block_bytes
        self._blocks: dict[int, bytearray] = {}

    def copy(self) -> "SparseStorage":
        """Another one with the same bytes."""
        copied = SparseStorage(self._block_bytes, self._size_bytes // self._block_bytes)
        copied._blocks = {block: data.copy() for block, data in self._blocks.items()}
        return copied

    def __len__(self) -> int:
        return self._size_bytes

    def __getitem__(self, index: slice, /) -> bytes | bytearray:
        block, start = divmod(index.start, self._block_bytes)
        stop = start + index.stop - index.start
        if stop > self._block_bytes:
            return b"".join(self[part] for part in self._parts(index))
        return self._blocks.get(block, self._blank)[start:stop]

    def __setitem__(self, index: slice, value: bytes, /) -> None:
        block, start = divmod(index.start, self._block_bytes)
        stop = start + index.stop - index.start
        assert index.stop - index.start == len(value), (index, len(value))
        if stop > self._block_bytes:
            for part in self._parts(index):
                self[part] = value[part.start - index.start : part.stop - index.start]
        elif value == self._blank:
            self._blocks.pop(block, None)
        else:
            if block not in self._blocks:
                self._blocks[block] = bytearray(self._blank)
            self._blocks[block][start:stop] = value

    def is_blank(self, start: int, end: int) -> bool:
        """Whether all bytes from `start` to before `end`, both the first of a block, are 0xFF."""
        blocks = range(start // self._block_bytes, end // self._block_bytes)
        return all(data == self._blank for block, data in self._blocks.items() if block in blocks)

    def _parts(self, index: slice) -> list[slice]:
        """The same bytes, cut where blocks end."""
        size = self._block_bytes
        inner = range((index.start // size + 1) * size, index.stop, size)
        edges = [index.start, *inner, index.stop]
        return [slice(first, last) for first, last in pairwise(edges)]
