"""What a socket has received and the host has not: a stream of bytes, or datagrams one by one.

The credit of its link bounds it: what is here has not been made up for.
"""

from collections import deque
from typing import TypeAlias

Source: TypeAlias = tuple[str, int]
"""The address and port that a datagram comes from."""


class SocketInbox:
    """`total` bytes have come, of which the host has `read` so many."""

    def __init__(self, *, has_datagrams: bool) -> None:
        self.total = 0
        self.read = 0
        self._stream = bytearray()
        self._datagrams: deque[tuple[bytes, Source | None]] = deque()
        self._has_datagrams = has_datagrams

    @property
    def unread(self) -> int:
        """How many bytes are here."""
        return self.total - self.read

    @property
    def has_any(self) -> bool:
        """There is something to take, and be it a datagram without a byte."""
        return bool(self._stream or self._datagrams)

    def put(self, data: bytes, source: Source | None = None) -> None:
        """More has come."""
        self.total += len(data)
        if self._has_datagrams:
            self._datagrams.append((data, source))
        else:
            self._stream += data

    def take(self, most: int) -> tuple[bytes, Source | None]:
        """Up to `most` bytes, of one datagram where there are datagrams; what is too much of that
        comes next. Empty where there is nothing.
        """
        source: Source | None = None
        if not self._has_datagrams:
            data = bytes(self._stream[:most])
            del self._stream[:most]
        elif self._datagrams:
            whole, source = self._datagrams.popleft()
            data, rest = whole[:most], whole[most:]
            if rest:
                self._datagrams.appendleft((rest, source))
        else:
            data = b""
        self.read += len(data)
        return data, source
