"""The newest bytes that the host has written, to look at again."""

from collections.abc import Callable
from typing import Any

from quecsim.trace.event import HostBytes

MOST_BYTES = 1 << 20


class HostStream:
    """Keeps the last `MOST_BYTES` of the stream, at least. `at_ns` is when the newest came.

    `has_hidden`: the record does not hold all that the host wrote, but `*` in its place.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.at_ns = 0
        self.has_hidden = False
        self._first = 0  # the offset of the first byte that is kept
        self._data = bytearray()
        self.handlers: dict[type, Callable[[Any], None]] = {HostBytes: self._on_bytes}

    def part(self, start: int, end: int) -> bytes | None:
        """Bytes `start` .. `end` (not included) of the stream; None where some are gone."""
        if not self._first <= start <= end <= self.sent:
            return None
        return bytes(self._data[start - self._first : end - self._first])

    def _on_bytes(self, event: HostBytes) -> None:
        self._data += event.data
        self.has_hidden = self.has_hidden or bool(event.hidden)
        self.sent, self.at_ns = event.offset + len(event.data), event.at_ns
        if len(self._data) > 2 * MOST_BYTES:
            del self._data[:-MOST_BYTES]
        self._first = self.sent - len(self._data)
