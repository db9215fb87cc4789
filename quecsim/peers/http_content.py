"""The content of an HTTP server's files: at hand piece by piece, however large it is."""

from dataclasses import dataclass

from quecsim.peers.drawn import drawn_bytes
from quecsim.peers.http_settings import HttpFile


@dataclass(frozen=True, slots=True)
class Content:
    """`size_bytes` of it; None: it never ends. They are `data`, again and again where that is too
    short, or what `drawn` (a seed, and the name of its draws) gives.
    """

    size_bytes: int | None
    data: bytes = b""
    drawn: tuple[int, str] | None = None

    def piece(self, start: int, count: int) -> bytes:
        """Up to `count` bytes from `start` on; fewer only where it ends."""
        if self.size_bytes is not None:
            count = min(count, self.size_bytes - start)
        if count <= 0:
            return b""
        if self.drawn is not None:
            return drawn_bytes(*self.drawn, start, count)
        if self.size_bytes is not None:
            return self.data[start : start + count]
        at = start % len(self.data)
        return (self.data * (-(-(at + count) // len(self.data))))[at : at + count]


def content_of(file: HttpFile, path: str, seed: int) -> Content:
    """What is at `path`."""
    is_drawn = file.drawn_bytes > 0 or (file.endless and not file.content)
    size_bytes = file.drawn_bytes if is_drawn else len(file.content)
    return Content(
        None if file.endless else size_bytes,
        b"" if is_drawn else file.content,
        (seed, path) if is_drawn else None,
    )
