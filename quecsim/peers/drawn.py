"""Files that a seed draws: the same bytes for the same path, on every machine and in every year."""

from hashlib import shake_128

_BLOCK_BYTES = 4096


def drawn_bytes(seed: int, path: str, start: int, count: int) -> bytes:
    """`count` bytes from `start` on of what `seed` draws for `path`."""
    if count <= 0:
        return b""
    name = path.encode("utf-8", "surrogateescape")
    first, last = start // _BLOCK_BYTES, (start + count - 1) // _BLOCK_BYTES
    blocks = b"".join(
        shake_128(b"%d:%d:%s" % (seed, block, name)).digest(_BLOCK_BYTES)
        for block in range(first, last + 1)
    )
    at = start - first * _BLOCK_BYTES
    return blocks[at : at + count]
