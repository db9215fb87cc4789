"""What a host types behind a prompt, as far as it belongs to the command that asked for it."""

from collections.abc import Generator
from typing import Any

from quecsim.at.effects import DataEndWhy, Discard, Effect, Take

_PIECE_BYTES = 512


def gathered(
    size: int | None, most_bytes: int, surplus_why: str
) -> Generator[Effect, Any, tuple[bytes, DataEndWhy]]:
    """All of it and why it ended: `size` bytes, or up to what ends it (None). What is beyond
    `most_bytes` is thrown away at once, and `surplus_why` says in words why.
    """
    data = b""
    while True:
        wanted = _PIECE_BYTES if size is None else min(_PIECE_BYTES, size - len(data))
        taken = yield Take(wanted)
        kept = taken.data[: most_bytes - len(data)]
        if surplus := taken.data[len(kept) :]:
            yield Discard(surplus, surplus_why)
        data += kept
        if taken.end is not None:
            return data, taken.end
        if size is not None and len(data) >= size:
            return data, DataEndWhy.SIZE
