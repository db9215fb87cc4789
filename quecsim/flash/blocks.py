"""How littlefs lays files out in blocks: how much goes into so many of them, and the other way.

A file's blocks are a skip-list: block n of a file (n > 0) begins with ctz(n) + 1 pointers (SPEC.md,
"CTZ skip-lists"). A small file lies in its directory and takes no block of its own.
"""

DIRECTORY_BLOCKS = 2  # a pair, of which one is in use
_POINTER_BYTES = 4
_LONGEST_INLINE_BYTES = 0x3FE  # lfs.h, LFS_ATTR_MAX, and lfs.c, inline_max


def content_bytes(blocks: int, block_bytes: int) -> int:
    """The longest file in `blocks` blocks."""
    last = blocks - 1
    if last < 0:
        return 0
    pointers = 2 * last - last.bit_count()
    return blocks * block_bytes - _POINTER_BYTES * pointers


def file_blocks(size: int, block_bytes: int, cache_bytes: int) -> int:
    """How many blocks a file of `size` bytes takes."""
    if size <= min(cache_bytes, _LONGEST_INLINE_BYTES, block_bytes // 8):
        return 0
    blocks = size // block_bytes
    while content_bytes(blocks, block_bytes) < size:
        blocks += 1
    return blocks
